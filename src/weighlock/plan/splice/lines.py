"""Status lines, completion lines and boxes inside a phase's own text."""

import re
from collections.abc import Iterable, Iterator

from weighlock.plan.model import Phase, Status
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper
from weighlock.plan.splice.spelling import spell
from weighlock.plan.status import read_status

_BOLD = rb"(?:\*\*|__)?"
_LABEL = (
    rb"\A(\s*(?:[-*+]\s+)?" + _BOLD + rb"%s" + _BOLD + rb"\s*:\s*" + _BOLD + rb"[ \t]*)"
    rb"(.*?)([ \t]*)\Z"
)
_STATUS = re.compile(_LABEL % rb"status", re.IGNORECASE)
_COMPLETED = re.compile(_LABEL % rb"completed", re.IGNORECASE)
_BOX = re.compile(rb"\A([\s>]*(?:[-*+]|\d+[.)])\s+\[)([ xX~/>!-])(\])")
_UPDATE = re.compile(
    r"(?=.*\b(?:docs?|documents?|documentation|spine)\b)(?=.*\bupdat)|updates?\s+needed",
    re.IGNORECASE,
)


def write_status(
    paper: Paper, phase: Phase, others: Iterable[Phase], note: Note
) -> None:
    """Write a phase's ``**Status:**`` line, in the words of the other phases."""
    number = status_line(paper, phase)
    if number is None:
        return
    found = _STATUS.match(paper.line(number))
    old = _value(paper, number)
    if found is None or read_status(old) == note.status:
        return
    seen = _spellings(paper, others, note.status)
    new = spell(note.status, old, seen, paper)
    paper.put(number, found[1] + new + found[3])


def status_line(paper: Paper, phase: Phase) -> int | None:
    """Return the line that a phase's state was read from."""
    for number in _lines(paper, phase):
        if _STATUS.match(paper.line(number)):
            said, value = phase.status_text.strip(), _value(paper, number)
            known = said and (said in value or value in said)
            return number if known and read_status(value) else None
    return None


def _value(paper: Paper, number: int) -> str:
    return paper.text(number).partition(":")[2].strip().strip("*_").strip()


def _spellings(
    paper: Paper, phases: Iterable[Phase], status: Status
) -> Iterator[bytes]:
    for phase in phases:
        number = status_line(paper, phase) if phase.status == status else None
        found = _STATUS.match(paper.line(number)) if number else None
        if found:
            yield found[2]


def write_completed(paper: Paper, phase: Phase, note: Note) -> None:
    """Fill the ``**Completed:**`` line that a phase has, with the day and minute."""
    if note.status != "completed":
        return
    for number in _lines(paper, phase):
        found = _COMPLETED.match(paper.line(number))
        if found:
            paper.put(number, found[1] + note.minute.encode() + found[3])
            return


def _lines(paper: Paper, phase: Phase) -> Iterator[int]:
    last = min(phase.source.end_line or len(paper.raw), len(paper.raw))
    for number in range(phase.source.line, last + 1):
        if not paper.page.shade[number - 1]:
            yield number


def tick(paper: Paper, number: int, *, done: bool = True) -> None:
    """Tick the box at the start of a line, or empty it."""
    if not 0 < number <= len(paper.raw):
        return
    line = paper.line(number)
    found = _BOX.match(line)
    if found and (found[2] in b"xX") != done:
        mark = b"x" if done else b" "
        paper.put(number, found[1] + mark + line[found.end(2) :])


def tick_documents(paper: Paper, documents: Iterable[str]) -> None:
    """Tick the boxes of updated documents, below a heading that asks for updates."""
    wanted = tuple(documents)
    heads = paper.page.headings
    for at, head in enumerate(heads):
        if not _UPDATE.search(head.text):
            continue
        end = heads[at + 1].line if at + 1 < len(heads) else len(paper.raw) + 1
        for number in range(head.line + 1, end):
            named = re.findall(r"`([^`]+)`", paper.text(number))
            if any(_same(name, path) for name in named for path in wanted):
                tick(paper, number)


def _same(name: str, path: str) -> bool:
    return name == path or path.endswith(f"/{name}") or name.endswith(f"/{path}")
