"""What a pass writes into the plan's own files: row, marker, checkpoint, boxes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from weighlock.plan.changes.canonical import canonical
from weighlock.plan.encoding import decode
from weighlock.plan.model import Phase, Plan, Source
from weighlock.plan.read import read
from weighlock.plan.splice import Delivered, Note, Ran, Remedy, record
from weighlock.run.evidence import Evidence, Verdict
from weighlock.run.phase import PhaseState
from weighlock.run.policy import root_cause
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A pass, with everything that is written down about it."""

    phase: Phase
    verdict: Verdict
    state: PhaseState
    digest: str
    """Of the verdict document."""
    at: float
    lines: Mapping[str, int]
    """Changed path → its number of lines; -1 when it was deleted."""


def pages(
    plan: Plan, sources: tuple[Source, ...], entry: Entry
) -> Mapping[str, bytes | None]:
    """Write an entry into the plan's files as they are on the branch.

    Args:
        plan: The plan that runs; says how its files are to be read.
        sources: The plan's files as they are on the branch now.
        entry: What passed.

    Returns:
        Path relative to the plan's root → new bytes; only what changes.
    """
    now = read(sources, path=plan.path, root=plan.root, dialect=plan.dialect)
    return record(now, note(entry))


def newest(
    plan: Plan, there: Mapping[str, bytes], state: RunState
) -> tuple[Source, ...]:
    """Return the files of the plan that runs, with what has passed written in.

    Where the branch says the same, its bytes are taken. Where it has an older version,
    a person changed the plan during the run, and the run's own copy takes its place.

    Args:
        plan: The plan that runs.
        there: Path relative to the plan's root → bytes on the branch.
        state: Where its phases stand.
    """
    sources = tuple(
        replace(s, data=there[s.path]) if _alike(s, there.get(s.path)) else s
        for s in plan.sources
    )
    if all(there.get(s.path) == s.data for s in sources):
        return sources
    for phase in plan.phases:
        if state.phase(phase.key).stage == "passed":
            sources = _written(plan, sources, brief(phase.key, state.phase(phase.key)))
    return sources


def _alike(source: Source, other: bytes | None) -> bool:
    """Say whether two versions of a file differ only in what weighlock writes."""
    if other is None or other == source.data:
        return other is not None
    return canonical(decode(other).lines) == canonical(decode(source.data).lines)


def _written(plan: Plan, sources: tuple[Source, ...], said: Note) -> tuple[Source, ...]:
    now = read(sources, path=plan.path, root=plan.root, dialect=plan.dialect)
    new = record(now, said)
    return tuple(replace(s, data=new.get(s.path) or s.data) for s in sources)


def brief(key: str, state: PhaseState) -> Note:
    """Say that a phase has passed, with its dates and its evidence and no more."""
    return Note(
        phase=key,
        status="completed",
        at=iso(state.passed_at or 0.0),
        started=iso(state.attempts[0].started) if state.attempts else "",
        verified=True,
        evidence=state.evidence,
        commit=state.commit,
        verdict=state.verdict or "",
    )


def note(entry: Entry) -> Note:
    """Say what passed, from evidence alone."""
    verdict, state = entry.verdict, entry.state
    tests = verdict.tests
    passed = [c for c in verdict.checks if c.verdict == "pass"]
    first = state.attempts[0].started if state.attempts else entry.at
    counts = [
        f"{c.passed}/{c.failed}/{c.skipped}/{c.error}"
        for c in ((tests.before, tests.after) if tests else ())
    ]
    return Note(
        phase=entry.phase.key,
        status="completed",
        at=iso(entry.at),
        started=iso(first),
        verified=True,
        evidence=entry.digest,
        verdict=verdict.verdict,
        summary=tuple(f"{c.check}: {c.summary}" for c in verdict.checks),
        commands=tuple(_ran(verdict.checks)),
        files=tuple(_delivered(entry.lines)),
        tests_before=counts[0] if counts else "",
        tests_after=counts[1] if counts else "",
        blockers=state.blocks,
        remedies=tuple(_remedies(state)),
        criteria=tuple(sorted({i for c in passed for i in c.criteria})),
        documents=tuple(p for p in entry.lines if p.endswith((".md", ".rst"))),
    )


def iso(at: float) -> str:
    """Return a time as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _ran(checks: Iterable[Evidence]) -> Iterable[Ran]:
    for check in checks:
        if check.command and check.kind == "command":
            yield Ran(
                command=check.command, exit_code=check.exit_code, result=check.summary
            )


def _delivered(lines: Mapping[str, int]) -> Iterable[Delivered]:
    for path, count in lines.items():
        action = "deleted" if count < 0 else ""
        yield Delivered(path=path, lines=max(count, 0), action=action)


def _remedies(state: PhaseState) -> Iterable[Remedy]:
    """Say what sent each attempt but the last one back."""
    counted = [a for a in state.attempts if not a.abandoned]
    for before, after in pairwise(counted):
        yield Remedy(
            reason=before.rejected or root_cause(before),
            actions=f"attempt {after.number} by {after.agent}",
            outcome="passed" if after is counted[-1] else "not passed",
        )
