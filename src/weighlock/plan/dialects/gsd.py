"""GSD: ``NN-MM-PLAN.md`` holds tasks; a folder of them holds plans, each a phase."""

import posixpath
import re

from weighlock.plan import key
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.outline import Book, Outline, Unit
from weighlock.plan.titles import clean

_PLAN = re.compile(
    r"(?P<phase>\d{1,3}(?:\.\d+)?)-(?P<plan>\d{1,3})-PLAN\.md\Z", re.IGNORECASE
)
_TASK = re.compile(r"\s*<task\b([^>]*)>")
_END = re.compile(r"\s*</task>")
_NAME = re.compile(
    r"\s*<name>\s*(?:Task\s+\d+[a-z]?\s*[:.–—-]\s*)?(.*?)\s*(?:</name>|\Z)"
)
_NUMBER = re.compile(r"<name>\s*Task\s+(\d+[a-z]?)\b")
_ENTRY = re.compile(r"\d{1,3}(?:\.\d+)?-\d{1,3}")
_NEAR = 12


def confidence(book: Book) -> float:
    """Say how sure it is: the names of the files."""
    plans = _plans(book)
    if len(plans) == 1 and len(book.pages) == 1:
        return 0.97 if _tasks(next(iter(plans.values()))) else 0.0
    return 0.97 if plans else 0.0


def read(book: Book) -> Outline:
    """Read the tasks of one plan file, or the plan files of one folder."""
    plans = _plans(book)
    if len(plans) == 1 and len(book.pages) == 1:
        page = next(iter(plans.values()))
        return _outline(page, _tasks(page), book)
    units = [_unit(path, page) for path, page in plans.items()]
    units.sort(key=lambda unit: key.order(unit.key))
    first = units[0].page if units else book.main
    return _outline(first, tuple(units), book)


def _outline(page: Page, units: tuple[Unit, ...], book: Book) -> Outline:
    return Outline(
        units=units,
        title=page.front.get("title") or page.front.get("phase") or title_of(page),
        id=plan_id((page,)),
        rules=tuple(book.pages.values()),
    )


def _plans(book: Book) -> dict[str, Page]:
    return {
        path: page
        for path, page in book.pages.items()
        if _PLAN.match(posixpath.basename(path))
    }


def _unit(path: str, page: Page) -> Unit:
    """Make a phase of a plan file: its needs and title stand in the front matter."""
    found = _PLAN.match(posixpath.basename(path))
    number = f"{found['phase']}-{found['plan']}" if found else "01"
    needs = tuple(_ENTRY.findall(page.front.get("depends_on", "")))
    return Unit(
        page=page,
        key=number,
        title=_objective(page) or number,
        first=1,
        last=len(page.lines),
        group=f"wave {page.front['wave']}" if page.front.get("wave") else None,
        needs=needs if "depends_on" in page.front else None,
    )


def _objective(page: Page) -> str:
    """Return the first line of the objective."""
    lines = iter(page.lines)
    for line in lines:
        if line.strip() == "<objective>":
            return clean(next(lines, "").strip())
    return title_of(page)


def _tasks(page: Page) -> tuple[Unit, ...]:
    units: list[Unit] = []
    starts = [n for n, line in enumerate(page.lines) if _TASK.match(line)]
    for at, start in enumerate(starts):
        limit = starts[at + 1] if at + 1 < len(starts) else len(page.lines)
        ends = (n for n in range(start, limit) if _END.match(page.lines[n]))
        near = page.lines[start : min(start + _NEAR, limit)]
        name = next((m[1] for line in near if (m := _NAME.match(line))), "")
        stated = next((m[1] for line in near if (m := _NUMBER.search(line))), "")
        units.append(
            Unit(
                page=page,
                key=key.normal(stated) or f"{at + 1:02d}",
                title=clean(name),
                first=start + 1,
                last=next(ends, limit - 1) + 1,
            )
        )
    return tuple(units)
