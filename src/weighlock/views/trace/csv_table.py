"""A trace as comma-separated values: one line for each place, RFC 4180."""

import csv
import io
from collections.abc import Iterator

from weighlock.run.trace.model import Place, Row, Trace
from weighlock.views.text import clean

COLUMNS = (
    "kind",
    "id",
    "text",
    "state",
    "why",
    "justified",
    "phases",
    "path",
    "line",
    "node",
    "counts",
    "changed",
    "commit",
    "result",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def csv_table(trace: Trace) -> str:
    """Return the table; a row without a place has one line with empty cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in trace.rows:
        writer.writerows(_lines(row))
    return out.getvalue()


def _lines(row: Row) -> Iterator[list[str]]:
    phases = " ".join(f"{one.phase}:{one.stage}" for one in row.served)
    about = (row.kind, row.id, row.text, row.state, row.why, row.justified, phases)
    shared = [_cell(text) for text in about]
    for place in row.places or (None,):
        yield [*shared, *(_cell(text) for text in _place(place))]


def _place(place: Place | None) -> tuple[str, ...]:
    if place is None:
        return ("",) * 7
    unit = place.unit
    return (
        unit.path,
        str(place.marker.line),
        unit.node.name if unit.node else "",
        place.counts,
        place.changed.answer,
        place.changed.commit,
        place.result,
    )


def _cell(text: str) -> str:
    """Make a text safe to be opened by a spreadsheet."""
    told = clean(text)
    return f"'{told}" if told.lstrip().startswith(_FORMULA) else told
