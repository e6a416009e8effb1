"""A phase's state: every place on a page that says it, and whether it is read back."""

import re
from collections.abc import Set as AbstractSet

from weighlock.plan.dialects.execplan import progress_boxes
from weighlock.plan.model import Phase, Plan, Source, Status
from weighlock.plan.splice import boxes, heads, lines, tracker
from weighlock.plan.splice.checkpoints import write_checkpoint
from weighlock.plan.splice.entries import WORDS, write_entry
from weighlock.plan.splice.note import Note
from weighlock.plan.splice.paper import Paper, locate, open_, places
from weighlock.plan.status import read_status

_GROUPED = frozenset({"spec-kit", "openspec", "kiro", "bmad"})
"""Dialects in which boxes stand above the boxes of the phases."""
_BOX = re.compile(r"\[[^\[\]]{0,3}\]\*?")
_STEPS = re.compile(r"^[\s>]*(?:[-*+]|\d+[.)])\s+\[[^\[\]]?\]\s", re.MULTILINE)
_FOLDED = re.compile(r"\d+(?:\.\d+)?-\d+(?:#\d+)?")


def write_state(plan: Plan, phase: Phase, note: Note, source: Source) -> bytes:
    """Return one file of the plan with a phase's state written in."""
    where = places(plan)
    mine = locate(where, phase.source) == source.path
    if plan.dialect == "task-master":
        return write_entry(source.data, phase, note.status) if mine else source.data
    paper = open_(source.path, source.data)
    if paper is None:
        return source.data
    rows = tracker.write_rows(plan, paper, where, note)
    if not mine:
        return paper.data()
    place = _write_own(plan, paper, phase, note) or rows or bool(phase.status_text)
    if plan.dialect == "biscuit":
        return write_checkpoint(paper.data(), note)
    if not place:
        _give_place(plan, paper, phase, note)
    return paper.data()


def _write_own(plan: Plan, paper: Paper, phase: Phase, note: Note) -> bool:
    """Write what the phase's own lines say; say whether they say a state."""
    if plan.dialect == "bmad" and phase.source.line == 1:
        return heads.write_story(paper, note)
    steps = _steps(plan, paper, phase)
    if phase.status != note.status or steps:
        _write_boxes(plan, paper, phase, note, steps)
    others = _others(plan, phase)
    if plan.dialect == "execution-plan":
        lines.write_completed(paper, phase, others, note)
    line = lines.write_status(paper, phase, others, note)
    if phase.source.line == 1 and paper.page.front:
        return heads.write_front(paper, note) or line
    return heads.write_heading(paper, phase, others, note) or line or bool(steps)


def _others(plan: Plan, phase: Phase) -> tuple[Phase, ...]:
    here = phase.source.file
    return tuple(p for p in plan.phases if p.key != phase.key and p.source.file == here)


def _steps(plan: Plan, paper: Paper, phase: Phase) -> tuple[int, ...]:
    """Return the lines of the boxes whose sum is the state of a phase."""
    if plan.dialect == "execplan" and phase.status_text == "Progress":
        return tuple(line for line, *_ in progress_boxes(paper.page))
    own = boxes.ticked(paper, phase.source.line) is not None
    if plan.dialect == "superpowers" or (plan.dialect == "bmad" and not own):
        return tuple(boxes.below(paper, phase))
    return ()


def _write_boxes(
    plan: Plan, paper: Paper, phase: Phase, note: Note, steps: tuple[int, ...]
) -> None:
    if steps:
        boxes.tick_steps(paper, steps, note)
    elif _BOX.fullmatch(phase.status_text):
        boxes.set_box(paper, phase.source.line, note)
    if plan.dialect in _GROUPED:
        boxes.tick_groups(paper, plan, phase, note)


def _give_place(plan: Plan, paper: Paper, phase: Phase, note: Note) -> None:
    """Let a phase say its state as other phases of the page do."""
    others = _others(plan, phase)
    if note.status == "pending" or not paper.page.headings_between(
        phase.source.line, phase.source.line
    ):
        return
    if not lines.add_status(paper, phase, others, note):
        heads.sign_heading(paper, phase, others, note)


def same_shape(before: Plan, after: Plan, keys: AbstractSet[str]) -> bool:
    """Say whether nothing but the states of these phases differs."""
    return _shape(before, keys) == _shape(after, keys)


def _shape(plan: Plan, keys: AbstractSet[str]) -> list[tuple[str, str, Status | None]]:
    return [(p.key, p.title, None if p.key in keys else p.status) for p in plan.phases]


def states(after: Plan, note: Note) -> bool:
    """Say whether a plan reads back as a note says."""
    phase = after.phase(note.phase)
    if phase is None:
        return False
    if phase.status == note.status:
        return True
    if after.dialect == "task-master":
        return phase.status == read_status(WORDS[note.status])
    if not boxed(after, phase) or note.status == "pending":
        return False
    return (phase.status == "completed") == (note.status == "completed")


def boxed(plan: Plan, phase: Phase) -> bool:
    """Say whether a phase's state is a box, which tells done from not done."""
    if plan.dialect in {"superpowers", "bmad"} and not phase.status_text:
        return bool(_STEPS.search(phase.text))
    if plan.dialect == "gsd":
        return bool(_FOLDED.fullmatch(phase.key))
    text = phase.status_text
    return text == "Progress" or bool(_BOX.fullmatch(text))
