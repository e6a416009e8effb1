"""What may start now, and what stands in its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from weighlock.plan.model import Plan
from weighlock.plan.order import needs_of, successors, topological
from weighlock.run.overlap import overlaps
from weighlock.run.phase import DONE, OPEN, STUCK
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much may run at once."""

    jobs: int = 2
    agent_of: Mapping[str, str] = field(default_factory=dict)
    """Phase key → name of the agent that will do it; absent: none is needed."""
    per_agent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that keeps a phase from starting."""

    kind: Literal["need", "stuck", "overlap", "jobs", "agent", "unselected"]
    key: str
    """The other phase, or the agent's name."""
    text: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The fixed part of scheduling one plan: needs, ranks, declared files."""

    needs: Mapping[str, tuple[str, ...]]
    rank: Mapping[str, tuple[float, int]]
    """Sorts the phases that start first to the front: longest way to the end."""
    overlaps: Mapping[str, Mapping[str, str]]
    """Phase → other phase → a path of the other that both may change."""
    caps: Caps

    def ready(
        self, state: RunState, busy: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Return the phases to start now, best first.

        Args:
            state: The fold of the journal.
            busy: Phases that already have a task, whatever the journal says.
        """
        running = set(state.open) | busy
        candidates = [
            key
            for key in state.selected
            if key not in running
            and state.phase(key).stage == "pending"
            and all(state.phase(n).stage in DONE for n in self.needs.get(key, ()))
        ]
        chosen: list[str] = []
        for key in sorted(candidates, key=self.rank.__getitem__):
            if not self._held(key, {*running, *chosen}):
                chosen.append(key)
        return tuple(chosen)

    def blockers(self, state: RunState, key: str) -> tuple[Blocker, ...]:
        """Return everything that keeps a pending phase from starting."""
        found = [
            _need(n, state)
            for n in self.needs.get(key, ())
            if state.phase(n).stage not in DONE
        ]
        if key not in state.selected:
            text = "this run was not asked to do it (--only or --until)"
            found.append(Blocker(kind="unselected", key=key, text=text))
        if not found and state.phase(key).stage == "pending":
            found += self._held(key, set(state.open))
        return tuple(found)

    def _held(self, key: str, running: set[str]) -> list[Blocker]:
        """Say what the phases under way hold against a phase."""
        shared = self.overlaps.get(key, {})
        held = [
            Blocker(kind="overlap", key=k, text=f"{k} is changing {shared[k]}")
            for k in sorted(running & shared.keys())
        ]
        if len(running) >= self.caps.jobs:
            text = f"{len(running)} phases are under way (jobs = {self.caps.jobs})"
            held.append(Blocker(kind="jobs", key=key, text=text))
        agent = self.caps.agent_of.get(key, "")
        cap = self.caps.per_agent.get(agent)
        same = sum(self.caps.agent_of.get(k) == agent for k in running)
        if cap is not None and same >= cap:
            text = f"{agent} already works on {same} (agents.{agent}.jobs = {cap})"
            held.append(Blocker(kind="agent", key=agent, text=text))
        return held


def schedule(
    plan: Plan, caps: Caps, seconds: Mapping[str, float] | None = None
) -> Schedule:
    """Prepare scheduling; ``seconds`` are expected durations, 1 where unknown."""
    needs = needs_of(plan.phases)
    tails = tails_of(needs, seconds or {})
    place = {p.key: i for i, p in enumerate(plan.phases)}
    rank = {key: (-tails[key], place[key]) for key in place}
    return Schedule(needs, rank, overlaps(plan.phases), caps)


def _need(key: str, state: RunState) -> Blocker:
    stage = state.phase(key).stage
    if stage in STUCK:
        why = state.phase(key).why
        return Blocker(kind="stuck", key=key, text=f"{key} is {stage}: {why}")
    word = "under way" if stage in OPEN else "not started"
    return Blocker(kind="need", key=key, text=f"{key} is {word}")


def tails_of(
    needs: Mapping[str, tuple[str, ...]], seconds: Mapping[str, float]
) -> dict[str, float]:
    """Return the longest way from each phase to the end, itself included."""
    after = successors(needs)
    tails: dict[str, float] = {}
    for key in reversed(topological(needs)):
        rest = max((tails.get(k, 0.0) for k in after[key]), default=0.0)
        tails[key] = seconds.get(key, 1.0) + rest
    return tails
