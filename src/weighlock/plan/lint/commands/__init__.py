"""Rules on shell commands: what cannot run, cannot fail, or finds the plan itself."""

from weighlock.plan.lint.commands.checks import checks
from weighlock.plan.lint.commands.paths import paths
from weighlock.plan.lint.commands.runners import runners
from weighlock.plan.lint.commands.searches import searches
from weighlock.plan.lint.commands.trials import trials

RULED = (checks, searches, runners, paths, trials)

__all__ = ["RULED"]
