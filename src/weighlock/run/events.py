"""What can happen in a run: the journal's schema, one frozen value per fact.

Every event is in the past tense and flat: strings, numbers, booleans, tuples of
strings, and at most a verdict's short form.  Bulky things (prompts, verdicts, plans)
are stored as evidence blobs and named by digest.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from weighlock.run.evidence import Outcome

SCHEMA = 1
"""Journal version; a newer one is refused, not guessed at."""

Ending = Literal["ended", "crashed", "timed-out", "idle", "cancelled", "unavailable"]
"""How an agent's work on an attempt stopped. ``ended`` never means success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact. ``at`` is seconds since the epoch, UTC, from the Clock port."""

    kind: ClassVar[str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    """A run of a plan began."""

    kind: ClassVar[str] = "run-started"
    run: str
    plan: str
    """The plan's id, or a slug of its title."""
    plan_digest: str
    """Digest of the plan snapshot kept in the run's folder."""
    plan_path: str
    """Relative to the repository root, or absolute when it lies outside."""
    base: str
    """Commit id that the first phase starts from."""
    branch: str
    """``weighlock/<plan>``."""
    phases: tuple[str, ...]
    selected: tuple[str, ...]
    """Keys that this run was asked to do; all, unless --only or --until."""
    version: str
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(Event):
    """Another process took the run up again."""

    kind: ClassVar[str] = "run-resumed"
    selected: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightChecked(Event):
    """One thing was looked at before the first phase, or a baseline was taken."""

    kind: ClassVar[str] = "preflight-checked"
    name: str
    """tree, tools, agent, tests, build, lint, ..."""
    verdict: Outcome
    summary: str
    hint: str = ""
    evidence: str | None = None


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
    """Attempts are used up, or the phase cannot be checked: a person is needed."""

    kind: ClassVar[str] = "phase-blocked"
    phase: str
    state: Literal["failed", "error", "timed-out", "review"]
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
    """A person answered."""

    kind: ClassVar[str] = "question-answered"
    phase: str
    by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    """A request from ``requests.jsonl`` made no sense now."""

    kind: ClassVar[str] = "request-refused"
    verb: str
    phase: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchRestored(Event):
    """The branch went back to the checkpoint after ``phase``; later ones reopen."""

    kind: ClassVar[str] = "branch-restored"
    phase: str
    """Empty: back to the base of the run."""
    commit: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJudged(Event):
    """The final gate has spoken about the whole plan."""

    kind: ClassVar[str] = "plan-judged"
    verdict: Outcome
    codes: tuple[str, ...]
    summary: str
    evidence: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStopped(Event):
    """A person or a signal asked the run to stop; it can be resumed."""

    kind: ClassVar[str] = "run-stopped"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Event):
    """Nothing more can be done without a person, or all is done."""

    kind: ClassVar[str] = "run-ended"
    state: Literal["passed", "failed", "needs-input"]


AnyEvent: TypeAlias = (
    RunStarted
    | RunResumed
    | PreflightChecked
    | AttemptStarted
    | AgentSpawned
    | SessionEnded
    | AgentEnded
    | PhaseJudged
    | MergeConflicted
    | PhasePassed
    | AttemptAbandoned
    | PhaseBlocked
    | PhaseWaived
    | PhaseApproved
    | PhaseRejected
    | PhaseRetried
    | QuestionAsked
    | QuestionAnswered
    | RequestRefused
    | BranchRestored
    | PlanJudged
    | RunStopped
    | RunEnded
)

KINDS: dict[str, Callable[..., AnyEvent]] = {e.kind: e for e in get_args(AnyEvent)}
_FIELDS = {e.kind: tuple(f.name for f in fields(e)) for e in get_args(AnyEvent)}


def to_dict(event: AnyEvent) -> dict[str, Any]:
    """Return the event as JSON-ready data, ``kind`` first."""
    values = {name: getattr(event, name) for name in _FIELDS[event.kind]}
    return {"kind": event.kind, **values}


def from_dict(data: dict[str, Any]) -> AnyEvent:
    """Make an event from ``to_dict``'s data.

    Raises:
        KeyError: The kind is unknown.
        TypeError: A field is missing or unknown.
    """
    rest = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in data.items()
        if name != "kind"
    }
    return KINDS[data["kind"]](**rest)
