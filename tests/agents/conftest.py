"""An order to give, and a watch that writes down what it is told."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from weighlock.agents.child import MARK
from weighlock.agents.profiles import PROFILES
from weighlock.config import AgentSettings
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


# Real agents against a scripted model (marker ``agents``)

REAL = ("claude", "codex", "opencode", "gemini")
_HERE = Path(__file__).parent
_INSTALLED = _HERE.parents[1] / ".agents"
_ANY = "scripted-model-key"


@dataclass(frozen=True)
class Model:
    """A running scripted model server."""

    url: str
    log: Path

    def requests(self) -> list[dict[str, object]]:
        """Return what agents asked so far, one record a request."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture
def scripted_model(tmp_path: Path) -> Iterator[Callable[..., Model]]:
    """Start model servers that play scripts: ``[{"when": text, "steps": […]}]``."""
    running: list[subprocess.Popen[str]] = []

    def start(scripts: list[dict[str, object]]) -> Model:
        folder = tmp_path / f"model-{len(running)}"
        folder.mkdir()
        (folder / "script.json").write_text(json.dumps(scripts))
        log = folder / "requests.jsonl"
        program = [sys.executable, str(_HERE / "scripted_model.py")]
        proc = subprocess.Popen(
            [*program, str(folder / "script.json"), "--log", str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(proc)
        assert proc.stdout is not None
        return Model(url=proc.stdout.readline().strip(), log=log)

    yield start
    for proc in running:
        proc.communicate(timeout=10)


@pytest.fixture
def real_settings() -> Callable[[str, Model], AgentSettings]:
    """Return ready settings of a real agent that asks the scripted model."""

    def settings(name: str, model: Model) -> AgentSettings:
        openai = {"OPENAI_BASE_URL": f"{model.url}/v1", "OPENAI_API_KEY": _ANY}
        env = {
            "claude": {
                "ANTHROPIC_BASE_URL": model.url,
                "ANTHROPIC_AUTH_TOKEN": _ANY,
            },
            "codex": openai,
            "opencode": openai,
            "gemini": {
                "GOOGLE_GEMINI_BASE_URL": model.url,
                "GEMINI_API_KEY": _ANY,
            },
        }
        profile = PROFILES[name]
        program = _INSTALLED / name / "node_modules" / ".bin" / profile.program
        if not program.exists():
            pytest.skip("not installed: python tests/agents/install.py")
        return AgentSettings(
            name=name,
            profile=name,
            command=(str(program), *profile.args),
            model="scripted-model",
            env=env[name],
        )

    return settings


@pytest.fixture
def real_toml(real_settings: Callable[..., AgentSettings]) -> Callable[..., str]:
    """Return a weighlock.toml whose default agent is a real one."""

    def toml(name: str, model: Model) -> str:
        found = real_settings(name, model)
        table = {"profile": name, "command": list(found.command), "model": found.model}
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
        pairs = (f"{key} = {json.dumps(value)}" for key, value in found.env.items())
        lines.append(f"env = {{ {', '.join(pairs)} }}")
        return "\n".join([f'agent = "{name}"', f"[agents.{name}]", *lines, ""])

    return toml
