"""Plan to problems: one module or folder per family of rules, one table of rules.

``lint`` never reads a file and never runs a command: it sees the plan, and what the
caller knows of the repository.
"""

from collections.abc import Callable, Iterator

from weighlock.plan.lint import commands, coverage, state, structure
from weighlock.plan.lint.book import Book, open_book
from weighlock.plan.lint.ground import Ground
from weighlock.plan.lint.ignores import idle
from weighlock.plan.lint.pseudocode import pseudocode
from weighlock.plan.lint.rules import RULES, Rule
from weighlock.plan.lint.safety import safety
from weighlock.plan.lint.told import told
from weighlock.plan.model import Plan, Problem

__all__ = ["RULES", "Ground", "Rule", "lint"]

RULED: tuple[Callable[[Book], Iterator[Problem]], ...] = (
    *structure.RULED,
    *coverage.RULED,
    safety,
    *commands.RULED,
    *state.RULED,
    pseudocode,
)


def lint(plan: Plan, ground: Ground | None = None) -> tuple[Problem, ...]:
    """Return everything that is wrong with a plan, in the order of its text.

    Args:
        plan: The plan.
        ground: What its repository holds; without it, rules that ask stay silent.
    """
    book = open_book(plan, ground)
    found = list(told(plan))
    for rule in RULED:
        found.extend(rule(book))
    found.extend(idle(plan, tuple(found), ground=ground is not None))
    return tuple(sorted(dict.fromkeys(found), key=_place))


def _place(found: Problem) -> tuple[str, int, int, str]:
    if found.source is None:
        return ("", 0, 0, found.code)
    return (found.source.file, found.source.line, found.source.column, found.code)
