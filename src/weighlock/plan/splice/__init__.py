"""Write what weighlock found back into a plan, byte for byte.

Only the cells, boxes and lines that say something else than the note are touched;
every other byte stays: encodings, line ends, padding, a missing last newline.  A state
is written only where the reader reads it back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat

from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read
from weighlock.plan.splice import boxes
from weighlock.plan.splice.logs import write_logs
from weighlock.plan.splice.marker import (
    SIGNED,
    drop_marker,
    marker_path,
    write_marker,
)
from weighlock.plan.splice.note import Delivered, Note, Ran, Remedy
from weighlock.plan.splice.paper import locate, open_, places
from weighlock.plan.splice.stated import same_shape, states, write_state

__all__ = ["Delivered", "Note", "Ran", "Remedy", "Written", "record", "record_all"]

Files = dict[str, bytes | None]
_Stated = tuple[Plan, tuple[str, ...]]
"""A plan with states written in, and the keys of those that it has no place for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What writing changes, and what the plan has no place for."""

    files: Mapping[str, bytes | None]
    """Path relative to the plan's root → new bytes; None: it is to go."""
    unsaid: tuple[str, ...] = ()
    """Keys of the phases whose state the plan cannot say; nothing was written of it."""


def record(plan: Plan, note: Note) -> Mapping[str, bytes | None]:
    """Write one phase's state and its evidence into the plan's own dialect.

    Returns the files that change: path relative to the plan's root → new bytes; None
    for a completion marker of ours that is to go. An unknown phase changes nothing.
    """
    return record_all(plan, [note]).files


def record_all(plan: Plan, notes: Iterable[Note]) -> Written:
    """Write several phases' states and evidence, one after the other."""
    known = [note for note in notes if plan.phase(note.phase)]
    now, unsaid = _together(plan, known) or _in_turn(plan, known)
    for note in known:
        now = _with(now, _evidence(now, note))
    return Written(files=_changed(plan, now), unsaid=unsaid)


def _together(plan: Plan, notes: Sequence[Note]) -> _Stated | None:
    """Write many states and read the plan once; None where that would not do.

    What has no place in the plan is left out of a second try.
    """
    unsaid: list[str] = []
    for _ in range(2):
        wanted = [n for n in notes if n.phase not in unsaid]
        after = _unread(plan, wanted)
        after = after and _with(plan, _changed(plan, after))
        if after is None or not same_shape(plan, after, {n.phase for n in wanted}):
            return None
        new = [n.phase for n in wanted if not states(after, n)]
        if not new:
            return after, tuple(n.phase for n in notes if n.phase in unsaid)
        unsaid += new
    return None


def _unread(plan: Plan, notes: Iterable[Note]) -> Plan | None:
    """Write states line by line; None where a line comes in and moves the others."""
    now = plan
    seen = set[str]()
    for note in notes:
        files = _state(now, note)
        if note.phase in seen or any(map(_moved, now.sources, repeat(files))):
            return None
        seen.add(note.phase)
        now = replace(
            now,
            sources=_sources(now, files),
            phases=tuple(
                replace(p, status=note.status) if p.key == note.phase else p
                for p in now.phases
            ),
        )
    return now


def _moved(source: Source, files: Files) -> bool:
    data = files.get(source.path) or source.data
    lines = data.count(b"\n") - source.data.count(b"\n")
    return lines != 0 and SIGNED.encode() not in data


def _in_turn(plan: Plan, notes: Iterable[Note]) -> _Stated:
    now, unsaid = plan, list[str]()
    for note in notes:
        now, told = _stated(now, note)
        if not told:
            unsaid.append(note.phase)
    return now, tuple(unsaid)


def _stated(plan: Plan, note: Note) -> tuple[Plan, bool]:
    """Write a state; return the plan as it is then, and whether it says so."""
    after = _with(plan, _state(plan, note))
    told = same_shape(plan, after, {note.phase}) and states(after, note)
    return (after, True) if told else (plan, False)


def _with(plan: Plan, files: Files) -> Plan:
    """Read a plan again with some of its files changed."""
    if not files:
        return plan
    sources = _sources(plan, files)
    return read(sources, path=plan.path, root=plan.root, dialect=plan.dialect)


def _sources(plan: Plan, files: Files) -> tuple[Source, ...]:
    now = Files({s.path: s.data for s in plan.sources}) | files
    return tuple(Source(path=p, data=d) for p, d in now.items() if d is not None)


def _changed(old: Plan, new: Plan) -> Files:
    before = {s.path: s.data for s in old.sources}
    after = {s.path: s.data for s in new.sources}
    files: Files = {p: d for p, d in after.items() if before.get(p) != d}
    return files | dict.fromkeys(p for p in before if p not in after)


def _state(plan: Plan, note: Note) -> Files:
    """Return the files that say a phase's state, with the new one written in."""
    where = places(plan)
    phase = plan.phase(note.phase)
    if phase is None:
        return {}
    rows = {locate(where, r.source) for r in plan.tracker}
    wanted = rows | {locate(where, phase.source)}
    files: Files = {}
    for source in plan.sources:
        if source.path in wanted or not rows:
            data = write_state(plan, phase, note, source)
            if data != source.data:
                files[source.path] = data
    path = marker_path(plan, phase)
    if path and note.status == "completed":
        files |= _marked(plan, path, write_marker(phase, note))
    elif gone := drop_marker(plan, phase):
        files[gone] = None
    return files


def _marked(plan: Plan, path: str, text: bytes) -> Files:
    """Put a marker in its place; a summary that an agent wrote for the next stays."""
    old = next((s.data for s in plan.sources if s.path == path), None)
    theirs = old is not None and SIGNED.encode() not in old
    return {} if plan.dialect == "gsd" and theirs else {path: text}


def _evidence(plan: Plan, note: Note) -> Files:
    """Return the files with ticked criteria and documents, and with new log rows."""
    phase = plan.phase(note.phase)
    if phase is None or not (
        note.criteria or note.documents or note.blockers or note.remedies
    ):
        return {}
    where, files = places(plan), Files()
    spans = [phase.criteria[n].source for n in note.criteria if n < len(phase.criteria)]
    for source in plan.sources:
        paper = open_(source.path, source.data)
        if paper is None or source.path.endswith(".json"):
            continue
        for span in spans:
            if locate(where, span) == source.path:
                boxes.tick(paper, span.line)
        if note.documents:
            boxes.tick_documents(paper, note.documents)
        data = write_logs(paper.data(), note)
        if data != source.data:
            files[source.path] = data
    return files
