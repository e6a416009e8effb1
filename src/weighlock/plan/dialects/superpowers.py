"""Plans of ``docs/superpowers/plans``: ``### Task N`` with check-box steps."""

import re
from collections.abc import Iterator
from dataclasses import replace

from weighlock.plan.dialects.headings import phase_headings, title_of, units
from weighlock.plan.dialects.items import item_kind
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.model import FileAction, Span, Status
from weighlock.plan.outline import Added, Book, Outline, Unit

_SIGNS = re.compile(r"superpowers:|For (?:agentic workers|Claude):")
_TOP = 40
_READ = re.compile(
    r"\s*[-*+]\s+\**(?:Read|Reference|See|Context)(?: only)?:?\**:?\s+`([^`\s]+)`",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\s*[-*+]\s+\**(?:Create|Modify|Test|Delete|Update|Add)\b", re.IGNORECASE
)
_STEP = re.compile(r"[\s>]*(?:[-*+]|\d+[.)])\s+\[([ \t]*|[xX~/>!-])\]\s")
_LINES = re.compile(r":L?\d[\d,:L–-]*\Z")


def confidence(book: Book) -> float:
    """Say how sure it is: the head names the skills, the phases are "Task N"."""
    page = book.main
    signed = any(_SIGNS.search(line[: _TOP * 10]) for line in page.lines[:_TOP])
    if not signed and "superpowers/" not in book.path:
        return 0.0
    return 0.9 if phase_headings(page, "task") else 0.0


def read(book: Book) -> Outline:
    """Read each "Task N" heading as a phase."""
    page = book.main
    found = units(page, phase_headings(page, "task"))
    return Outline(
        units=tuple(
            replace(
                unit,
                status=unit.status or _status(page, unit),
                added=Added(kind=item_kind(unit.title), files=tuple(_kept(page, unit))),
            )
            for unit in found
        ),
        title=title_of(page),
        id=plan_id((page,)),
        rules=(page,),
    )


def _status(page: Page, unit: Unit) -> Status | None:
    """Return a task's state by the boxes of its steps; None without any."""
    marks = [
        found[1]
        for n in range(unit.first, unit.last + 1)
        if not page.shade[n - 1] and (found := _STEP.match(page.lines[n - 1]))
    ]
    done = [mark in "xX" for mark in marks]
    if not done:
        return None
    return "completed" if all(done) else "in_progress" if any(done) else "pending"


def _kept(page: Page, unit: Unit) -> Iterator[FileAction]:
    """Yield the files a task only reads: "- Read: `src/a.py`"."""
    numbers = [n for n in range(unit.first, unit.last + 1) if not page.shade[n - 1]]
    changed = [line for n in numbers if _CHANGED.match(line := page.lines[n - 1])]
    for number in numbers:
        found = _READ.match(page.lines[number - 1][:1000])
        path = _LINES.sub("", found[1]) if found else ""
        if path and not any(path in line for line in changed):
            span = Span(file=page.file, line=number)
            yield FileAction(path=path, action="keep", source=span)
