"""``tracker --write``: where a run stands, into the plan's files in the work tree."""

from pathlib import Path

from weighlock.cli.changed.revise import folder_of, newest
from weighlock.cli.context import Globals
from weighlock.cli.opened import Opened
from weighlock.cli.seen import seen
from weighlock.cli.writing.replace import replace
from weighlock.engine.pages import brief, iso
from weighlock.errors import RefusedError
from weighlock.plan.changes import compare
from weighlock.plan.model import Plan, Status
from weighlock.plan.splice import Note, record_all
from weighlock.run.state import RunState
from weighlock.views.state import Row, rows

_STATUS: dict[str, Status] = {
    "passed": "completed",
    "stale": "completed",
    "running": "in_progress",
    "verifying": "in_progress",
    "needs-input": "blocked",
    "blocked": "blocked",
    "failed": "failed",
    "timeout": "timed_out",
    "skipped": "skipped",
}
"""What a person sees of a phase → the state that plans know; else pending."""


def stamp(opened: Opened, globals_: Globals) -> int:
    """Write the states; say which files changed. Writing twice changes nothing more.

    Raises:
        RefusedError: The plan in the work tree has phases that the run does not know.
    """
    kept = opened.plan()
    plan = newest(opened, kept)
    names = {c.before: c.after for c in compare(kept, plan) if c.before and c.after}
    if set(names.values()) != {p.key for p in plan.phases}:
        raise RefusedError(
            "the plan in the work tree has phases that the run does not know",
            hint=f"take it in first: weighlock resume {opened.state.run}",
        )
    found = rows(kept, opened.state, seen(opened, kept))
    notes = [
        _note(row, names[row.key], opened.state) for row in found if row.key in names
    ]
    written = record_all(plan, notes)
    changed = written.files
    folder = folder_of(opened)
    for path, data in changed.items():
        _put(folder / path, data)
    if globals_.json:
        document = {
            "schema": "weighlock/written/1",
            "files": sorted(changed),
            "unsaid": list(written.unsaid),
        }
        globals_.data(document)
    for path in sorted(changed):
        globals_.say(f"wrote {folder / path}")
    _tell_unsaid(plan, notes, written.unsaid, globals_)
    if not changed and not written.unsaid:
        globals_.say("the plan says so already")
    return 0


def _tell_unsaid(
    plan: Plan, notes: list[Note], unsaid: tuple[str, ...], globals_: Globals
) -> None:
    """Name the phases whose state was not written, and what the plan says of them."""
    wanted = {note.phase: note.status for note in notes}
    for key in unsaid:
        phase = plan.phase(key)
        says = f"it says {phase.status}" if phase else ""
        globals_.say(f"phase {key}: no place to write {wanted[key]}; {says}")


def _note(row: Row, key: str, state: RunState) -> Note:
    at = state.phase(row.key)
    if row.word == "passed":
        return brief(key, at)
    return Note(
        phase=key,
        status=_STATUS.get(row.word, "pending"),
        at=iso(at.last.judged.at if at.last and at.last.judged else state.updated),
        started=iso(at.attempts[0].started) if at.attempts else "",
        error=row.note,
        blockers=at.blocks,
    )


def _put(path: Path, data: bytes | None) -> None:
    """Replace a file whole, or remove it: a reader never sees half of one."""
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, data)
