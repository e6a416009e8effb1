"""Layer 3, copies: a file that was to be changed is, and no copy is changed instead."""

from collections.abc import Iterator

from weighlock import syntax
from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import language, paths
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_LONG = 6
"""Pieces of syntax in a row that are compared."""
_SMALL = 60
"""Rows; less than this is alike by chance."""
_ALIKE = 0.5
"""Share of the old file that a new one repeats, from which on it is a copy of it."""
_TOUCHED = 0.9
"""Share of the old file that is left, from which on it was hardly changed."""

_Rows = frozenset[tuple[bytes, ...]]


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether code was copied to a new place in place of being changed.

    What was moved out of a file is no copy: it is not in the old place any more.
    """
    del rules
    new = [c.path for c in subject.work() if c.status == "A" and _is_product(c.path)]
    kept = [
        a.path
        for a in subject.planned
        if a.action == "modify" and a.path in subject.old.paths & subject.new.paths
    ]
    seen = [f for path in kept if new for f in _copied(subject, path, new)]
    seen += list(_kept_elsewhere(subject, new)) if new else []
    fine = "what was to be changed is changed in its place"
    return weigh("copies", "effect", seen, fine=fine, decides=False)


def _copied(subject: Subject, path: str, new: list[str]) -> Iterator[Found]:
    before, now = subject.old.read(path) or b"", subject.new.read(path) or b""
    old = _rows(path, before)
    if len(old) < _SMALL:
        return
    left = old & _rows(path, now)
    same = language.same_meaning(path, before, now)
    for other in new:
        repeated = left & _rows(other, subject.new.read(other) or b"")
        share = len(repeated) / len(old)
        if share >= _ALIKE and (same or len(left) >= _TOUCHED * len(old)):
            weight: Weight = "fail" if same else "review"
            message = (
                f"it repeats {share:.0%} of {path}, which the plan says to modify and "
                f"which is {'as it was' if same else 'hardly changed'}"
            )
            yield found(weight, "parallel-copy", message, path=other)


def _kept_elsewhere(subject: Subject, new: list[str]) -> Iterator[Found]:
    """Find what was to be deleted, under a name that nobody planned."""
    gone = {
        path
        for action in subject.planned
        if action.action == "delete"
        for path in subject.old.paths - subject.new.paths
        if paths.covers(action.path, path) and _is_product(path)
    }
    said = subject.phase.text
    unplanned = [p for p in new if subject.action(p) is None and p not in said]
    for path in sorted(gone):
        old = _rows(path, subject.old.read(path) or b"")
        for other in unplanned:
            left = old & _rows(other, subject.new.read(other) or b"")
            if old and len(left) >= _TOUCHED * len(old):
                message = f"it is {path}, which the plan says to delete"
                yield found("review", "parallel-copy", message, path=other)


def _rows(path: str, data: bytes) -> _Rows:
    """Return the rows of a file's syntax; none in a language without a grammar."""
    form = syntax.normal(path, data)
    if form is None:
        return frozenset()
    pieces = form.replace(b" (", b"\0(").split(b"\0")
    return frozenset(
        tuple(pieces[at : at + _LONG]) for at in range(len(pieces) - _LONG + 1)
    )


def _is_product(path: str) -> bool:
    return language.is_program(path) and paths.role(path) == "product"
