"""What can happen in a run: the journal's schema, one frozen value per fact.

Every event is in the past tense and flat: strings, numbers, booleans, tuples of
strings, and at most a verdict's short form.  Bulky things (prompts, verdicts, plans)
are stored as evidence blobs and named by digest.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from weighlock.run.calls.events import (
    BucketLeft,
    CallsCounted,
    PhaseParked,
    PhaseUnparked,
)
from weighlock.run.evidence import Outcome
from weighlock.run.phase_events import (
    UNSTARTED,
    AgentEnded,
    AgentSpawned,
    AttemptAbandoned,
    AttemptStarted,
    Ending,
    Event,
    MergeConflicted,
    PhaseApproved,
    PhaseBlocked,
    PhaseJudged,
    PhasePassed,
    PhaseRejected,
    PhaseReopened,
    PhaseRetried,
    PhaseWaived,
    QuestionAnswered,
    QuestionAsked,
    SessionEnded,
)

__all__ = [
    "KINDS",
    "SCHEMA",
    "UNSTARTED",
    "AgentEnded",
    "AgentSpawned",
    "AnyEvent",
    "AttemptAbandoned",
    "AttemptStarted",
    "BranchRestored",
    "BucketLeft",
    "CallsCounted",
    "Ending",
    "Event",
    "MergeConflicted",
    "PhaseApproved",
    "PhaseBlocked",
    "PhaseJudged",
    "PhaseParked",
    "PhasePassed",
    "PhaseRejected",
    "PhaseReopened",
    "PhaseRetried",
    "PhaseUnparked",
    "PhaseWaived",
    "PlanChanged",
    "PlanJudged",
    "PreflightChecked",
    "QuestionAnswered",
    "QuestionAsked",
    "RequestRefused",
    "RunEnded",
    "RunResumed",
    "RunStarted",
    "RunStopped",
    "SessionEnded",
    "TraceAccepted",
    "from_dict",
    "to_dict",
]

SCHEMA = 1
"""Journal version; a newer one is refused, not guessed at."""


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
    gate: str = ""
    """Digest of the gate's settings; empty in older journals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(Event):
    """Another process took the run up again."""

    kind: ClassVar[str] = "run-resumed"
    selected: tuple[str, ...]
    version: str
    gate: str = ""
    """Digest of the gate's settings from now on; empty: as they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    """The run goes on with another version of its plan, or with phases set back."""

    kind: ClassVar[str] = "plan-changed"
    plan_digest: str
    """Digest of the snapshot that holds from now on."""
    phases: tuple[str, ...]
    """Every key of it, in plan order."""
    selected: tuple[str, ...]
    """Keys that the run is asked to do from now on."""
    moved: tuple[str, ...]
    """``03=04``: what was phase 03 is phase 04 now, and keeps its record."""
    added: tuple[str, ...]
    """Keys of new phases."""
    removed: tuple[str, ...]
    """Keys as they were; their record is kept, and nothing waits for them."""
    changed: tuple[str, ...]
    """Keys, as they are now, of phases with another text or other inputs."""
    reopened: tuple[str, ...]
    """Keys of phases that are to be done again."""
    why: tuple[str, ...]
    """One sentence for each of ``reopened``."""
    by: str
    """Who took the change into the run."""


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
class TraceAccepted(Event):
    """A person looked at code or text that changed after its pass, and accepts it."""

    kind: ClassVar[str] = "trace-accepted"
    id: str
    """A requirement, or the key of a phase."""
    digests: tuple[str, ...]
    """Of the text and the code that were looked at; another change is not accepted."""
    by: str
    reason: str = ""


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
    | PlanChanged
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
    | PhaseReopened
    | CallsCounted
    | BucketLeft
    | PhaseParked
    | PhaseUnparked
    | QuestionAsked
    | QuestionAnswered
    | RequestRefused
    | BranchRestored
    | PlanJudged
    | TraceAccepted
    | RunStopped
    | RunEnded
)

KINDS: dict[str, Callable[..., AnyEvent]] = {e.kind: e for e in get_args(AnyEvent)}
_FIELDS = {e.kind: tuple(f.name for f in fields(e)) for e in get_args(AnyEvent)}

_TEXTS = {
    e.kind: tuple(f.name for f in fields(e) if f.type == tuple[str, ...])
    for e in get_args(AnyEvent)
}
"""Kind → its fields that are tuples, which JSON gives back as lists."""


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
    rest = dict(data)
    kind = rest.pop("kind")
    for name in _TEXTS[kind]:
        if name in rest:
            rest[name] = tuple(rest[name])
    return KINDS[kind](**rest)
