"""Problems as data: what ``lint --json`` prints."""

from collections.abc import Sequence

from weighlock.plan.model import Problem

SCHEMA = "weighlock/problems/1"


def as_json(problems: Sequence[Problem]) -> dict[str, object]:
    """Return the problems as data (schema ``weighlock/problems/1``)."""
    return {"schema": SCHEMA, "problems": [_entry(p) for p in problems]}


def _entry(problem: Problem) -> dict[str, object]:
    where = problem.source
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        "source": where
        and {"file": where.file, "line": where.line, "column": where.column},
    }
