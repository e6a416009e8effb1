"""Status lines and completion lines inside a phase's own text."""

import re
from collections.abc import Iterable, Iterator

from weighlock.plan.lines import Line, read_lines
from weighlock.plan.model import Phase
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper
from weighlock.plan.splice.spelling import spell
from weighlock.plan.status import read_status

_AFTER = rb"(?s:.*?)%s[*_]*[ \t]*[:|][*_]*[ \t]*()(.*?)[ \t|]*\Z"
"""What stands behind a label, where text and bytes of a mangled line differ."""
_COMPLETED = re.compile(
    rb"\A(\s*(?:[-*+]\s+)?(?:\*\*|__)?completed(?:\*\*|__)?\s*:\s*(?:\*\*|__)?[ \t]*)"
    rb"(.*?)([ \t]*)\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(rb"\A\s*(?:[-*+]\s+)?(?:\*\*|__)[^*_:]{2,30}:")
_PROSE = 48
"""A longer status is a sentence or a report of its author, and is never replaced."""
_TEXT = re.compile(r"[ \t]*[a-z(]")
"""A line that goes on with the sentence of the line above."""


def write_status(
    paper: Paper, phase: Phase, others: Iterable[Phase], note: Note
) -> bool:
    """Write a phase's ``**Status:**`` line, in the words of the other phases.

    Returns:
        Whether there is such a line.
    """
    line = status_line(paper, phase)
    place = _place(paper, line) if line else None
    if line is None or place is None:
        return False
    if read_status(line.text) != note.status:
        raw = paper.line(line.number)
        new = spell(note.status, line.text, _spellings(paper, others, note), paper)
        paper.put(line.number, raw[: place[0]] + new + raw[place[1] :])
    return True


def status_line(paper: Paper, phase: Phase) -> Line | None:
    """Return the line that a phase's state is read from, or would be."""
    last = min(phase.source.end_line or len(paper.raw), len(paper.raw))
    for line in read_lines(paper.page, phase.source.line, last):
        title = line.heading and line.text == line.label
        if line.topic == "status" and line.text and not title:
            return line if _worded(paper, line) else None
    return None


def _worded(paper: Paper, line: Line) -> bool:
    """Say whether a line says a state and no more."""
    lines, text = paper.page.lines, line.text
    after = lines[line.number] if line.number < len(lines) else ""
    return (
        len(text) <= _PROSE
        and read_status(text) is not None
        and not (_TEXT.match(after) and text[-1:] not in ".:|")
    )


def _place(paper: Paper, line: Line) -> tuple[int, int] | None:
    """Return where the bytes of a line's value begin and end."""
    raw, value = paper.line(line.number), line.text.encode()
    at = raw.rfind(value)
    if at >= 0 and paper.plain:
        return at, at + len(value)
    label = re.escape(line.label.encode())
    found = re.match(_AFTER % label, raw) if label else None
    return (found.start(2), found.end(2)) if found else None


def _spellings(paper: Paper, phases: Iterable[Phase], note: Note) -> Iterator[bytes]:
    for phase in phases:
        line = status_line(paper, phase) if phase.status == note.status else None
        place = _place(paper, line) if line else None
        if line and place and read_status(line.text) == note.status:
            yield paper.line(line.number)[slice(*place)]


def add_status(paper: Paper, phase: Phase, others: Iterable[Phase], note: Note) -> bool:
    """Give a phase the status line that other phases below their headings have.

    Returns:
        Whether another phase has one to copy.
    """
    known = tuple(others)
    for other in known:
        line = status_line(paper, other)
        place = _place(paper, line) if line else None
        near = line and line.number - other.source.line <= _NEAR and not line.heading
        if line and place and near:
            raw = paper.line(line.number)
            new = spell(note.status, line.text, _spellings(paper, known, note), paper)
            _below(paper, phase, raw[: place[0]] + new + raw[place[1] :])
            return True
    return False


_NEAR = 6
"""Lines from a heading to the status line that is taken for the plan's habit."""


def _below(paper: Paper, phase: Phase, line: bytes) -> None:
    """Put a line below a phase's heading, set off as its neighbours are."""
    at = phase.source.line
    gap = at < len(paper.raw) and not paper.line(at + 1).strip()
    at += gap
    after = paper.line(at + 1) if at < len(paper.raw) else b""
    stacked = _LABEL.match(after) or not after.strip()
    paper.add(at, [line] if stacked or not gap else [line, b""])


def write_completed(
    paper: Paper, phase: Phase, others: Iterable[Phase], note: Note
) -> None:
    """Write day and minute into the ``**Completed:**`` line that phases have.

    A phase without one gets it below its status line, where another phase has both.
    """
    if note.status != "completed":
        return
    if (mine := _completed(paper, phase)) is not None:
        found = _COMPLETED.match(paper.line(mine))
        if found:
            paper.put(mine, found[1] + note.minute.encode() + found[3])
        return
    status = status_line(paper, phase)
    theirs = next((n for p in others if (n := _completed(paper, p))), None)
    found = _COMPLETED.match(paper.line(theirs)) if theirs else None
    if status and found:
        paper.add(status.number, [found[1] + note.minute.encode()])


def _completed(paper: Paper, phase: Phase) -> int | None:
    last = min(phase.source.end_line or len(paper.raw), len(paper.raw))
    for number in range(phase.source.line, last + 1):
        if not paper.page.shade[number - 1] and _COMPLETED.match(paper.line(number)):
            return number
    return None
