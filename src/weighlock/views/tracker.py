"""The status table of a plan, in the columns that execution trackers have."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weighlock.plan.model import Phase, Plan
from weighlock.views.signs import sign

_HEAD = (
    "Phase",
    "ID",
    "Description",
    "Status",
    "Started",
    "Completed",
    "Verified",
    "Semantic",
    "Notes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is known of one phase."""

    status: str
    """A state, as in ``views.signs``, or a status of the plan."""
    started: str = ""
    """ISO 8601; only the day is shown."""
    completed: str = ""
    verified: bool = False
    semantic: bool | None = None
    """Whether the behaviour was tried, by probes; None when nothing asked for it."""
    note: str = ""


def table(plan: Plan, states: Mapping[str, Line]) -> str:
    """Render one row per phase in plan order; phases without a line are pending."""
    rows = [_row(p, states.get(p.key) or Line(status="pending")) for p in plan.phases]
    widths = [max(map(_width, column)) for column in zip(_HEAD, *rows, strict=True)]
    ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "".join(
        f"{line}\n"
        for line in (_line(_HEAD, widths), ruler, *(_line(r, widths) for r in rows))
    )


def _row(phase: Phase, line: Line) -> tuple[str, ...]:
    shown = sign(line.status)
    semantic = {True: "✓", False: "✗", None: "N/A"}[line.semantic]
    return (
        phase.key,
        phase.id.rsplit(".", 1)[-1] or f"P{phase.key}",
        _cell(phase.title),
        f"{shown.glyph} {shown.word}",
        line.started[:10] or "-",
        line.completed[:10] or "-",
        "✓" if line.verified else "-",
        semantic,
        _cell(line.note),
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - _width(cell))
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    wide = sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in text)
    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return len(text) + wide - marks
