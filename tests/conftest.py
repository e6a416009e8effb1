"""What several rooms' tests share: a plan of given needs, a world without a world."""

import os
import subprocess
import sys
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
from weighlock.ports import Cast
from weighlock.run import events as ev
from weighlock.run.evidence import Outcome
from weighlock.run.requests import Request
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


# A real repository, driven as a person would

PLAN = """\
# Plan: Greeting

## Phase 1: Words

**Files to create:**
- `words.txt`

```bash
grep -c hello words.txt
# Expected: 1
```

## Phase 2: More words

**Dependencies:** Phase 1

**Files to modify:**
- `words.txt`

```bash
grep -c world words.txt
# Expected: 1
```

## Phase 3: A letter

**Dependencies:** Phase 1

**Files to create:**
- `letter.txt`

```bash
test -s letter.txt
```

## Phase 4: A stamp

**Dependencies:** Phase 2, Phase 3

**Files to create:**
- `stamp.txt`

```bash
grep -q penny stamp.txt
```
"""

AGENT = """\
import os, pathlib, time
phase = os.environ["WEIGHLOCK_PHASE"]
time.sleep({pause})
words = pathlib.Path("words.txt")
if phase == "01":
    words.write_text("hello\\n")
if phase == "02":
    words.write_text(words.read_text() + "world\\n")
if phase == "03":
    pathlib.Path("letter.txt").write_text("dear\\n")
if phase == "04":
    pathlib.Path("stamp.txt").write_text("one penny\\n")
print("### Summary")
print("done", phase)
"""

CONFIG = """\
agent = "script"
jobs = 2

[agents.script]
kind = "command"
command = ["{python}", "agent.py"]
"""


@dataclass
class Project:
    """A repository, a configuration beside it, and a home of its own."""

    root: Path
    beside: Path
    env: dict[str, str]

    def git(self, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def write(self, path: str, text: str, *, commit: bool = True) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if commit:
            self.git("add", "-A")
            self.git("commit", "-qm", f"Write {path}")

    def agent(self, code: str) -> None:
        (self.beside / "agent.py").write_text(code, encoding="utf-8")

    def command(self, *args: str) -> list[str]:
        config = ["--config", str(self.beside / "weighlock.toml")]
        return [sys.executable, "-m", "weighlock", *args, *config]

    def start(self, *args: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command(*args),
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(
        self, *args: str, seconds: float = 55
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*args),
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def tree(self, branch: str = "weighlock/plan-greeting") -> str:
        return self.git("rev-parse", f"{branch}^{{tree}}")

    def journals(self) -> Sequence[Path]:
        return sorted((self.root / ".git/weighlock/runs").glob("*/journal.jsonl"))


def make_project(folder: Path, *, pause: float = 0.05) -> Project:
    root, beside, home = folder / "repo", folder / "beside", folder / "home"
    for path in (root, beside, home):
        path.mkdir(parents=True)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "ann",
        "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "ann",
        "GIT_COMMITTER_EMAIL": "ann@example.org",
    }
    project = Project(root=root, beside=beside, env=env)
    project.git("init", "-q", "-b", "main")
    project.write("docs/plan.md", PLAN)
    project.agent(AGENT.format(pause=pause))
    config = CONFIG.format(python=sys.executable)
    (beside / "weighlock.toml").write_text(config, encoding="utf-8")
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.fixture(scope="session")
def make_real():
    return make_project
