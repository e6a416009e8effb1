"""Plans of ``docs/superpowers/plans``: ``### Task N`` with check-box steps."""

import re

from weighlock.plan.dialects.headings import phase_headings, title_of, units
from weighlock.plan.identity import plan_id
from weighlock.plan.outline import Book, Outline

_SIGNS = re.compile(r"superpowers:|For (?:agentic workers|Claude):")
_TOP = 40


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
    return Outline(
        units=units(page, phase_headings(page, "task")),
        title=title_of(page),
        id=plan_id((page,)),
        rules=(page,),
    )
