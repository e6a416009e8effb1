"""How long the rest of a run may take: an honest range, or nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from weighlock.plan.model import Plan
from weighlock.plan.order import critical_path, needs_of, successors
from weighlock.run.phase import DONE, OPEN
from weighlock.run.policy import agentless
from weighlock.run.schedule import tails_of
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How long the rest may take, as an honest range of seconds."""

    low: float
    high: float
    basis: str
    """Where it comes from: estimates, own history, or both."""
    critical: tuple[str, ...]
    """The phases that decide the length, in order."""


FEWEST = 2
"""Passed phases that are a history; one is an anecdote."""
_UNIT = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 8 * 3600.0, "w": 40 * 3600.0}
"""A day of work has eight hours, a week five days."""
_N = r"\d{1,6}(?:\.\d{1,3})?"
_U = r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|[smhdw])(?![a-z])"
_PART = re.compile(rf"({_N})\s*({_U})", re.IGNORECASE)
_WHOLE = rf"{_N}\s*{_U}(?:\s*(?:and\s)?\s*{_N}\s*{_U})*"
_ESTIMATE = re.compile(
    rf"(?<![\w.])(?:({_WHOLE}|{_N})\s*(?:-|–|—|to\s)\s*)?({_WHOLE})", re.IGNORECASE
)


def seconds_of(estimate: str | None) -> tuple[float, float] | None:
    """Read ``1-2 hours`` as (3600.0, 7200.0); None when no duration is stated.

    Grammar: ``[amount [unit] (-|to)] amount unit (amount unit)*``; a first amount
    without a unit has the second one's.
    """
    found = _ESTIMATE.search(estimate or "")
    if found is None:
        return None
    last = _PART.findall(found[2])
    first = _PART.findall(found[1] or "")
    if found[1] and not first:
        first = [(found[1], last[0][1])]
    ends = sorted((_seconds(first or last), _seconds(last)))
    return ends[0], ends[1]


def _seconds(parts: Iterable[tuple[str, str]]) -> float:
    return sum(float(amount) * _UNIT[unit[0].lower()] for amount, unit in parts)


def forecast(plan: Plan, state: RunState, now: float, jobs: int) -> Forecast | None:
    """Return when the rest may be done; None when there is no basis yet.

    The basis is the plan's estimates, else what passed phases of this run took (at
    least two).  A verification phase without an estimate counts as no time.
    """
    took = sorted(_took(state))
    own = (took[0], took[-1]) if len(took) >= FEWEST else None
    left = [p for p in plan.phases if state.phase(p.key).stage not in DONE]
    ranges: dict[str, tuple[float, float]] = {}
    bases: dict[str, None] = {}
    for phase in left:
        said = seconds_of(phase.estimate)
        if said or phase.kind != "verification":
            bases["the plan's estimates" if said else "what passed phases took"] = None
        free = (0.0, 0.0) if agentless(phase) else own
        found = said or free
        if found is None:
            return None
        ranges[phase.key] = _less(found, _spent(state, phase.key, now))
    if not ranges:
        return None
    needs = needs_of(left)
    low = makespan(needs, {k: r[0] for k, r in ranges.items()}, jobs)
    high = makespan(needs, {k: r[1] for k, r in ranges.items()}, jobs)
    return Forecast(
        low=low,
        high=high,
        basis=" and ".join(sorted(bases)),
        critical=_critical(needs, ranges),
    )


def makespan(
    needs: Mapping[str, tuple[str, ...]], seconds: Mapping[str, float], jobs: int
) -> float:
    """Return how long list scheduling takes: longest way to the end goes first."""
    tails = tails_of(needs, seconds)
    after = successors(needs)
    waiting = {k: {n for n in v if n in needs} for k, v in needs.items()}
    ready = [(-tails[k], k) for k, on in waiting.items() if not on]
    heapify(ready)
    running: list[tuple[float, str]] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < jobs:
            _, key = heappop(ready)
            heappush(running, (now + seconds.get(key, 1.0), key))
        now, done = heappop(running)
        for follower in after[done]:
            waiting[follower].discard(done)
            if not waiting[follower]:
                heappush(ready, (-tails[follower], follower))
    return now


def _critical(
    needs: Mapping[str, tuple[str, ...]], ranges: Mapping[str, tuple[float, float]]
) -> tuple[str, ...]:
    return critical_path(needs, {k: r[1] for k, r in ranges.items()})[0]


def _took(state: RunState) -> Iterable[float]:
    for phase in state.phases.values():
        last = phase.last
        if phase.stage == "passed" and last is not None and last.agent != "weighlock":
            yield (phase.passed_at or last.started) - phase.attempts[0].started


def _spent(state: RunState, key: str, now: float) -> float:
    last = state.phase(key).last
    running = state.phase(key).stage in OPEN and last is not None
    return now - last.started if running and last is not None else 0.0


def _less(found: tuple[float, float], spent: float) -> tuple[float, float]:
    return max(0.0, found[0] - spent), max(0.0, found[1] - spent)
