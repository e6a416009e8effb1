"""Trace → JSON of schema ``weighlock/trace/1``."""

from collections.abc import Iterable

from weighlock.run.trace.model import Place, Row, Trace
from weighlock.views.trace.words import counts

Json = dict[str, object]


def data(trace: Trace, rows: Iterable[Row] | None = None) -> Json:
    """Return the document of ``trace --json``.

    Args:
        trace: The whole trace.
        rows: Those of its rows that were asked for; None is all.
    """
    return {
        "schema": "weighlock/trace/1",
        "plan": trace.plan,
        "title": trace.title,
        "run": trace.run or None,
        "commit": trace.commit or None,
        "markers": trace.markers,
        "foreign": trace.foreign,
        "counts": dict(counts(trace.rows)),
        "rows": [_row(row) for row in (trace.rows if rows is None else rows)],
    }


def _row(row: Row) -> Json:
    source = row.source
    return {
        "kind": row.kind,
        "id": row.id,
        "text": row.text,
        "state": row.state,
        "why": row.why,
        "justified": row.justified or None,
        "accepted": row.accepted or None,
        "phases": [
            {
                "key": one.phase,
                "stage": one.stage,
                "verdict": one.verdict or None,
                "commit": one.commit or None,
                "evidence": one.evidence or None,
            }
            for one in row.served
        ],
        "code": [_place(p) for p in row.code],
        "tests": [_place(p) for p in row.tests],
        "documents": [_place(p) for p in row.documents],
        "source": {"file": source.file, "line": source.line} if source else None,
    }


def _place(place: Place) -> Json:
    unit, known = place.unit, place.changed
    return {
        "path": unit.path,
        "line": place.marker.line,
        "first": unit.first,
        "last": unit.last or None,
        "node": unit.node.name if unit.node else None,
        "kind": unit.node.kind if unit.node else None,
        "digest": unit.node.digest if unit.node else None,
        "counts": place.counts,
        "changed": known.answer,
        "commit": known.commit or None,
        "changed_in": list(known.phases),
        "result": place.result or None,
        "wrong": place.wrong or None,
    }
