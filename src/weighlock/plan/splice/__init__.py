"""Write what weighlock found back into a plan, byte for byte.

Only the cells, boxes and lines that say something else than the note are touched;
every other byte stays: encodings, line ends, padding, a missing last newline.
"""

from collections.abc import Iterable, Mapping

from weighlock.plan.model import Phase, Plan, Source, Span
from weighlock.plan.read import read
from weighlock.plan.splice import boxes, lines, tracker
from weighlock.plan.splice.checkpoints import write_checkpoint
from weighlock.plan.splice.entries import write_entry
from weighlock.plan.splice.logs import write_logs
from weighlock.plan.splice.marker import drop_marker, marker_path, write_marker
from weighlock.plan.splice.note import Delivered, Note, Ran, Remedy
from weighlock.plan.splice.paper import Paper, locate, open_, places

__all__ = ["Delivered", "Note", "Ran", "Remedy", "record", "record_all"]

_BOXES = frozenset({"spec-kit", "openspec", "kiro", "bmad", "superpowers"})
"""Dialects in which the box in front of a phase is its state."""


def record(plan: Plan, note: Note) -> Mapping[str, bytes | None]:
    """Write one phase's state into the plan's own dialect.

    Returns the files that change: path relative to the plan's root → new bytes; None
    for a completion marker of ours that is to go. An unknown phase changes nothing.
    """
    phase = plan.phase(note.phase)
    if phase is None:
        return {}
    old = {s.path: s.data for s in plan.sources}
    new: dict[str, bytes | None] = {
        path: _rewrite(plan, phase, note, path, data) for path, data in old.items()
    }
    if plan.dialect == "phase-directory":
        new |= _marked(plan, phase, note)
    return {path: data for path, data in new.items() if old.get(path) != data}


def record_all(plan: Plan, notes: Iterable[Note]) -> Mapping[str, bytes | None]:
    """Write several phases' states, one after the other; return what changes."""
    now = plan
    for note in notes:
        new = record(now, note)
        if new:
            files: dict[str, bytes | None] = {s.path: s.data for s in now.sources}
            files |= new
            sources = [
                Source(path=p, data=d) for p, d in files.items() if d is not None
            ]
            now = read(sources, path=plan.path, root=plan.root, dialect=plan.dialect)
    old = {s.path: s.data for s in plan.sources}
    after = {s.path: s.data for s in now.sources}
    changed = {p: d for p, d in after.items() if old.get(p) != d}
    return {**changed, **dict.fromkeys(p for p in old if p not in after)}


def _marked(plan: Plan, phase: Phase, note: Note) -> dict[str, bytes | None]:
    if note.status == "completed":
        return {marker_path(plan, phase): write_marker(phase, note)}
    gone = drop_marker(plan, phase)
    return {gone: None} if gone else {}


def _rewrite(plan: Plan, phase: Phase, note: Note, path: str, data: bytes) -> bytes:
    """Return one file with everything that concerns it written in."""
    if plan.dialect == "task-master" and locate(places(plan), phase.source) == path:
        return write_entry(data, phase, note.status)
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
    if plan.dialect == "biscuit" and mine:
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
    if plan.dialect not in _BOXES or phase.status == note.status:
        return
    lines.tick(paper, phase.source.line, done=note.status == "completed")
    boxes.tick_groups(paper, plan, phase, note)
    if plan.dialect == "superpowers" and note.status in {"completed", "pending"}:
        boxes.tick_steps(paper, phase, done=note.status == "completed")
