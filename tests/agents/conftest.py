"""An order to give, and a watch that writes down what it is told."""

import asyncio
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from weighlock.agents.child import MARK
from weighlock.ports import Agent, Order, Outcome, Room


@dataclass
class Seen:
    """A ports.Watch that remembers."""

    pids: list[tuple[int, float]] = field(default_factory=list)
    activities: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    answer: str = "done"
    started: asyncio.Event = field(default_factory=asyncio.Event)

    def spawned(self, pid: int, started: float) -> None:
        self.pids.append((pid, started))

    def activity(self, what: str) -> None:
        self.activities.append(what)
        self.started.set()

    async def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answer


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def make_order(tmp_path: Path) -> Iterator[Callable[..., Order]]:
    """Make orders in one workspace; no process of theirs may be left afterwards."""
    work = tmp_path / "work"
    work.mkdir()
    home = tmp_path / "home"

    def order(**given: object) -> Order:
        values: dict[str, object] = {
            "phase": "03",
            "attempt": 1,
            "session": 1,
            "prompt": "do it\n",
            "room": Room(phase="03", attempt=1, path=work, base="0" * 40),
            "log": tmp_path / "logs" / "03-1.log",
            "home": home,
            "deadline_s": 30.0,
            "idle_s": 30.0,
        }
        return Order(**{**values, **given})

    yield order
    assert left_over(home) == []


@pytest.fixture
def work(seen: Seen) -> Callable[[Agent, Order], Outcome]:
    """Let an agent work to the end of its conversation."""
    return lambda agent, order: asyncio.run(agent.work(order, seen))


@pytest.fixture
def group_left() -> Callable[[int], list[str]]:
    """Return the live members of a process group; one nobody reaped is not alive."""

    def left(pgid: int) -> list[str]:
        stats = [p / "stat" for p in Path("/proc").iterdir() if p.name.isdigit()]
        rows = [s.read_text().rpartition(")")[2].split() for s in stats if s.exists()]
        return [row for row in rows if int(row[2]) == pgid and row[0] not in "ZX"]

    return left


def left_over(home: Path) -> list[str]:
    """Return the command lines of live processes that carry the home's mark."""
    mark = f"{MARK}={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                found.append((entry / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make the workspace a git repository."""
    folder = tmp_path / "work"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return folder
