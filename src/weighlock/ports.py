"""What the engine asks of the world: agents, gate, workspace, journal, clock.

An adapter implements a port; so does the fake that ships beside it.  Nothing here
does anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from weighlock.plan.model import Phase, Plan
from weighlock.run.events import AnyEvent, Ending
from weighlock.run.evidence import Claim, Evidence, Verdict
from weighlock.run.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A workspace that one attempt may change, and nothing else."""

    phase: str
    attempt: int
    path: Path
    """The clone's work tree."""
    base: str
    """Commit id the clone stands on."""
    reads: tuple[Path, ...] = ()
    """What the clone borrows: object stores. A sandbox must show them."""
    writable: bool = True
    """Whether the agent may change it; a reviewer may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What an attempt left behind, frozen into the repository's object store."""

    phase: str
    attempt: int
    base: str
    """Commit id that the work started from."""
    head: str
    """Commit id made by weighlock: ``tree`` with parent ``base``."""
    tree: str
    claim: Claim | None = None
    workspace: Path | None = None
    """The live clone, for git truth only; never what is tested."""
    ancestor: bool = True
    """Whether ``base`` is still an ancestor of the workspace's own HEAD."""
    left_out: tuple[str, ...] = ()
    """What lies in the workspace but no tree can hold: pipes, nested ``.git``."""
    earlier: tuple[str, ...] = ()
    """Digests of the verdicts on the attempts before this one, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A commit on ``weighlock/<plan>`` that is ready, or what stands in its way."""

    commit: str
    tree: str
    base: str
    """The branch tip it was made on; the gate must have seen this base."""
    conflicts: tuple[str, ...] = ()
    """Paths that need a decision; ``tree`` then holds them with conflict marks."""
    paths: tuple[str, ...] = ()
    """Every path that differs from ``base``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """A commit of ours on the branch, read back from its trailers."""

    commit: str
    tree: str
    run: str
    phase: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One conversation asked of an agent: a phase, or one deliverable of it."""

    phase: str
    attempt: int
    session: int
    """Counted from 1 within the attempt."""
    prompt: str
    room: Room
    log: Path
    """Where everything the agent says and does is written, from byte 0."""
    home: Path
    """The agent's own HOME, made empty; outside the workspace."""
    deadline_s: float
    idle_s: float
    owner: str | None = None
    model: str | None = None
    effort: str | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one conversation ended. ``ended`` is never evidence of success."""

    ending: Ending
    detail: str = ""
    """Stop reason, exit code, signal or error, in one line."""
    said: str = ""
    """The agent's last message: its claim."""
    until: float | None = None
    """When it may go on, for ``parked``; seconds since the epoch."""
    facts: tuple[AnyEvent, ...] = ()
    """What else the journal is to hold: calls, buckets that were left."""


class Watch(Protocol):
    """What an agent tells the engine while it works. Calls never block."""

    def spawned(self, pid: int, started: float) -> None:
        """Name the process group that was started."""

    def activity(self, what: str) -> None:
        """Say that something happened just now, in a few words."""

    async def ask(self, question: str) -> str:
        """Put a question to a person and wait for the answer."""


class Agent(Protocol):
    """Something that changes a workspace when it is told what to do."""

    @property
    def name(self) -> str:
        """Return the name the configuration gives it."""

    def available(self) -> str | None:
        """Return why the agent cannot be started, or None."""

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Do one conversation; leave no process behind, cancelled or not.

        Never raises for what agents do (crash, hang, refuse): that is an Outcome.
        """


class Check(Protocol):
    """One way of looking at a delivered tree."""

    id: str

    async def look(self, plan: Plan, phase: Phase, delivery: Delivery) -> Evidence:
        """Look, and say what was found.

        What could not be checked is Evidence with verdict ``error``.
        """


Note = Callable[[AnyEvent], None]
"""Hand over an event for the journal, without waiting until it is there."""


class Gate(Protocol):
    """The checks of a phase, run in order on a frozen delivery."""

    async def weigh(
        self, plan: Plan, phase: Phase, delivery: Delivery, note: Note | None = None
    ) -> Verdict:
        """Gather evidence about a phase and judge it; stores the blobs.

        ``note`` is handed what else the journal is to hold: a reviewer's calls.
        """

    async def weigh_plan(self, plan: Plan, base: str, head: str) -> Verdict:
        """Run the final gate: the whole plan, from the run's base to its end."""


class Workspace(Protocol):
    """Clones for attempts, and the one branch that takes what passed."""

    async def tip(self) -> str:
        """Return the commit id at the end of ``weighlock/<plan>``; creates it."""

    async def open(
        self, phase: str, attempt: int, base: str, start: str | None = None
    ) -> Room:
        """Make a fresh clone at ``base`` outside the repository.

        Args:
            phase: Key of the phase.
            attempt: Counted from 1.
            base: Commit id that HEAD stands on.
            start: A commit or tree whose files are laid over, uncommitted: what the
                failed attempt before this one delivered.
        """

    async def freeze(self, room: Room) -> Delivery:
        """Turn the clone's delivered files into a tree and a commit of our own."""

    async def combine(self, delivery: Delivery, tip: str) -> Merged:
        """Merge a delivery onto ``tip`` without moving the branch."""

    async def land(
        self,
        merged: Merged,
        edits: Mapping[str, bytes | None],
        message: str,
    ) -> str | None:
        """Commit ``merged`` plus ``edits`` and move the branch by compare-and-swap.

        Args:
            merged: From ``combine``, without conflicts.
            edits: Repository path → new bytes (tracker, marker, checkpoint); None:
                the path is not to be there.
            message: Subject, body and trailers.

        Returns:
            The new commit id, or None when the branch moved meanwhile.
        """

    async def read(self, commit: str, path: str) -> bytes | None:
        """Return a file's bytes at a commit, or None."""

    async def read_all(self, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
        """Return the bytes of those paths that exist at a commit, in one call."""

    async def since(self, commit: str) -> Sequence[Landed]:
        """Return our commits on the branch after ``commit``, oldest first.

        Raises:
            TamperedError: The branch does not contain ``commit``, or holds a commit
                without our trailers after it.
        """

    async def restore(self, commit: str) -> None:
        """Move the branch back to a commit that was a checkpoint."""

    async def close(self, room: Room) -> None:
        """Remove the clone; nothing of the attempt stays."""


class Journal(Protocol):
    """The ordered events of one run."""

    def append(self, event: AnyEvent) -> None:
        """Write one event durably; it is on disk when this returns."""

    def read(self) -> Sequence[AnyEvent]:
        """Return every event, oldest first.

        Raises:
            TamperedError: A line does not carry the digest of the one before.
        """


class Store(Protocol):
    """Evidence blobs by digest, outside every work tree."""

    def put(self, data: bytes) -> str:
        """Store bytes; return ``sha256:…``."""

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest.

        Raises:
            TamperedError: The blob is gone or does not match its digest.
        """


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> float:
        """Return seconds since the epoch, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who does a phase or a part of it, and with what."""

    agent: Agent
    model: str | None = None
    effort: str | None = None
    tools: bool = True
    """Whether it can look at files; else its prompt holds what it is to read."""


Requests = Callable[[], Sequence[Request]]
"""Return the requests that came since the last call, oldest first."""

Casting = Callable[[Phase, str | None], Cast]
"""Choose who does a phase, or the deliverable of this owner in it."""

EndProcess = Callable[[int, float], bool]
"""End a process group of an earlier weighlock by pid and start time, if it lives."""
