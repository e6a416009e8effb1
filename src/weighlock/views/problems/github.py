"""Problems as workflow commands that GitHub turns into annotations."""

from collections.abc import Callable, Sequence

from weighlock.plan.model import Problem

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(
    problems: Sequence[Problem], *, relative: Callable[[str], str] = str
) -> str:
    """Write one annotation a line.

    Args:
        problems: What was found.
        relative: Gives a file's path as GitHub knows it: relative to the repository.
    """
    return "".join(f"{_annotation(p, relative)}\n" for p in problems)


def _annotation(problem: Problem, relative: Callable[[str], str]) -> str:
    properties = {"title": problem.code}
    if problem.source:
        where = problem.source
        properties = {
            "file": relative(where.file),
            "line": str(where.line),
            "col": str(where.column),
            **properties,
        }
    listed = ",".join(f"{k}={_escaped(v, ':,')}" for k, v in properties.items())
    message = problem.message + (f"\n{problem.hint}" if problem.hint else "")
    return f"::{_LEVELS[problem.severity]} {listed}::{_escaped(message)}"


def _escaped(value: str, more: str = "") -> str:
    """Escape what would end a command; the sign of escapes itself comes first."""
    for char in "%\r\n" + more:
        value = value.replace(char, f"%{ord(char):02X}")
    return value
