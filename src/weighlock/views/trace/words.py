"""What every form of a trace says in the same words."""

from collections import Counter
from collections.abc import Iterable

from weighlock.run.trace.model import Place, Row, State, Trace
from weighlock.views.signs import Sign
from weighlock.views.text import label

_RED, _AMBER, _GREEN, _GREY = "#d64545", "#d08a17", "#2f9e58", "#8b95a5"


def _sign(word: str, glyph: str, plain: str, color: str) -> Sign:
    return Sign(word=word, glyph=glyph, plain=plain, color=color)


SIGNS: dict[State, Sign] = {
    "duplicate": _sign("duplicate", "✗", "x", _RED),
    "orphaned": _sign("orphaned", "✗", "x", _RED),
    "outdated": _sign("outdated", "✗", "x", _RED),
    "unmarked": _sign("unmarked", "✗", "x", _RED),
    "uncovered": _sign("uncovered", "○", "o", _AMBER),
    "suspect": _sign("suspect", "~", "~", _AMBER),
    "covered": _sign("covered", "✓", "+", _GREEN),
    "exempt": _sign("exempt", "·", ".", _GREY),
}
"""In the order in which people want to see them: what is wrong first."""

TONES: dict[State, str] = {
    "duplicate": "bad",
    "orphaned": "bad",
    "outdated": "bad",
    "unmarked": "bad",
    "uncovered": "you",
    "suspect": "you",
    "covered": "good",
    "exempt": "dim",
}
_RANK = {state: at for at, state in enumerate(SIGNS)}


def ranked(rows: Iterable[Row]) -> list[Row]:
    """Return rows with what is wrong first; equals stay in the plan's order."""
    return sorted(rows, key=lambda row: (bool(row.justified), _RANK[row.state]))


def counts(rows: Iterable[Row]) -> dict[State, int]:
    """Return how many rows are in each state, what is wrong first."""
    found = Counter(row.state for row in rows)
    return {state: found[state] for state in SIGNS if found[state]}


def name(row: Row) -> str:
    """Return what a row is called."""
    return label(row.id) if row.kind == "phase" else row.id


def title(row: Row) -> str:
    """Return a row's text as one line."""
    return " ".join(row.text.split())


def where(place: Place) -> str:
    """Return ``path:line``, as editors and terminals open it."""
    return f"{place.marker.path}:{place.marker.line}"


def node(place: Place) -> str:
    """Return the name of the node that a marker stands on; empty for a whole file."""
    return place.unit.node.name if place.unit.node else ""


def changed(place: Place) -> str:
    """Say whether the phase that claims the node changed it."""
    by = ", ".join(label(key) for key in place.changed.phases)
    if place.changed.answer == "yes":
        return f"changed in {by}"
    if place.changed.answer == "no":
        return (
            f"not changed by its phase; by {by}" if by else "not changed by its phase"
        )
    return f"changed in {by}" if by else ""


def head(trace: Trace) -> str:
    """Say which tree was looked at, and whose evidence counts."""
    tree = f"commit {trace.commit[:10]}" if trace.commit else "work tree"
    run = f"run {trace.run}" if trace.run else "no run, so no evidence"
    return f"{tree} · {run}"
