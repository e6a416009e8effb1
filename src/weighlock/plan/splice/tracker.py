"""What a plan keeps on its phases in one place: a table, boxes, lines of YAML."""

import re
from collections.abc import Iterable, Iterator, Mapping

from weighlock.plan import key
from weighlock.plan.markdown import Table
from weighlock.plan.model import Plan, Span, Status, TrackerRow
from weighlock.plan.splice import boxes
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper, locate
from weighlock.plan.splice.spelling import spell
from weighlock.plan.status import read_status
from weighlock.plan.tables import phase_rows, status_column

_COLUMNS = {
    "started": re.compile(r"start(?:ed)?\b", re.IGNORECASE),
    "completed": re.compile(r"(?:completed|finished|ended|done)\b", re.IGNORECASE),
    "verified": re.compile(r"verif(?:ied|ication)\b", re.IGNORECASE),
}
_EMPTY = re.compile(
    r"[\s\-–—_.]*\Z|\[[ _]?\]\Z|⬜|(?:n/?a|none|tbd|pending)\Z", re.IGNORECASE
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORT = 32
_SPLIT = re.compile(rb"(?<!\\)\|")
_OPEN: frozenset[Status] = frozenset({"pending", "in_progress", "failed", "blocked"})


def write_rows(plan: Plan, paper: Paper, where: Mapping[str, str], note: Note) -> bool:
    """Write a note into every row of its phase on this page.

    Returns:
        Whether there is one.
    """
    rows = [r for r in plan.tracker if locate(where, r.source) == paper.path]
    mine = tuple(_mine(plan, paper, rows, note.phase))
    for row in mine:
        _write_row(paper, row, rows, note)
    return bool(mine)


def _mine(
    plan: Plan, paper: Paper, rows: Iterable[TrackerRow], phase: str
) -> Iterator[TrackerRow]:
    """Yield the rows of a phase; one whose cell is empty is no row to the reader."""
    there = {row.key: row for row in rows}
    name = key.resolve(phase, there)
    if name is not None:
        yield there[name]
        return
    if plan.tracker and not there:
        return
    lines = {row.source.line for row in there.values()}
    for table in phase_rows(paper.page, tracked=True):
        known = {row.key: row for row in table}
        same = not lines or lines & {row.line for row in table}
        if same and (name := key.resolve(phase, known)):
            row = known[name]
            span = Span(file=paper.path, line=row.line)
            yield TrackerRow(key=name, status="pending", status_text="", source=span)
            return


def _write_row(
    paper: Paper, row: TrackerRow, rows: Iterable[TrackerRow], note: Note
) -> None:
    """Write a note into its row; cells that say the same already stay as they are."""
    number = row.source.line
    table = _table(paper, number)
    if paper.path.endswith((".yaml", ".yml")):
        _write_entry(paper, number, note)
    elif table is None:  # a road map or a list of milestones has boxes for rows
        boxes.set_dated(paper, number, [r.source.line for r in rows], note)
    else:
        _write_cells(paper, table, row, rows, note)


def _write_cells(
    paper: Paper, table: Table, row: TrackerRow, rows: Iterable[TrackerRow], note: Note
) -> None:
    number = row.source.line
    others = tuple(r for r in rows if r.source.line != number)
    content, ruler = paper.line(number), paper.line(table.line + 1)
    for name, column in columns_of(table).items():
        old = _cell_text(table, number, column)
        new = _value(name, column, old, _Context(paper, table, others, note))
        if new is not None:
            content = set_cell(content, column, new, ruler)
    paper.put(number, content)


def _write_entry(paper: Paper, number: int, note: Note) -> None:
    """Write a line of ``sprint-status.yaml``: ``  1-2-user-login: review``."""
    found = _ENTRY.match(paper.line(number))
    if found and read_status(found[2].decode(errors="replace")) != note.status:
        word = SPRINT.get(note.status, note.status.replace("_", "-"))
        paper.put(number, found[1] + word.encode() + found[3])


_ENTRY = re.compile(rb"\A(\s+[\w-]+:\s*)([\w -]*\w)(.*)\Z")
SPRINT: dict[Status, str] = {"pending": "ready-for-dev", "completed": "done"}
"""State → the word of BMAD, where it has one of its own."""


def columns_of(table: Table) -> dict[str, int]:
    """Return which column of a table holds what."""
    status = status_column(table)
    found = {} if status is None else {"status": status}
    for at, head in enumerate(table.header):
        for name, pattern in _COLUMNS.items():
            if at != status and pattern.match(head.strip("*_` ")):
                found.setdefault(name, at)
    return found


def _table(paper: Paper, number: int) -> Table | None:
    for table in paper.page.tables:
        if any(row.line == number for row in table.rows):
            return table
    return None


def _cell_text(table: Table, number: int, column: int) -> str | None:
    cells = next(row.cells for row in table.rows if row.line == number)
    return cells[column] if column < len(cells) else None


class _Context:
    """What a cell's new content depends on, beside the cell itself."""

    def __init__(
        self, paper: Paper, table: Table, rows: tuple[TrackerRow, ...], note: Note
    ) -> None:
        self.paper, self.table, self.rows, self.note = paper, table, rows, note

    def seen(self, column: int, status: Status) -> list[bytes]:
        """Return what other rows of this state hold in a column, as bytes."""
        mine = {row.line for row in self.table.rows}
        found = [
            get_cell(self.paper.line(r.source.line), column)
            for r in self.rows
            if r.status == status and r.source.line in mine
        ]
        return [cell for cell in found if cell is not None]


def _value(name: str, column: int, old: str | None, at: _Context) -> bytes | None:
    """Return what a cell should hold, or None when it may stay."""
    if old is None:
        return None
    if name == "status":
        return _status(column, old, at)
    if name == "verified":
        return _verified(column, old, at)
    note = at.note
    if name == "started":
        day = note.started[:10]
        return day.encode() if day and _EMPTY.match(old) else None
    if note.status == "completed":
        dated = old[:10] == note.date or not (_EMPTY.match(old) or _DAY.match(old))
        return None if dated else note.date.encode()
    return _blank(column, old, at) if note.status in _OPEN else None


def _status(column: int, old: str, at: _Context) -> bytes | None:
    if read_status(old) == at.note.status:
        return None
    return spell(at.note.status, old, at.seen(column, at.note.status), at.paper)


def _verified(column: int, old: str, at: _Context) -> bytes | None:
    if not at.note.verified:
        return _blank(column, old, at)
    if not _EMPTY.match(old):
        return None
    seen = [
        c
        for c in at.seen(column, "completed")
        if not _EMPTY.match(c.decode(errors="replace"))
    ]
    if seen:
        return max(seen, key=seen.count)
    if old.startswith("["):
        return b"[x]"
    return "✅".encode() if old == "⬜" else b"yes"


def _blank(column: int, old: str, at: _Context) -> bytes | None:
    """Empty a cell again the way this table does: what it claims is not so."""
    claim = len(old) <= _SHORT and (read_status(old) or _DAY.match(old))
    if _EMPTY.match(old) or not claim:
        return None  # what somebody wrote about it is no claim that it is so
    empty = [
        c
        for c in at.seen(column, "pending")
        if _EMPTY.match(c.decode(errors="replace"))
    ]
    return max(empty, key=empty.count) if empty else b"-"


def get_cell(line: bytes, column: int) -> bytes | None:
    """Return the bytes of one cell, without padding."""
    parts, first = _parts(line)
    at = first + column
    return parts[at].strip() if at < len(parts) else None


def set_cell(line: bytes, column: int, content: bytes, ruler: bytes = b"") -> bytes:
    """Replace one cell and keep its padding.

    Where the cell was as wide as the table's ruler, the author keeps columns
    aligned: then the padding gives way instead.
    """
    parts, first = _parts(line)
    at = first + column
    if at >= len(parts) or parts[at].strip() == content:
        return line
    old = parts[at]
    lead = old[: len(old) - len(old.lstrip())] if old.strip() else b" "
    tail = b" " if old.endswith((b" ", b"\t")) or not old.strip() else b""
    rules, start = _parts(ruler)
    if start + column < len(rules) and len(rules[start + column]) == _length(old):
        tail = tail.ljust(_length(old) - _length(lead + content))
    parts[at] = lead + content + tail
    return b"|".join(parts)


def _parts(line: bytes) -> tuple[list[bytes], int]:
    """Split a row at its bars; the first cell may stand before the first bar."""
    return _SPLIT.split(line), 1 if line.lstrip().startswith(b"|") else 0


def _length(cell: bytes) -> int:
    return len(cell.decode("utf-8", errors="replace"))
