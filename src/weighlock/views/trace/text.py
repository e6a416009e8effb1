"""A trace on a terminal: what is missing first, what is fine in a line."""

from collections.abc import Iterator, Sequence

from weighlock.run.trace.model import GOOD, Row, Trace
from weighlock.views.text import Style, clean, clip, count, pad
from weighlock.views.trace.words import (
    SIGNS,
    TONES,
    changed,
    counts,
    head,
    name,
    node,
    ranked,
    title,
    where,
)

_WIDEST = 24
_FINE = 40
"""Rows without a fault that are listed; the rest is counted."""
_PLACES = 3
"""Places of one row that are listed; the rest is counted."""
_KINDS = {
    "requirement": "requirement",
    "phase": "phase",
    "pseudocode": "reference",
    "orphan": "orphan",
}


def text(trace: Trace, style: Style | None = None) -> str:
    """Show every row that asks for something, and count the others."""
    style = style or Style()
    rows = ranked(trace.rows)
    wrong = [r for r in rows if r.state not in GOOD and not r.justified]
    fine = [r for r in rows if r.state in GOOD or r.justified]
    wide = min(max((len(name(r)) for r in rows), default=0), _WIDEST)
    lines = [
        style.paint(clip(trace.title or trace.plan, style.width, style), "strong"),
        style.paint(clip(head(trace), style.width, style), "dim"),
        *_sums(trace, style),
        *_wrong(wrong, wide, style),
        *_fine(fine, wide, style),
        *_next(wrong, trace),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _sums(trace: Trace, style: Style) -> Iterator[str]:
    for kind, one in _KINDS.items():
        rows = [r for r in trace.rows if r.kind == kind]
        if rows and kind != "orphan":
            said = ", ".join(f"{n} {state}" for state, n in counts(rows).items())
            yield f"{count(len(rows), one)}: {said}"
    orphans = sum(r.kind == "orphan" for r in trace.rows)
    if orphans:
        yield f"{count(orphans, 'id')} that only markers know"
    if trace.foreign:
        told = f"{count(trace.foreign, 'marker')} of other plans left aside"
        yield style.paint(told, "dim")


def _wrong(rows: Sequence[Row], wide: int, style: Style) -> Iterator[str]:
    for row in rows:
        yield ""
        yield _line(row, title(row), wide, style)
        yield f"  {clip(row.why, style.width - 2, style)}"
        listed = [p for p in row.places if p.wrong] or list(row.places)
        for place in listed[:_PLACES]:
            said = "  ".join(
                s for s in (where(place), node(place), changed(place)) if s
            )
            yield style.paint(f"  {clip(said, style.width - 2, style)}", "dim")
        if len(listed) > _PLACES:
            yield style.paint(f"  and {len(listed) - _PLACES} more", "dim")


def _fine(rows: Sequence[Row], wide: int, style: Style) -> Iterator[str]:
    shown = [r for r in rows if r.state != "exempt"]
    if shown:
        yield ""
    for row in shown[:_FINE]:
        why = f"justified: {row.justified}" if row.justified else row.why
        tested = sum(p.result == "passed" for p in row.tests)
        why += f", {tested} passed" if tested else ""
        said = f"{why} · {title(row)}" if row.text else why
        yield _line(row, said, wide, style)
    if len(shown) > _FINE:
        yield style.paint(f"and {len(shown) - _FINE} more that are fine", "dim")


def _line(row: Row, said: str, wide: int, style: Style) -> str:
    sign = SIGNS[row.state]
    glyph = sign.plain if style.ascii else sign.glyph
    word = style.paint(f"{glyph} {sign.word:<9}", TONES[row.state])
    rest = clip(said, style.width - wide - 15, style)
    return f"{word}  {pad(name(row), wide, style)}  {rest}"


def _next(wrong: Sequence[Row], trace: Trace) -> Iterator[str]:
    suspect = next((r for r in wrong if r.state == "suspect"), None)
    if not wrong:
        return
    first = clean(wrong[0].id)
    option = {"requirement": "--requirement", "phase": "--phase"}.get(wrong[0].kind)
    yield ""
    if option:
        plan = "" if trace.run else "PLAN "
        yield f"more: weighlock trace {plan}{option} {first}"
    if suspect and trace.run:
        yield (
            "suspect: weigh it again, or look and say so: "
            f"weighlock trace --accept {clean(suspect.id)}"
        )
