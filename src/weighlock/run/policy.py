"""What follows from a verdict: try again, send back, stop and ask a person."""

from collections.abc import Collection
from typing import Literal

from weighlock.plan.model import Phase, Plan
from weighlock.run import events as ev
from weighlock.run.evidence import Outcome
from weighlock.run.phase import DONE, AttemptState, PhaseState
from weighlock.run.prompt import blocked_by
from weighlock.run.state import RunState

Stuck = Literal["failed", "error", "timed-out", "review", "blocked"]

TIMEOUT_ADVICE = (
    "split the phase into smaller ones, raise limits.phase_minutes, "
    "or look why it takes so long: weighlock logs {key}"
)
_HINTS: dict[Stuck, str] = {
    "failed": "read: weighlock why {key}; then: weighlock retry {key} or waive {key}",
    "error": "mend what could not be checked, then: weighlock retry {key}",
    "review": "look: weighlock diff {key}; then: weighlock approve|reject {key}",
    "timed-out": TIMEOUT_ADVICE,
    "blocked": "read: weighlock why {key}; then decide: weighlock answer {key} "
    '"...", or mend the plan and resume, or waive {key}',
}

TOUCHED: frozenset[str] = frozenset(
    (
        "protected-changed",
        "test-removed",
        "test-skipped",
        "test-weakened",
        "config-weakened",
        "command-changed",
        "plan-changed",
        "harness-tampered",
        "report-forged",
        "base-rewritten",
        "git-hidden",
        "state-tampered",
        "dependency-shadowed",
        "env-gate",
        "late-write",
        "unsafe-path",
    )
)
"""Reasons that say an agent laid hands on what is not its own."""


def blocked(claim: str, verdict: Outcome, codes: Collection[str]) -> str:
    """Return why a phase cannot be done, when its agent says so and may be heard.

    It is a claim: a phase that passes has passed, what could not be checked is not the
    agent's word to settle, and whoever laid hands on a check is not heard before it
    is as it was.

    Args:
        claim: The agent's last words.
        verdict: Of the gate, on what it delivered.
        codes: The reasons of that verdict.
    """
    heard = verdict == "fail" and TOUCHED.isdisjoint(codes)
    return blocked_by(claim) if heard else ""


def _given_up(last: AttemptState) -> str:
    """Return why the agent of an attempt gave up; a crash or a dead line is no word."""
    if last.judged is None or last.ending not in {"ended", "crashed"}:
        return ""
    return blocked(last.claim, last.judged.verdict, last.judged.codes)


def agentless(phase: Phase) -> bool:
    """Say whether weighlock does a phase by itself.

    That is: verification; a preflight that has only commands; and the overview of a
    plan, which is done when it stands there.
    """
    changes = any(f.action != "keep" for f in phase.files) or phase.deliverables
    if phase.kind == "verification" or changes:
        return phase.kind == "verification"
    if phase.kind == "preflight":
        return bool(phase.commands)
    named = f"{phase.title} {phase.source.file.rpartition('/')[2]}".lower()
    return phase.kind == "design" and not phase.commands and "overview" in named


def settle(plan: Plan, state: RunState, cap: int, at: float) -> list[ev.AnyEvent]:
    """Return the events that follow from verdicts which nobody acted on yet.

    Args:
        plan: The plan that runs.
        state: The fold of the journal.
        cap: Attempts a phase may take before a person is needed.
        at: The time now, seconds since the epoch.
    """
    out: list[ev.AnyEvent] = []
    for phase in plan.phases:
        now = state.phase(phase.key)
        if now.stage != "pending" or now.tries == 0 or now.approved or now.reweigh:
            continue
        back = _send_back(phase, state, cap, at)
        out += back or _block(phase, now, cap, at)
    return out


def _send_back(phase: Phase, state: RunState, cap: int, at: float) -> list[ev.AnyEvent]:
    """Reopen the phase that a failed verification phase verifies."""
    now = state.phase(phase.key)
    judged = now.last.judged if now.last else None
    if phase.kind != "verification" or phase.verifies is None or judged is None:
        return []
    target = state.phase(phase.verifies)
    if judged.verdict != "fail" or target.stage != "passed" or target.tries >= cap:
        return []
    return [
        ev.PhaseReopened(
            at=at, phase=phase.verifies, by=phase.key, evidence=judged.evidence
        )
    ]


