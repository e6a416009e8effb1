"""What is true now: the fold of a journal.

``fold`` is the only way from events to state, so every view, the scheduler and a
resumed process agree.  Any prefix of a journal folds to a valid state.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from weighlock.run import events as ev
from weighlock.run.phase import FRESH, OPEN, AttemptState, PhaseState
from weighlock.run.revision.fold import moves, revised
from weighlock.run.steps import STEPS, draft
from weighlock.run.value import amend, copied

RunStage = Literal["running", "stopped", "passed", "failed", "needs-input"]
_Phases: TypeAlias = dict[str, PhaseState]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """Where a run stands."""

    run: str = ""
    plan: str = ""
    plan_digest: str = ""
    plan_path: str = ""
    base: str = ""
    branch: str = ""
    stage: RunStage = "running"
    started: float = 0.0
    updated: float = 0.0
    """Time of the newest event."""
    order: tuple[str, ...] = ()
    """Every phase key of the plan, in plan order."""
    selected: tuple[str, ...] = ()
    phases: Mapping[str, PhaseState] = field(default_factory=dict)
    preflight: tuple[ev.PreflightChecked, ...] = ()
    checkpoints: tuple[tuple[str, str], ...] = ()
    """(phase, commit) on the branch, oldest first."""
    final: ev.PlanJudged | None = None
    answered: int = 0
    """Requests that were answered by an event."""
    refused: tuple[ev.RequestRefused, ...] = ()
    accepted: tuple[ev.TraceAccepted, ...] = ()
    """What people accepted though it changed after it was weighed, oldest first."""
    gate: str = ""
    """Digest of the gate's settings that the newest process began with."""
    revisions: tuple[ev.PlanChanged, ...] = ()
    """What became of the plan since the run began, oldest first."""
    removed: Mapping[str, PhaseState] = field(default_factory=dict)
    """Phases that the plan had once, by the key they had, as they stood then."""

    def phase(self, key: str) -> PhaseState:
        """Return a phase's state; an unknown key is pending."""
        return self.phases.get(key, FRESH)

    @property
    def tip(self) -> str:
        """Return the commit of the newest checkpoint, or the run's base."""
        return self.checkpoints[-1][1] if self.checkpoints else self.base

    @property
    def open(self) -> tuple[str, ...]:
        """Return the phases with an attempt under way, in plan order."""
        return tuple(k for k, p in self.phases.items() if p.stage in OPEN)

    @property
    def parked(self) -> Mapping[str, float]:
        """Return the parked phases of this run, and when each goes on."""
        return {
            k: p.last.parked.until
            for k, p in self.phases.items()
            if p.stage == "parked" and k in self.selected and p.last and p.last.parked
        }


def fold(events: Iterable[ev.AnyEvent]) -> RunState:
    """Return the state after these events, oldest first."""
    return advance(RunState(), events)


def advance(state: RunState, events: Iterable[ev.AnyEvent]) -> RunState:
    """Return the state after more events."""
    phases = dict(state.phases)
    drafts = set[str]()
    at = state.updated
    for event in events:
        at = event.at
        step = STEPS.get(type(event))
        if step is not None:
            key = event.phase  # type: ignore[union-attr]
            if key not in drafts:
                drafts.add(key)
                phases[key] = draft(phases.get(key, FRESH))
            phases[key] = step(phases[key], event)
            if isinstance(event, ev.PhaseReopened):
                phases[event.by] = replace(phases[event.by], tries=0)
        turn = _RUN.get(type(event))
        if turn is not None:
            state = turn(state, event)
        if isinstance(event, _Whole):
            state, phases = _turned(state, phases, event)
            drafts = set()
    return replace(state, phases=phases, updated=at)


_Whole: TypeAlias = ev.RunStarted | ev.BranchRestored | ev.PlanChanged
"""Events that concern every phase at once."""


def _turned(
    state: RunState, phases: _Phases, event: _Whole
) -> tuple[RunState, _Phases]:
    if isinstance(event, ev.PlanChanged):
        return _plan_changed(state, phases, event)
    if isinstance(event, ev.BranchRestored):
        return state, _reopened(state, phases)
    return state, dict.fromkeys(event.phases, FRESH) | phases


