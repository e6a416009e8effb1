"""What a person may ask of a run, and the event that answers it."""

from collections.abc import Callable

from weighlock.plan.model import Plan
from weighlock.run import events as ev
from weighlock.run.phase import OPEN, STUCK, PhaseState
from weighlock.run.state import RunState

VERBS = ("stop", "retry", "approve", "reject", "waive", "answer")


def answer(  # noqa: PLR0913 - a request's parts, all named
    plan: Plan, state: RunState, *, verb: str, phase: str, by: str, text: str, at: float
) -> ev.AnyEvent:
    """Return the one event that answers a request: what it asked for, or a refusal."""
    if verb == "stop":
        return ev.RunStopped(at=at, by=by, why=text or "asked to stop")
    why = _objection(plan, state, verb, phase, text)
    if why:
        return ev.RequestRefused(at=at, verb=verb, phase=phase, why=why)
    return _ANSWERS[verb](at, phase, by, text)


def _objection(plan: Plan, state: RunState, verb: str, phase: str, text: str) -> str:
    """Say why a request makes no sense now; empty when it does."""
    if verb not in _ANSWERS:
        return f"unknown verb {verb!r}"
    if plan.phase(phase) is None:
        return f"the plan has no phase {phase!r}"
    if verb in {"waive", "reject"} and not text.strip():
        return f"{verb} needs a reason"
    return _WRONG_STAGE[verb](state.phase(phase))


def _not_stuck(p: PhaseState) -> str:
    if p.stage in STUCK or p.stage == "waived":
        return ""
    return f"it is {p.stage}; only a stuck or waived phase can be retried"


def _not_review(p: PhaseState) -> str:
    return "" if p.stage == "review" else f"it is {p.stage}, not in review"


def _cannot_waive(p: PhaseState) -> str:
    if p.stage in OPEN:
        return "an attempt is under way; stop the run first"
    return "it has passed; nothing to waive" if p.stage == "passed" else ""


def _no_question(p: PhaseState) -> str:
    return "" if p.question else "it asked nothing"


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