def _block(phase: Phase, now: PhaseState, cap: int, at: float) -> list[ev.AnyEvent]:
    last = now.last
    if last is None or (now.reopened and last.judged is not None):
        return []
    stuck = _stuck(phase, now, last, cap)
    if stuck is None:
        return []
    return [
        ev.PhaseBlocked(
            at=at,
            phase=phase.key,
            state=stuck,
            why=_told(_given_up(last)) or root_cause(last),
            hint=_hint(stuck, last).format(key=phase.key),
            evidence=last.judged.evidence if last.judged else None,
        )
    ]


def _told(given_up: str) -> str:
    return f"the agent says that it cannot be done: {given_up}" if given_up else ""


def _hint(stuck: Stuck, last: AttemptState) -> str:
    judged = last.judged
    if judged is not None and "vacuous-check" in judged.codes and stuck == "error":
        return (
            "a run keeps the plan it began with: weighlock waive {key}, or give the "
            "phase a file, command or test and begin anew"
        )
    if last.ending == "declined":
        return "raise the budget, or: weighlock retry {key}, which asks for more again"
    return _HINTS[stuck]


def _stuck(phase: Phase, now: PhaseState, last: AttemptState, cap: int) -> Stuck | None:
    if last.judged is None:
        return "error" if last.ending in ev.UNSTARTED else None
    if last.judged.verdict == "error":
        return "error"
    if last.judged.verdict == "review" and not (last.rejected or last.conflicts):
        return "review"
    if _given_up(last):
        return "blocked"
    used_up = now.tries >= cap or agentless(phase)
    if not used_up:
        return None
    return "timed-out" if last.ending in {"timed-out", "idle"} else "failed"


PARK_S = 60.0
MOST_PARK_S = 1800.0


def parked_until(now: PhaseState, until: float, at: float) -> float:
    """Return when a phase without a bucket goes on: not before it is worth it.

    Args:
        now: The phase, with the attempt that ended for want of a bucket.
        until: When a bucket may serve again.
        at: The time now. A wait that was too short is doubled with each time in a row:
            60 s, at most half an hour.
    """
    before = [a for a in now.attempts[:-1] if not a.abandoned]
    row = next((i for i, a in enumerate(reversed(before)) if not a.parked), len(before))
    return max(until, at + min(PARK_S * 2.0**row, MOST_PARK_S))


def root_cause(last: AttemptState) -> str:
    """Say in one sentence why an attempt did not pass."""
    if last.conflicts:
        return f"merge conflict in {', '.join(last.conflicts[:5])}"
    parts = []
    if last.ending not in {None, "ended"}:
        parts.append(f"the agent {_ENDINGS[last.ending]}: {last.detail}".rstrip(": "))
    if last.judged is not None and last.judged.verdict != "pass":
        parts.append(last.judged.summary)
    return "; ".join(parts) or "unknown"


_ENDINGS: dict[ev.Ending | None, str] = {
    "crashed": "crashed",
    "timed-out": "ran out of time",
    "idle": "fell silent",
    "cancelled": "was cancelled",
    "unavailable": "could not be started",
    "declined": "was given no more budget",
    "parked": "was parked",
}


def run_ending(state: RunState) -> Literal["passed", "failed", "needs-input"]:
    """Say how a run with nothing left to start ends.

    What could not be checked, what is in review and what waits for a phase that this
    run was not asked to do need a person; so does a final gate that says so.
    """
    stages = {state.phase(key).stage for key in state.selected}
    if stages & {"failed", "timed-out"}:
        return "failed"
    if not stages <= DONE:
        return "needs-input"
    whole = {p.stage for p in state.phases.values()}
    if state.final is None or not whole <= DONE:
        return "passed"
    return _FINAL.get(state.final.verdict, "needs-input")


_FINAL: dict[Outcome, Literal["passed", "failed"]] = {
    "pass": "passed",
    "fail": "failed",
}


def exit_code(state: RunState) -> int:
    """Return the exit code of a run's state (DESIGN 4.2).

    A failed phase outranks one that could not be checked, which outranks one that
    waits for a person.
    """
    phases = [state.phase(key) for key in state.selected]
    stages = {p.stage for p in phases}
    if stages & {"failed", "timed-out"}:
        return 1
    if "error" in stages:
        ends = {p.last and p.last.ending for p in phases if p.stage == "error"}
        return 7 if "unavailable" in ends else 4 if ends == {"declined"} else 8
    if stages & {"review", "blocked"} or any(p.question for p in phases):
        return 4
    if state.final is not None:
        return {"pass": 0, "fail": 1, "review": 4, "error": 8}[state.final.verdict]
    return 4 if state.stage == "needs-input" else 0
