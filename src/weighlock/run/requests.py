"""What a person may ask of a run, and the event that answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from weighlock.plan.model import Plan
from weighlock.run import events as ev
from weighlock.run.phase import OPEN, STUCK, PhaseState
from weighlock.run.state import RunState

VERBS = ("stop", "retry", "approve", "reject", "waive", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something a person asked for, read from ``requests.jsonl``."""

    verb: str
    """One of ``VERBS``."""
    phase: str = ""
    by: str = ""
    text: str = ""


def answer(
    plan: Plan,
    state: RunState,
    asked: Request,
    *,
    at: float,
    busy: frozenset[str] = frozenset(),
) -> ev.AnyEvent:
    """Return the one event that answers a request: what it asked for, or a refusal.

    Args:
        plan: The plan that runs.
        state: The fold of the journal.
        asked: The request.
        at: The time now, seconds since the epoch.
        busy: Phases that are worked on, whatever the journal says: an approved or
            unchecked delivery is weighed again while its phase is pending.
    """
    if asked.verb == "stop":
        return ev.RunStopped(at=at, by=asked.by, why=asked.text or "asked to stop")
    why = _objection(plan, state, asked, busy)
    if why:
        return ev.RequestRefused(at=at, verb=asked.verb, phase=asked.phase, why=why)
    return _ANSWERS[asked.verb](at, asked.phase, asked.by, asked.text)


def _objection(
    plan: Plan, state: RunState, asked: Request, busy: frozenset[str]
) -> str:
    """Say why a request makes no sense now; empty when it does."""
    if asked.verb not in _ANSWERS:
        return f"unknown verb {asked.verb!r}"
    if plan.phase(asked.phase) is None:
        return f"the plan has no phase {asked.phase!r}"
    if asked.verb in {"waive", "reject"} and not asked.text.strip():
        return f"{asked.verb} needs a reason"
    if asked.verb == "waive" and asked.phase in busy:
        return _UNDER_WAY
    return _WRONG_STAGE[asked.verb](state.phase(asked.phase))


_UNDER_WAY = "an attempt is under way; stop the run first"


def _not_stuck(p: PhaseState) -> str:
    if p.stage in STUCK or p.stage in {"waived", "parked"}:
        return ""
    return f"it is {p.stage}; only a stuck, waived or parked phase can be retried"


def _not_review(p: PhaseState) -> str:
    return "" if p.stage == "review" else f"it is {p.stage}, not in review"


def _cannot_waive(p: PhaseState) -> str:
    if p.stage in OPEN:
        return _UNDER_WAY
    return "it has passed; nothing to waive" if p.stage == "passed" else ""


def _no_question(p: PhaseState) -> str:
    return "" if p.question or p.stage == "blocked" else "it asked nothing"


_WRONG_STAGE: dict[str, Callable[[PhaseState], str]] = {
    "retry": _not_stuck,
    "approve": _not_review,
    "reject": _not_review,
    "waive": _cannot_waive,
    "answer": _no_question,
}

_ANSWERS: dict[str, Callable[[float, str, str, str], ev.AnyEvent]] = {
    "retry": lambda at, phase, by, text: ev.PhaseRetried(
        at=at, phase=phase, by=by, reason=text
    ),
    "approve": lambda at, phase, by, text: ev.PhaseApproved(
        at=at, phase=phase, by=by, reason=text
    ),
    "reject": lambda at, phase, by, text: ev.PhaseRejected(
        at=at, phase=phase, by=by, reason=text
    ),
    "waive": lambda at, phase, by, text: ev.PhaseWaived(
        at=at, phase=phase, by=by, reason=text
    ),
    "answer": lambda at, phase, by, text: ev.QuestionAnswered(
        at=at, phase=phase, by=by, answer=text
    ),
}
