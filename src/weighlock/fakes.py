"""The ports without a world behind them: for tests, simulations and benchmarks.

A fake keeps the promises of its port in memory.  ``weighlock.agents.scripted`` is the
agent's fake; the journal's lives beside the real one.
"""

import asyncio
import hashlib
import heapq
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from weighlock.errors import TamperedError
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Delivery, Landed, Merged, Note, Order, Outcome, Room, Watch
from weighlock.run.evidence import Evidence, Verdict
from weighlock.run.evidence import Outcome as Weight
from weighlock.run.verdict import judge

_ENDED = Outcome(ending="ended", said="done")

CALM = 64
"""Turns of the event loop without a new sleeper after which time jumps."""


@dataclass(slots=True)
class VirtualClock:
    """Time that jumps to the next sleeper when nothing else happens."""

    at: float = 0.0
    _sleepers: list[tuple[float, int, "asyncio.Future[None]"]] = field(
        default_factory=list
    )
    _count: "itertools.count[int]" = field(default_factory=itertools.count)
    _calm: int = 0
    _poked: bool = False

    def now(self) -> float:
        """Return the virtual time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Wait in virtual time."""
        loop = asyncio.get_running_loop()
        wake: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._count), wake))
        self._calm = 0
        if not self._poked:
            self._poked = True
            loop.call_soon(self._poke)
        await wake

    def _poke(self) -> None:
        self._sleepers = [s for s in self._sleepers if not s[2].done()]
        heapq.heapify(self._sleepers)
        if not self._sleepers:
            self._poked = False
            return
        self._calm += 1
        if self._calm > CALM:
            self._calm = 0
            self.at, _, wake = heapq.heappop(self._sleepers)
            wake.set_result(None)
        asyncio.get_running_loop().call_soon(self._poke)


@dataclass(slots=True)
class MemoryStore:
    """Blobs in a dict."""

    blobs: dict[str, bytes] = field(default_factory=dict)

    def put(self, data: bytes) -> str:
        """Store bytes; return their digest."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.blobs[digest] = data
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest."""
        if digest not in self.blobs:
            raise TamperedError(f"evidence {digest} is gone")
        return self.blobs[digest]


@dataclass(slots=True, kw_only=True)
class MemoryWorkspace:
    """A branch whose commits are numbers and whose trees are names of phases."""

    run: str
    base: str = "c0"
    commits: list[Landed] = field(default_factory=list)
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Phase → paths that conflict, once."""
    opened: list[Room] = field(default_factory=list)

    async def tip(self) -> str:
        """Return the newest commit."""
        return self.commits[-1].commit if self.commits else self.base

    async def open(
        self, phase: str, attempt: int, base: str, start: str | None = None
    ) -> Room:
        """Remember that a clone was made."""
        del start
        room = Room(phase=phase, attempt=attempt, path=Path(), base=base)
        self.opened.append(room)
        return room

    async def freeze(self, room: Room) -> Delivery:
        """Name the delivery after the phase and attempt."""
        head = f"{room.phase}-{room.attempt}"
        return Delivery(
            phase=room.phase, attempt=room.attempt, base=room.base, head=head, tree=head
        )

    async def combine(self, delivery: Delivery, tip: str) -> Merged:
        """Merge, unless a conflict was arranged for this phase."""
        conflicts = self.conflicts.pop(delivery.phase, ())
        return Merged(
            commit=f"{delivery.head}+{tip}",
            tree=delivery.tree,
            base=tip,
            conflicts=conflicts,
        )

    async def land(
        self, merged: Merged, edits: Mapping[str, bytes | None], message: str
    ) -> str | None:
        """Append a commit, if the tip is still the one merged onto."""
        del edits
        if merged.base != await self.tip():
            return None
        pairs = (line.split(": ", 1) for line in message.splitlines() if ": " in line)
        trailers = {p[0]: p[1] for p in pairs}
        commit = f"c{len(self.commits) + 1}"
        self.commits.append(
            Landed(
                commit=commit,
                tree=merged.tree,
                run=trailers["Run"],
                phase=trailers["Phase"],
                evidence=trailers["Evidence"],
            )
        )
        return commit

    async def read(self, commit: str, path: str) -> bytes | None:
        """Hold no files."""
        del commit, path
        return None

    async def read_all(self, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
        """Hold no files."""
        del commit, paths
        return {}

    async def since(self, commit: str) -> Sequence[Landed]:
        """Return the commits after one of ours."""
        known = [self.base, *(c.commit for c in self.commits)]
        return self.commits[known.index(commit) :]

    async def restore(self, commit: str) -> None:
        """Drop every commit after this one."""
        known = [self.base, *(c.commit for c in self.commits)]
        del self.commits[known.index(commit) :]

    async def close(self, room: Room) -> None:
        """Forget the clone."""
        self.opened.remove(room)


@dataclass(slots=True, kw_only=True)
class TableGate:
    """A gate that answers from a table: (phase, attempt) → verdict, else pass."""

    table: Mapping[tuple[str, int], Weight] = field(default_factory=dict)
    weighed: list[tuple[str, int]] = field(default_factory=list)

    async def weigh(
        self, plan: Plan, phase: Phase, delivery: Delivery, note: Note | None = None
    ) -> Verdict:
        """Look the verdict up; remember that it was asked for."""
        del note
        key = (phase.key, delivery.attempt)
        self.weighed.append(key)
        found = Evidence(
            check="table",
            kind="table",
            verdict=self.table.get(key, "pass"),
            summary="from the table",
        )
        return _verdict(plan, phase.key, delivery.base, delivery.head, [found])

    async def weigh_plan(self, plan: Plan, base: str, head: str) -> Verdict:
        """Pass."""
        found = Evidence(check="table", kind="table", verdict="pass", summary="final")
        return _verdict(plan, "", base, head, [found])


def _verdict(
    plan: Plan, phase: str, base: str, head: str, found: Iterable[Evidence]
) -> Verdict:
    return judge(found, plan=plan.id, phase=phase, base=base, head=head, tree=head)


@dataclass(slots=True, kw_only=True)
class TimedAgent:
    """An agent that takes a stated time and does nothing else."""

    clock: VirtualClock
    seconds: Callable[[str], float] = lambda _phase: 1.0
    name: str = "timed"
    outcome: Outcome = _ENDED
    working: set[str] = field(default_factory=set)
    most: int = 0
    """The most phases it ever worked on at once."""

    def available(self) -> str | None:
        """Be there."""
        return None

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Wait, in virtual time."""
        self.working.add(order.phase)
        self.most = max(self.most, len(self.working))
        try:
            watch.activity("waiting")
            await self.clock.sleep(self.seconds(order.phase))
        finally:
            self.working.discard(order.phase)
        return replace(self.outcome)
