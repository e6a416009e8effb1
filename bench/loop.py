"""The engine: what a phase costs beside its agent, and how long a whole plan takes."""

import asyncio
import random
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from bench.material import plan_of, started
from bench.measure import Row, beside
from weighlock.cli.clock import SystemClock
from weighlock.engine import Bounds, Engine, Places, World
from weighlock.fakes import (
    MemoryStore,
    MemoryWorkspace,
    TableGate,
    TimedAgent,
    VirtualClock,
)
from weighlock.git import Git
from weighlock.journal import FileJournal, ListJournal
from weighlock.plan.model import Plan
from weighlock.plan.order import critical_path
from weighlock.ports import Cast, Clock, Journal, Workspace
from weighlock.run.schedule import Caps, schedule
from weighlock.workspace import clones

PHASES = 200
WORKERS = 8
REAL = 10
SEEDS = range(9)


def rows() -> Iterator[Row]:
    """Measure a phase on fakes, a phase in real clones, and simulated plans."""
    yield _overhead()
    yield _in_clones()
    yield _makespan()


@dataclass(slots=True, kw_only=True)
class Ground:
    """What one run stands on."""

    clock: Clock
    space: Workspace
    journal: Journal


def _engine(
    plan: Plan, ground: Ground, seconds: Callable[[str], float], jobs: int
) -> Engine:
    agent = TimedAgent(clock=ground.clock, seconds=seconds)
    expected = {p.key: seconds(p.key) for p in plan.phases}
    world = World(
        casting=lambda _phase, _owner: Cast(agent=agent),
        gate=TableGate(),
        workspace=ground.space,
        journal=ground.journal,
        store=MemoryStore(),
        clock=ground.clock,
        requests=lambda: (),
        schedule=schedule(plan, Caps(jobs=jobs), expected),
        bounds=Bounds(poll_s=1e9),
        places=Places(logs=Path(), homes=Path(), plan_root=None),
        end_process=lambda _pid, _started: False,
    )
    return Engine(plan=plan, world=world)


def _in_memory(
    needs: dict[str, tuple[str, ...]], seconds: Callable[[str], float], jobs: int
) -> float:
    """Run a plan on fakes; return the virtual seconds that it took."""
    begun = started(tuple(needs))
    ground = Ground(
        clock=VirtualClock(),
        space=MemoryWorkspace(run=begun.run),
        journal=ListJournal([begun]),
    )
    state = asyncio.run(_engine(plan_of(needs), ground, seconds, jobs).execute())
    assert state.stage == "passed", state.stage
    return ground.clock.now()


def _chain(count: int) -> dict[str, tuple[str, ...]]:
    keys = [f"{n:04}" for n in range(count)]
    return {key: tuple(keys[max(0, i - 1) : i]) for i, key in enumerate(keys)}


def _overhead() -> Row:
    async def turns() -> None:
        for _ in range(PHASES * 10):
            await asyncio.sleep(0)

    needs = _chain(PHASES)
    mine, theirs = beside(
        lambda: _in_memory(needs, lambda _key: 0.0, 1),
        lambda: asyncio.run(turns()),
        5,
    )
    return Row(
        what=f"engine, a no-op phase of {PHASES} (fakes)",
        seconds=mine / PHASES,
        beside="10 bare turns of asyncio",
        reference=theirs / PHASES,
        bar=0.03,
    )


def _in_clones() -> Row:
    """Run phases that change nothing in real clones, beside git's own time."""
    spent = 0.0
    bare = Git.call

    def watched(
        self: Git, *args: str, **given: bytes
    ) -> subprocess.CompletedProcess[bytes]:
        nonlocal spent
        began = perf_counter()
        try:
            return bare(self, *args, **given)
        finally:
            spent += perf_counter() - began

    Git.call = watched
    try:
        whole = statistics.median(_real_run() for _ in range(3))
    finally:
        Git.call = bare
    git = spent / 3
    return Row(
        what=f"a no-op phase of {REAL} in real clones, git's time taken off",
        seconds=max(0.0, whole - git) / REAL,
        beside="git's own time in it",
        reference=git / REAL,
        bar=0.03,
    )


def _real_run() -> float:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        root.mkdir()
        git = Git(root)
        git.run("init", "-q")
        mine = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
        for number in range(200):
            (root / f"file{number}.py").write_text(f"x = {number}\n")
        git.run("add", "-A")
        git.run(*mine, "commit", "-q", "-m", "Begin")
        base = git.text("rev-parse", "HEAD")
        needs = _chain(REAL)
        begun = started(tuple(needs))
        journal = FileJournal(Path(name) / "journal.jsonl")
        journal.append(replace(begun, base=base))
        space = clones(
            root,
            begun.branch,
            base=base,
            cache=Path(name) / "cache",
            state=root / ".git" / "weighlock",
        )
        # A virtual clock would turn its wheel while git works, and be measured.
        ground = Ground(clock=SystemClock(), space=space, journal=journal)
        made = _engine(plan_of(needs), ground, lambda _key: 0.0, 1)
        began = perf_counter()
        state = asyncio.run(made.execute())
        assert state.stage == "passed", state.stage
        return perf_counter() - began


def _makespan() -> Row:
    """Simulate plans of random needs and durations; the worst one counts."""
    plans = [_simulated(seed) for seed in SEEDS]
    worst, bound = max(plans, key=lambda plan: plan[0] / plan[1])
    return Row(
        what=f"{PHASES} phases on {WORKERS} workers, worst of {len(SEEDS)} plans",
        seconds=worst,
        beside="max(critical path, total / 8)",
        reference=bound,
        ratio_bar=1.05,
    )


def _simulated(seed: int) -> tuple[float, float]:
    chance = random.Random(seed)  # noqa: S311 - a simulation
    keys = [f"{n:04}" for n in range(PHASES)]
    needs = {
        key: tuple(chance.sample(keys[:i], min(i, chance.randint(0, 2))))
        for i, key in enumerate(keys)
    }
    minutes = {key: chance.uniform(10, 90) * 60 for key in keys}
    took = _in_memory(needs, minutes.__getitem__, WORKERS)
    longest = critical_path(needs, minutes)[1]
    return took, max(longest, sum(minutes.values()) / WORKERS)
