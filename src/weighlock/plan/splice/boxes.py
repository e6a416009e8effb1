"""Check-boxes that stand for a phase, for its steps, and for a group of phases."""

import re
from collections.abc import Iterator

from weighlock.plan import key
from weighlock.plan.model import Phase, Plan
from weighlock.plan.splice.lines import tick
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper

_ITEM = re.compile(
    r"\s*[-*+]\s+\[[^\]]\](?:\\?\*)?\s+\**(?:(?:Task|Phase)\s+)?(\d+(?:\.\d+)*)[.:)]?\s"
)


def tick_groups(paper: Paper, plan: Plan, phase: Phase, note: Note) -> None:
    """Tick the boxes above a phase when all below them are done, else empty them."""
    states = {p.key: p.status for p in plan.phases} | {phase.key: note.status}
    above = key.parent(phase.key)
    while above:
        below = [s for name, s in states.items() if _stands_below(name, above)]
        for number in _lines(paper, above):
            tick(paper, number, done=all(s == "completed" for s in below))
        above = key.parent(above)


def _stands_below(name: str, above: str) -> bool:
    up = key.parent(name)
    while up and up != above:
        up = key.parent(up)
    return bool(up)


def _lines(paper: Paper, wanted: str) -> Iterator[int]:
    """Yield the lines of the box with this number; a phase has its own line."""
    for number in range(1, len(paper.raw) + 1):
        if paper.page.shade[number - 1]:
            continue
        found = _ITEM.match(paper.text(number))
        if found and key.normal(found[1]) == wanted:
            yield number


def tick_steps(paper: Paper, phase: Phase, *, done: bool) -> None:
    """Tick or empty every box in a phase's own text."""
    last = min(phase.source.end_line or len(paper.raw), len(paper.raw))
    for number in range(phase.source.line, last + 1):
        if not paper.page.shade[number - 1]:
            tick(paper, number, done=done)