def _plan_changed(
    s: RunState, phases: _Phases, e: ev.PlanChanged
) -> tuple[RunState, _Phases]:
    """Keep the record of removed phases; name checkpoints as the plan does now."""
    names = moves(e)
    gone = {key: phases[key] for key in e.removed if key in phases}
    points = tuple(
        (f"{key} (removed)" if key in gone else names.get(key, key), commit)
        for key, commit in s.checkpoints
    )
    state = replace(
        s,
        plan_digest=e.plan_digest,
        order=e.phases,
        selected=e.selected,
        removed={**s.removed, **gone},
        checkpoints=points,
        revisions=(*s.revisions, e),
        final=None,
        stage="running",
    )
    return state, revised(phases, e, s.removed.values())


def _reopened(state: RunState, phases: _Phases) -> _Phases:
    """Set what passed after the restored checkpoint back to pending.

    Work that started from a commit which is no longer on the branch counts for
    nothing any more: a new attempt begins afresh.
    """
    bases = {state.base, *(commit for _, commit in state.checkpoints)}
    why = "the branch was restored"
    found: _Phases = {}
    for key, phase in phases.items():
        gone = phase.stage == "passed" and phase.commit not in bases
        attempts = tuple(
            replace(a, abandoned=why) if gone or not _bases(a) <= bases else a
            for a in phase.attempts
        )
        kept = replace(FRESH, counted=phase.counted) if gone else phase
        found[key] = replace(kept, attempts=attempts)
    return found


def _bases(attempt: AttemptState) -> set[str]:
    """Return the commits an attempt started from and was weighed against."""
    judged = attempt.judged
    return {attempt.base, judged.base if judged else attempt.base}


def _run_started(s: RunState, e: ev.RunStarted) -> RunState:
    return replace(
        s,
        run=e.run,
        plan=e.plan,
        plan_digest=e.plan_digest,
        plan_path=e.plan_path,
        base=e.base,
        branch=e.branch,
        order=e.phases,
        selected=e.selected,
        started=e.at,
        stage="running",
        gate=e.gate,
    )


def _run_resumed(s: RunState, e: ev.RunResumed) -> RunState:
    final = s.final if s.final and s.final.verdict == "pass" else None
    gate = e.gate or s.gate
    return replace(s, stage="running", selected=e.selected, final=final, gate=gate)


def _preflight(s: RunState, e: ev.PreflightChecked) -> RunState:
    others = tuple(p for p in s.preflight if p.name != e.name)
    return replace(s, preflight=(*others, e))


def _checkpoint(s: RunState, e: ev.PhasePassed) -> RunState:
    return amend(copied(s), checkpoints=(*s.checkpoints, (e.phase, e.commit)))


def _restored(s: RunState, e: ev.BranchRestored) -> RunState:
    commits = [commit for _, commit in s.checkpoints]
    kept = s.checkpoints[: commits.index(e.commit) + 1] if e.commit in commits else ()
    return replace(s, checkpoints=kept, final=None, stage="stopped")


def _plan_judged(s: RunState, e: ev.PlanJudged) -> RunState:
    return replace(s, final=e)


def _stopped(s: RunState, e: ev.RunStopped) -> RunState:
    asked = 0 if e.by == "signal" else 1
    return replace(s, stage="stopped", answered=s.answered + asked)


def _ended(s: RunState, e: ev.RunEnded) -> RunState:
    return replace(s, stage=e.state)


def _one_more(s: RunState, e: ev.AnyEvent) -> RunState:
    del e
    return replace(s, answered=s.answered + 1)


def _refused(s: RunState, e: ev.RequestRefused) -> RunState:
    return replace(s, answered=s.answered + 1, refused=(*s.refused, e))


def _accepted(s: RunState, e: ev.TraceAccepted) -> RunState:
    return replace(s, accepted=(*s.accepted, e))


_RunStep: TypeAlias = Callable[[RunState, Any], RunState]

_RUN: dict[type, _RunStep] = {
    ev.RunStarted: _run_started,
    ev.RunResumed: _run_resumed,
    ev.PreflightChecked: _preflight,
    ev.PhasePassed: _checkpoint,
    ev.BranchRestored: _restored,
    ev.PlanJudged: _plan_judged,
    ev.TraceAccepted: _accepted,
    ev.RunStopped: _stopped,
    ev.RunEnded: _ended,
    ev.PhaseWaived: _one_more,
    ev.PhaseApproved: _one_more,
    ev.PhaseRejected: _one_more,
    ev.PhaseRetried: _one_more,
    ev.QuestionAnswered: _one_more,
    ev.RequestRefused: _refused,
}
