"""Write what weighlock found back into a plan, byte for byte.

Only the cells, boxes and lines that say something else than the note are touched;
every other byte stays: encodings, line ends, padding, a missing last newline.
"""

from collections.abc import Mapping

from weighlock.plan.model import Phase, Plan, Span
from weighlock.plan.splice import lines, tracker
from weighlock.plan.splice.checkpoints import write_checkpoint
from weighlock.plan.splice.logs import write_logs
from weighlock.plan.splice.marker import marker_path, write_marker
from weighlock.plan.splice.note import Delivered, Note, Ran, Remedy
from weighlock.plan.splice.paper import Paper, locate, open_, places

__all__ = ["Delivered", "Note", "Ran", "Remedy", "record"]

_BOXES = frozenset({"spec-kit", "openspec", "kiro", "bmad", "superpowers"})
"""Dialects in which the box in front of a phase is its state."""


def record(plan: Plan, note: Note) -> Mapping[str, bytes]:
    """Write one phase's state into the plan's own dialect.

    Returns the files that change: path relative to the plan's root → new bytes.
    An unknown phase changes nothing.
    """
    phase = plan.phase(note.phase)
    if phase is None:
        return {}
    old = {s.path: s.data for s in plan.sources}
    new = {path: _rewrite(plan, phase, note, path, data) for path, data in old.items()}
    if plan.dialect == "phase-directory" and note.status == "completed":
        new[marker_path(plan, phase)] = write_marker(phase, note)
    return {path: data for path, data in new.items() if old.get(path) != data}


def _rewrite(plan: Plan, phase: Phase, note: Note, path: str, data: bytes) -> bytes:
    """Return one file with everything that concerns it written in."""
    paper = open_(path, data) if path.endswith((".md", ".markdown", ".mdx")) else None
    if paper is None:
        return data
    where = places(plan)
    _write_rows(plan, paper, where, note)
    if locate(where, phase.source) == path:
        _write_phase(plan, paper, phase, note)
    for at in note.criteria:
        if at < len(phase.criteria) and _in(where, phase.criteria[at].source, path):
            lines.tick(paper, phase.criteria[at].source.line)
    if note.documents:
        lines.tick_documents(paper, note.documents)
    data = write_logs(paper.data(), note)
    mine = locate(where, phase.source) == path
    if plan.dialect == "biscuit" and mine and note.status != "pending":
        data = write_checkpoint(data, note)
    return data


def _in(where: Mapping[str, str], span: Span, path: str) -> bool:
    return locate(where, span) == path


def _write_rows(plan: Plan, paper: Paper, where: Mapping[str, str], note: Note) -> None:
    rows = [r for r in plan.tracker if _in(where, r.source, paper.path)]
    for row in rows:
        if row.key == note.phase:
            tracker.write_row(paper, row, rows, note)


def _write_phase(plan: Plan, paper: Paper, phase: Phase, note: Note) -> None:
    here = phase.source.file
    others = [p for p in plan.phases if p.key != phase.key and p.source.file == here]
    lines.write_status(paper, phase, others, note)
    if plan.dialect == "execution-plan":
        lines.write_completed(paper, phase, note)
    if plan.dialect in _BOXES:
        lines.tick(paper, phase.source.line, done=note.status == "completed")
