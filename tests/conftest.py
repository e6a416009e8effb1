"""What several rooms' tests share: a plan of given needs, a world without a world."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from weighlock.engine import Bounds, Engine, Places, World
from weighlock.fakes import (
    MemoryStore,
    MemoryWorkspace,
    TableGate,
    TimedAgent,
    VirtualClock,
)
from weighlock.plan.model import Phase, Plan, Span
from weighlock.ports import Cast, Request
from weighlock.run import events as ev
from weighlock.run.evidence import Outcome
from weighlock.run.schedule import Caps, schedule


def plan_of(needs: Mapping[str, Sequence[str]], **kinds: str) -> Plan:
    """Make a plan whose phases need each other as told."""
    phases = tuple(
        Phase(
            key=key,
            title=f"title of {key}",
            kind=kinds.get(f"k{key}", "impl"),  # type: ignore[arg-type]
            verifies=key[:-1] if kinds.get(f"k{key}") == "verification" else None,
            needs=tuple(before),
            needs_from="stated",
            source=Span(file="plan.md", line=i),
        )
        for i, (key, before) in enumerate(needs.items(), start=1)
    )
    return Plan(id="DEMO", title="Demo", dialect="free", path="plan.md", phases=phases)


class CutOffError(Exception):
    """The journal stopped accepting: the process died."""


@dataclass
class CutJournal:
    """A journal in memory that dies before the n-th event."""

    events: list[ev.AnyEvent] = field(default_factory=list)
    left: int = 10**9

    def append(self, event: ev.AnyEvent) -> None:
        if self.left <= 0:
            raise CutOffError
        self.left -= 1
        self.events.append(event)

    def read(self) -> Sequence[ev.AnyEvent]:
        return tuple(self.events)


@dataclass
class Fakes:
    """One run's world in memory; ``engine()`` makes a new process each time."""

    plan: Plan
    table: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    jobs: int = 2
    attempts: int = 3
    seconds: Callable[[str], float] = lambda _phase: 1.0
    poll_s: float = 1e9
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = VirtualClock()
        self.journal = CutJournal()
        self.space = MemoryWorkspace(run="r1")
        self.gate = TableGate(table=self.table)
        self.store = MemoryStore()
        self.agent = TimedAgent(clock=self.clock, seconds=self.seconds)
        keys = tuple(p.key for p in self.plan.phases)
        self.journal.append(
            ev.RunStarted(
                at=0.0,
                run="r1",
                plan="DEMO",
                plan_digest="",
                plan_path="plan.md",
                base="c0",
                branch="weighlock/demo",
                phases=keys,
                selected=keys,
                version="0",
            )
        )

    def take_requests(self) -> Sequence[Request]:
        taken, self.requests = self.requests, []
        return taken

    def engine(self) -> Engine:
        self.agent.clock = self.clock = VirtualClock(at=self.clock.at)
        world = World(
            casting=lambda _phase, _owner: Cast(agent=self.agent),
            gate=self.gate,
            workspace=self.space,
            journal=self.journal,
            store=self.store,
            clock=self.clock,
            requests=self.take_requests,
            schedule=schedule(self.plan, Caps(jobs=self.jobs)),
            bounds=Bounds(attempts=self.attempts, poll_s=self.poll_s),
            places=Places(logs=Path(), homes=Path(), plan_root=None),
            end_process=lambda _pid, _started: False,
        )
        return Engine(plan=self.plan, world=world)


@pytest.fixture(scope="session")
def fakes() -> type[Fakes]:
    return Fakes


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    return plan_of


@pytest.fixture(scope="session")
def cut_off() -> type[CutOffError]:
    return CutOffError
