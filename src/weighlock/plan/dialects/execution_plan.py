"""``execution-plan.md``: one feature, phases with states, often beside its template."""

import posixpath
import re

from weighlock.plan.dialects import single_file
from weighlock.plan.dialects.headings import copies, phase_headings, title_of, units
from weighlock.plan.dialects.single_file import copied, filled, row_unit, same_plan
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.model import Problem, Status
from weighlock.plan.outline import Book, Outline, TableRow, Unit
from weighlock.plan.status import read_status
from weighlock.plan.tables import phase_rows

_NAME = re.compile(r"execution[-_ ]?plan", re.IGNORECASE)
_FEATURE = re.compile(r"current feature\b", re.IGNORECASE)
_STATUS = re.compile(r"\*\*Status:?\*\*:?\s*(.+)")


def confidence(book: Book) -> float:
    """Say how sure it is: the name, or "Current Feature" above phase headings."""
    found = phase_headings(book.main)
    if not found or len(book.pages) > 1:
        return 0.0
    if any(_FEATURE.match(h.text) for h in book.main.headings):
        return 0.92
    return 0.75 if _NAME.search(posixpath.basename(book.main.file)) else 0.0


def read(book: Book) -> Outline:
    """Read the copy that is no template; phases missing there from its table."""
    page = book.main
    found = units(page, phase_headings(page))
    if not found:
        return single_file.read(book)
    runs = copies(found)
    problems: tuple[Problem, ...] = ()
    run = runs[0]
    if len(runs) > 1 and same_plan(runs):
        run = max(runs, key=lambda r: (filled(r) / len(r), len(r)))
        problems = (copied(run, runs),)
    else:
        run = [unit for part in runs for unit in part]
    start = _start(page, run[0])
    rows = _table(page, start, run)
    missing = [row_unit(r) for r in rows if r.key not in {u.key for u in run}]
    return Outline(
        units=(*run, *missing),
        title=_title(page, start),
        id=plan_id((page,)),
        status=_status(page, start, run[0].first),
        tracker=tuple(rows),
        rules=(page,),
        problems=problems,
    )


def _start(page: Page, first: Unit) -> int:
    """Return the line of the feature heading above a phase; 1 without one."""
    above = page.headings_between(1, first.first)
    return next((h.line for h in reversed(above) if _FEATURE.match(h.text)), 1)


def _table(page: Page, start: int, run: list[Unit]) -> list[TableRow]:
    """Return the table of phases that belongs to this copy."""
    tables = [
        rows
        for rows in phase_rows(page, tracked=True)
        if start <= rows[0].line <= run[-1].last
    ]
    return max(tables, key=len, default=[])


def _title(page: Page, start: int) -> str:
    heading = next((h for h in page.headings_between(start, start)), None)
    if heading and _FEATURE.match(heading.text):
        _, _, name = heading.text.partition(":")
        if name.strip() and not name.strip().startswith("["):
            return name.strip()
    return title_of(page)


def _status(page: Page, start: int, end: int) -> Status:
    for line in page.lines[start - 1 : end - 1]:
        if (found := _STATUS.match(line)) and (state := read_status(found[1])):
            return state
    return "pending"
