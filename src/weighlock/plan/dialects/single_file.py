"""One file, phases under headings: Phase, Step, Slice, Batch, or plain numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from weighlock.plan.dialects.headings import (
    copies,
    marked_units,
    phase_headings,
    title_of,
    units,
)
from weighlock.plan.identity import plan_id
from weighlock.plan.model import Problem, Span
from weighlock.plan.outline import Book, Outline, TableRow, Unit
from weighlock.plan.status import read_status
from weighlock.plan.tables import phase_rows

_MANY = 2


def confidence(book: Book) -> float:
    """Say how sure it is that headings of one file are the phases."""
    found = phase_headings(book.main)
    if len(found) >= _MANY:
        return 0.4
    return 0.25 if found or rows_of(book) or marked_units(book.main) else 0.0


def read(book: Book) -> Outline:
    """Read the phases from the headings; a table of phases alone gives its rows."""
    page = book.main
    found = list(units(page, phase_headings(page)) or marked_units(page))
    rows = rows_of(book)
    runs = copies(found)
    problems: tuple[Problem, ...] = ()
    if len(runs) > 1 and same_plan(runs):
        best = max(runs, key=lambda run: (filled(run), len(run)))
        problems = (copied(best, runs),)
        found = best
    if len(rows) > max(_MANY * len(found), 1):
        found = [row_unit(row) for row in rows]
    else:
        found = with_rows(found, rows)
    return Outline(
        units=tuple(found),
        title=title_of(page),
        id=plan_id((page,)),
        status=read_status(page.front.get("status", "")) or "pending",
        tracker=tuple(rows),
        rules=tuple(book.pages.values()),
        problems=problems,
    )


def rows_of(book: Book) -> list[TableRow]:
    """Return the longest table of phases, one with a status column first."""
    tables = list(phase_rows(book.main))
    return max(
        tables, key=lambda rows: (bool(rows[0].status_text), len(rows)), default=[]
    )


def with_rows(found: Sequence[Unit], rows: Iterable[TableRow]) -> list[Unit]:
    """Let phases know what an overview says they need; their own text stands above."""
    said = {row.key: row.needs for row in rows if row.needs}
    return [replace(u, said=said[u.key]) if u.key in said else u for u in found]


def row_unit(row: TableRow) -> Unit:
    """Make a phase of a table row, when nothing else is written about it."""
    return Unit(
        page=row.page,
        key=row.key,
        title=row.title,
        first=row.line,
        last=row.line,
        said=row.needs,
        status=row.status,
        status_text=row.status_text,
    )


def same_plan(runs: list[list[Unit]]) -> bool:
    """Say whether later runs repeat the numbers of the first."""
    first = {unit.key for unit in runs[0]}
    return len(first) > 1 and all({u.key for u in run} <= first for run in runs[1:])


def filled(run: list[Unit]) -> int:
    """Count the titles that are no template text."""
    return sum(not unit.title.startswith(("[", "<")) for unit in run)


def copied(best: list[Unit], runs: list[list[Unit]]) -> Problem:
    """Say that the plan stands more than once, and which copy was read."""
    return Problem(
        code="plan-twice",
        severity="info",
        message=f"the plan stands {len(runs)} times in this file; this copy was read",
        hint="delete the template or the example",
        source=Span(file=best[0].page.file, line=best[0].first),
    )
