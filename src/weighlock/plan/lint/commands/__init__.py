"""Rules on shell commands: what cannot run, cannot fail, or finds the plan itself."""

from weighlock.plan.lint.commands.checks import checks
from weighlock.plan.lint.commands.searches import searches

RULED = (checks, searches)

__all__ = ["RULED"]
