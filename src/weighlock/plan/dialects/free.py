"""A plan without numbered units: one phase, ``01``."""

import posixpath

from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.outline import Book, Outline, Unit
from weighlock.plan.status import read_status


def confidence(book: Book) -> float:
    """Any text is at least this."""
    return 0.1 if book.pages else 0.0


def read(book: Book) -> Outline:
    """Read the whole main page as one phase."""
    page = book.main
    title = title_of(page) or posixpath.basename(page.file)
    said = page.front.get("status", "")
    state = read_status(said)
    return Outline(
        units=(
            Unit(
                page=page,
                key="01",
                title=title,
                first=1,
                last=len(page.lines),
                status=state,
                status_text=said if state else "",
            ),
        ),
        title=title,
        id=plan_id((page,)),
        status=state or "pending",
        rules=tuple(p for p in book.pages.values() if p is not page),
    )
