"""The table of rules: code, family, severity, what it is, why it matters, the cure.

Everything that shows or explains a rule reads it from here.  A code never changes
its meaning; its words are part of it, so that people can read it.
"""

from weighlock.plan.lint.rules.commands import COMMANDS
from weighlock.plan.lint.rules.coverage import COVERAGE
from weighlock.plan.lint.rules.pseudocode import PSEUDOCODE
from weighlock.plan.lint.rules.rule import Family, Rule, read_example
from weighlock.plan.lint.rules.safety import SAFETY
from weighlock.plan.lint.rules.state import STATE
from weighlock.plan.lint.rules.structure import STRUCTURE
from weighlock.plan.lint.rules.surface import SURFACE
from weighlock.plan.lint.rules.text import TEXT

__all__ = ["RULES", "Family", "Rule", "read_example"]

RULES: tuple[Rule, ...] = (
    *STRUCTURE,
    *COVERAGE,
    *SAFETY,
    *COMMANDS,
    *STATE,
    *PSEUDOCODE,
    *TEXT,
    *SURFACE,
)
