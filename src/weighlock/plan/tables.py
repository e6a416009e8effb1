"""Tables about phases: trackers, overviews, requirement coverage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.labels import topic_of
from weighlock.plan.markdown import Page, Row, Table
from weighlock.plan.outline import TableRow
from weighlock.plan.requirements import read_ids
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean, read_title

_PHASE = re.compile(
    r"(?:phases?|waves?|steps?|slices?|batch|stages?)(?:\s*(?:#|id|no\.?|number))?|#|no\.?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"#|no\.?", re.IGNORECASE)
_WORK = re.compile(
    r"(?:phase|step|slice|wave|stage|task|milestone|work item)s?", re.IGNORECASE
)
_STATUS = re.compile(
    r"(?:current |phase )?status|state|done\??|progress", re.IGNORECASE
)
_TITLE = re.compile(
    r"description|name|title|focus|file|summary|goal|what|work"
    r"|notes?|phase name|feature",
    re.IGNORECASE,
)
_COVERED = re.compile(
    r"(?:covered |implementing |covering )?(?:phases?|covered by|plan phases?)",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(r"(?:requirement|req)s?(?:\s*ids?)?|id", re.IGNORECASE)
_KEYS = re.compile(r"(?<![\w.-])P?(\d{1,3}(?:\.\d+)?[a-z]?)(?![\w-])", re.IGNORECASE)


def phase_rows(page: Page, *, tracked: bool | None = None) -> Iterator[list[TableRow]]:
    """Yield the rows of each table of phases; ``tracked`` asks for a status column."""
    for table in page.tables:
        names = _names(table)
        column = next((n for n, x in enumerate(names) if _PHASE.fullmatch(x)), None)
        status = status_column(table)
        needs = next((n for n, x in enumerate(names) if topic_of(x) == "needs"), None)
        if column is None or column > 1 or _REQUIREMENT.fullmatch(names[0]):
            continue
        if _COUNT.fullmatch(names[column]) and not (
            needs is not None or (status is not None and _counts_work(names))
        ):
            continue
        if tracked is not None and tracked != (status is not None):
            continue
        rows = [
            replace(r, needs=_cell(row, needs))
            for row in table.rows
            if (r := _row(page, table, row, column, status))
        ]
        if rows:
            yield rows


def status_column(table: Table) -> int | None:
    """Return the column that says how far a phase is, or None."""
    return next((n for n, x in enumerate(_names(table)) if _STATUS.fullmatch(x)), None)


def _names(table: Table) -> list[str]:
    return [clean(cell) or cell.strip("* `") for cell in table.header]


def _row(
    page: Page, table: Table, row: Row, column: int, status: int | None
) -> TableRow | None:
    cell = row.cells[column] if column < len(row.cells) else ""
    found = read_title(cell)
    number = key.normal(cell.strip("* ")) or (
        found.key if found and found.unit else None
    )
    if number is None or len(row.cells) <= 1:
        return None
    said = _cell(row, status)
    titled = found.title if found and found.unit else ""
    return TableRow(
        key=number,
        title=titled or _title(table, row, column),
        status=read_status(said),
        status_text=said,
        page=page,
        line=row.line,
    )


def _counts_work(names: Sequence[str]) -> bool:
    """Say whether a table whose rows only have numbers is one of phases."""
    return any(_WORK.fullmatch(name) for name in names)


def _cell(row: Row, column: int | None) -> str:
    return row.cells[column] if column is not None and column < len(row.cells) else ""


def _title(table: Table, row: Row, column: int) -> str:
    for n, name in enumerate(table.header):
        if n != column and _TITLE.fullmatch(clean(name)) and n < len(row.cells):
            text = clean(re.sub(r"\s*\(VERIFICATION\)\s*$", "", row.cells[n]))
            if text:
                return text
    after = row.cells[column + 1 : column + 2]
    return clean(after[0]) if after and read_status(after[0]) is None else ""


def coverage(page: Page) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Yield (requirement, keys of phases, line) of each requirement coverage table."""
    for table in page.tables:
        names = [clean(cell) for cell in table.header]
        if not names or not _REQUIREMENT.fullmatch(names[0]):
            continue
        column = next(
            (n for n, x in enumerate(names) if n and _COVERED.fullmatch(x)), None
        )
        if column is None:
            continue
        for row in table.rows:
            if column < len(row.cells):
                keys = _keys(row.cells[column])
                for name in read_ids(row.cells[0]):
                    yield name, keys, row.line


def _keys(cell: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(k for m in _KEYS.finditer(cell) if (k := key.normal(m[1])))
    )
