"""What can happen to one phase: attempts, verdicts, merges, a person's word."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from weighlock.run.evidence import Outcome

Ending = Literal[
    "ended",
    "crashed",
    "timed-out",
    "idle",
    "cancelled",
    "unavailable",
    "declined",
    "parked",
]
"""How an agent's work on an attempt stopped. ``ended`` never means success; ``parked``:
no credential was left that could serve it; ``declined``: a person gave no more money,
tokens or minutes."""
UNSTARTED: frozenset[Ending] = frozenset(("unavailable", "declined"))
"""Endings of attempts in which nothing was done that could be weighed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact. ``at`` is seconds since the epoch, UTC, from the Clock port."""

    kind: ClassVar[str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted(Event):
    """A workspace is about to be made and an agent to be started in it."""

    kind: ClassVar[str] = "attempt-started"
    phase: str
    attempt: int
    agent: str
    base: str
    model: str | None = None
    effort: str | None = None
    remediation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSpawned(Event):
    """A process was started; pid and start time find it again after a crash."""

    kind: ClassVar[str] = "agent-spawned"
    phase: str
    attempt: int
    pid: int
    started: float
    """Start time of the process in clock ticks since boot, as the system gives it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Event):
    """One conversation of an attempt, for one deliverable, is over."""

    kind: ClassVar[str] = "session-ended"
    phase: str
    attempt: int
    session: int
    owner: str | None
    agent: str
    ending: Ending
    detail: str
    summary: str
    """At most 500 tokens of the agent's own words."""
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentEnded(Event):
    """The agent's process group is gone; what it left is about to be weighed."""

    kind: ClassVar[str] = "agent-ended"
    phase: str
    attempt: int
    ending: Ending
    detail: str
    claim: str
    """The agent's last words, trimmed: a claim."""
    duration_s: float
    until: float | None = None
    """When it may go on, for ``parked``; seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseJudged(Event):
    """The gate has spoken about one attempt."""

    kind: ClassVar[str] = "phase-judged"
    phase: str
    attempt: int
    verdict: Outcome
    codes: tuple[str, ...]
    """Reason codes, most decisive first."""
    summary: str
    evidence: str
    """Digest of the whole verdict as JSON."""
    base: str
    head: str
    tree: str
    duration_s: float
    checks: int = 0
    passed: int = 0
    before: str = ""
    """Tests at base, ``passed/failed/skipped/error``; empty when none ran."""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeConflicted(Event):
    """What the attempt delivered does not merge with what passed meanwhile."""

    kind: ClassVar[str] = "merge-conflicted"
    phase: str
    attempt: int
    paths: tuple[str, ...]
    tip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePassed(Event):
    """The verdict was pass and the work is on the branch: a checkpoint."""

    kind: ClassVar[str] = "phase-passed"
    phase: str
    attempt: int
    commit: str
    tree: str
    evidence: str
    approved_by: str = ""
    """Set when a person let a ``review`` pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptAbandoned(Event):
    """An attempt was open when the process died, or was stopped by request."""

    kind: ClassVar[str] = "attempt-abandoned"
    phase: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseBlocked(Event):
    """A person is needed: attempts are used up, or more of them would not help."""

    kind: ClassVar[str] = "phase-blocked"
    phase: str
    state: Literal["failed", "error", "timed-out", "review", "blocked"]
    """``blocked``: the agent says that the phase cannot be done as it is written."""
    why: str
    """The root cause in one sentence."""
    hint: str = ""
    evidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseWaived(Event):
    """A person let later phases go on without this one; its verdict stays."""

    kind: ClassVar[str] = "phase-waived"
    phase: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseApproved(Event):
    """A person looked at a ``review`` verdict and accepts the work."""

    kind: ClassVar[str] = "phase-approved"
    phase: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRejected(Event):
    """A person looked and does not accept the work; the reason is evidence."""

    kind: ClassVar[str] = "phase-rejected"
    phase: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRetried(Event):
    """A person asked for fresh attempts."""

    kind: ClassVar[str] = "phase-retried"
    phase: str
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """A running attempt waits for a person: work to do, or a decision."""

    kind: ClassVar[str] = "question-asked"
    phase: str
    attempt: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """A person answered: a question of an attempt, or a phase that is blocked."""

    kind: ClassVar[str] = "question-answered"
    phase: str
    by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseReopened(Event):
    """A verification phase found that an already passed phase is not done."""

    kind: ClassVar[str] = "phase-reopened"
    phase: str
    by: str
    """Key of the verification phase."""
    evidence: str
    """Digest of its verdict: what the next attempt is given."""
