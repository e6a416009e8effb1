"""What each event makes of the phase that it tells of."""

from collections.abc import Callable
from typing import Any, TypeAlias

from weighlock.run import events as ev
from weighlock.run.phase import OPEN, AttemptState, PhaseState, Stage
from weighlock.run.value import amend, copied


def draft(p: PhaseState) -> PhaseState:
    """Return a copy that the steps below may amend: it, and its newest attempt."""
    newest = tuple(copied(attempt) for attempt in p.attempts[-1:])
    return amend(copied(p), attempts=(*p.attempts[:-1], *newest))


def _attempt_started(p: PhaseState, e: ev.AttemptStarted) -> PhaseState:
    attempt = AttemptState(
        number=e.attempt,
        agent=e.agent,
        base=e.base,
        started=e.at,
        phase=e.phase,
        model=e.model,
        effort=e.effort,
        remediation=e.remediation,
    )
    return amend(
        p,
        stage="running",
        attempts=(*p.attempts, attempt),
        tries=p.tries + 1,
        why="",
        hint="",
        reweigh=False,
        approved=False,
    )


def _latest(p: PhaseState, **changes: object) -> tuple[AttemptState, ...]:
    if p.attempts:
        amend(p.attempts[-1], **changes)
    return p.attempts


def _agent_spawned(p: PhaseState, e: ev.AgentSpawned) -> PhaseState:
    return amend(p, attempts=_latest(p, pid=e.pid, pid_started=e.started))


def _session_ended(p: PhaseState, e: ev.SessionEnded) -> PhaseState:
    sessions = (*p.attempts[-1].sessions, e) if p.attempts else ()
    return amend(p, attempts=_latest(p, sessions=sessions, pid=0))


def _agent_ended(p: PhaseState, e: ev.AgentEnded) -> PhaseState:
    changes = {
        "ending": e.ending,
        "detail": e.detail,
        "claim": e.claim,
        "ended": e.at,
        "pid": 0,
    }
    stage: Stage = "pending" if e.ending in ev.UNSTARTED else "verifying"
    return amend(p, stage=stage, question="", attempts=_latest(p, **changes))


def _judged(p: PhaseState, e: ev.PhaseJudged) -> PhaseState:
    stage: Stage = "verifying" if e.verdict == "pass" else "pending"
    return amend(
        p,
        stage=stage,
        tries=max(1, p.tries),
        approved=p.approved and e.verdict in {"pass", "review"},
        reweigh=False,
        reopened="",
        attempts=_latest(p, judged=e, pid=0),
    )


def _reopened(p: PhaseState, e: ev.PhaseReopened) -> PhaseState:
    return amend(p, stage="pending", reopened=e.evidence, by=e.by)


def _conflicted(p: PhaseState, e: ev.MergeConflicted) -> PhaseState:
    attempts = _latest(p, conflicts=e.paths)
    return amend(p, stage="pending", approved=False, attempts=attempts)


def _passed(p: PhaseState, e: ev.PhasePassed) -> PhaseState:
    return amend(
        p,
        stage="passed",
        commit=e.commit,
        tree=e.tree,
        evidence=e.evidence,
        passed_at=e.at,
        by=e.approved_by,
        why="",
        hint="",
        question="",
        approved=False,
        reweigh=False,
        attempts=_latest(p, landed=True),
    )


def _abandoned(p: PhaseState, e: ev.AttemptAbandoned) -> PhaseState:
    if p.stage not in OPEN:
        return p
    attempts = _latest(p, abandoned=e.why, ended=e.at, pid=0)
    return amend(
        p, stage="pending", question="", tries=max(0, p.tries - 1), attempts=attempts
    )


def _blocked(p: PhaseState, e: ev.PhaseBlocked) -> PhaseState:
    blocks = (*p.blocks, e.why)
    return amend(p, stage=e.state, why=e.why, hint=e.hint, blocks=blocks, question="")


def _waived(p: PhaseState, e: ev.PhaseWaived) -> PhaseState:
    return amend(p, stage="waived", by=e.by, why=e.reason, question="")


def _approved(p: PhaseState, e: ev.PhaseApproved) -> PhaseState:
    return amend(p, stage="pending", approved=True, by=e.by, why=e.reason)


def _rejected(p: PhaseState, e: ev.PhaseRejected) -> PhaseState:
    return amend(
        p, stage="pending", tries=0, attempts=_latest(p, rejected=e.reason), why=""
    )


def _retried(p: PhaseState, e: ev.PhaseRetried) -> PhaseState:
    if p.stage == "blocked":
        return _decided(p, e.reason)
    again = p.stage == "error" and p.verdict == "error"
    stage: Stage = "verifying" if p.stage == "error" and _unlanded(p) else "pending"
    return amend(p, stage=stage, tries=0, why="", hint="", reweigh=again)


def _unlanded(p: PhaseState) -> bool:
    """Say whether the newest work has passed and only has to be merged."""
    last = p.last
    if last is None or last.judged is None or last.landed or last.abandoned:
        return False
    return last.judged.verdict == "pass" and not last.conflicts


def _asked(p: PhaseState, e: ev.QuestionAsked) -> PhaseState:
    return amend(p, question=e.question)


def _answered(p: PhaseState, e: ev.QuestionAnswered) -> PhaseState:
    return _decided(p, e.answer) if p.stage == "blocked" else amend(p, question="")


def _decided(p: PhaseState, said: str) -> PhaseState:
    """Let an agent try again what one called impossible, with a person's words."""
    attempts = _latest(p, answered=said)
    return amend(p, stage="pending", tries=0, why="", hint="", attempts=attempts)


def _parked(p: PhaseState, e: ev.PhaseParked) -> PhaseState:
    attempts = _latest(p, parked=e)
    tries = max(0, p.tries - 1)
    return amend(p, stage="parked", why=e.why, tries=tries, attempts=attempts)


def _unparked(p: PhaseState, e: ev.PhaseUnparked) -> PhaseState:
    del e
    return amend(p, stage="pending", why="") if p.stage == "parked" else p


def _told(p: PhaseState, e: ev.CallsCounted | ev.BucketLeft) -> PhaseState:
    return amend(p, calls=(*p.calls, e))


_Step: TypeAlias = Callable[[PhaseState, Any], PhaseState]

STEPS: dict[type, _Step] = {
    ev.AttemptStarted: _attempt_started,
    ev.AgentSpawned: _agent_spawned,
    ev.SessionEnded: _session_ended,
    ev.AgentEnded: _agent_ended,
    ev.PhaseJudged: _judged,
    ev.MergeConflicted: _conflicted,
    ev.PhasePassed: _passed,
    ev.AttemptAbandoned: _abandoned,
    ev.PhaseBlocked: _blocked,
    ev.PhaseWaived: _waived,
    ev.PhaseApproved: _approved,
    ev.PhaseRejected: _rejected,
    ev.PhaseRetried: _retried,
    ev.PhaseReopened: _reopened,
    ev.CallsCounted: _told,
    ev.BucketLeft: _told,
    ev.PhaseParked: _parked,
    ev.PhaseUnparked: _unparked,
    ev.QuestionAsked: _asked,
    ev.QuestionAnswered: _answered,
}
"""Event type → what it makes of a draft of its phase."""
