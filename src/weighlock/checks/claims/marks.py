"""What an agent wrote into the plan as done: boxes, statuses, completion markers."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace

from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject
from weighlock.errors import WeighlockError
from weighlock.plan.key import normal
from weighlock.plan.model import Criterion, Phase, Plan, Span
from weighlock.plan.read import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One phase that is said to be done, or one criterion of it."""

    phase: str
    where: Span
    criterion: Criterion | None = None
    """None: the whole phase."""


def marks(subject: Subject) -> list[Mark]:
    """Return what is marked as done in the delivery and was not at base."""
    return [*_markers(subject), *_statuses(subject)]


def _markers(subject: Subject) -> Iterator[Mark]:
    """Read new files such as ``.completed/P05.md``; our own are no claims."""
    for change in subject.changes:
        if change.status == "D" or not paths.is_claim(change.path):
            continue
        from weighlock.plan.splice.marker import SIGNED  # with all that writes plans

        name = posixpath.splitext(posixpath.basename(change.path))[0]
        if SIGNED not in subject.new.text(change.path):
            where = Span(file=change.path, line=1)
            yield Mark(phase=normal(name) or name, where=where)


def _statuses(subject: Subject) -> Iterator[Mark]:
    later = _delivered(subject)
    if later is None:
        return
    done = {row.key for row in subject.plan.tracker if row.status == "completed"}
    done |= {p.key for p in subject.plan.phases if p.status == "completed"}
    rows = [(row.key, row.source) for row in later.tracker if row.status == "completed"]
    rows += [(p.key, p.source) for p in later.phases if p.status == "completed"]
    for key, where in dict(reversed(rows)).items():
        if key not in done:
            yield Mark(phase=key, where=_home(subject, where))
    now = later.phase(subject.phase.key)
    if now is not None:
        yield from _boxes(subject, subject.phase, now)


def _boxes(subject: Subject, before: Phase, now: Phase) -> Iterator[Mark]:
    ticked = {c.text for c in before.criteria if c.done}
    for criterion in now.criteria:
        if criterion.done and criterion.text not in ticked:
            where = _home(subject, criterion.source)
            yield Mark(phase=now.key, where=where, criterion=criterion)


def _delivered(subject: Subject) -> Plan | None:
    """Read the plan as the delivery has it; None when it is as it was."""
    root = subject.plan_root
    if root is None or not any(subject.is_plan(c.path) for c in subject.changes):
        return None
    plan = subject.plan
    sources = []
    for source in plan.sources:
        data = subject.new.read(posixpath.normpath(posixpath.join(root, source.path)))
        sources += [] if data is None else [replace(source, data=data)]
    if not sources:
        return None
    try:
        return read(sources, path=plan.path, root=plan.root, dialect=plan.dialect)
    except WeighlockError:  # what an agent made of it is no plan any more
        return None


def _home(subject: Subject, where: Span) -> Span:
    """Return a position as the repository names it."""
    inside = posixpath.relpath(where.file, subject.plan.root or ".")
    path = posixpath.normpath(posixpath.join(subject.plan_root or "", inside))
    return replace(where, file=path)
