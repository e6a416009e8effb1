"""Everything the engine needs from outside, handed over in one value."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from weighlock.ports import (
    Casting,
    Clock,
    EndProcess,
    Gate,
    Journal,
    Requests,
    Store,
    Workspace,
)
from weighlock.run.events import AnyEvent
from weighlock.run.schedule import Schedule
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """When the engine stops waiting or trying."""

    attempts: int = 3
    split: bool = True
    """Whether each deliverable of a phase gets a session of its own."""
    phase_s: float = 7200.0
    idle_s: float = 900.0
    prompt_tokens: int = 12_000
    poll_s: float = 0.25
    """How often requests are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where attempts keep what is not part of the work."""

    logs: Path
    homes: Path
    plan_root: str | None
    """The plan's folder relative to the repository; None when it lies outside."""

    def log(self, phase: str, attempt: int) -> Path:
        """Return the log of an attempt."""
        return self.logs / f"{phase}-{attempt}.log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observer:
    """Who watches: a live view, or nobody."""

    saw: Callable[[AnyEvent, RunState], None] = lambda _event, _state: None
    activity: Callable[[str, str], None] = lambda _phase, _what: None


Report = Callable[[AnyEvent], Awaitable[None]]
"""Hand an event to the loop; returns when it is in the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ports of one run."""

    casting: Casting
    gate: Gate
    workspace: Workspace
    journal: Journal
    store: Store
    clock: Clock
    requests: Requests
    schedule: Schedule
    bounds: Bounds
    places: Places
    end_process: EndProcess
    skills: tuple[str, ...] = ()
    observer: Observer = Observer()
