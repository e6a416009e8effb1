"""What weighlock has to say of a phase, from evidence, before it is written down."""

from dataclasses import dataclass

from weighlock.plan.model import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A command that weighlock ran, and what came of it."""

    command: str
    exit_code: int | None
    result: str = ""
    """One line: ``12 passed``, ``0 matches, as expected``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A file that the phase delivered."""

    path: str
    lines: int
    action: str = ""
    """created, modified, deleted; empty when that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One remediation: why an attempt was sent back, and what came of it."""

    reason: str
    actions: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A phase's state and the evidence for it; every field is a fact, not a claim."""

    phase: str
    """Key in normal form."""
    status: Status
    at: str
    """When the verdict was given, ISO 8601: ``2026-11-21T10:30:00Z``."""
    started: str = ""
    """When the first attempt began, ISO 8601."""
    verified: bool = False
    evidence: str = ""
    """``sha256:…`` of the verdict."""
    commit: str = ""
    verdict: str = ""
    """``pass``, ``fail``, …: the gate's word, with its reason codes if there are."""
    summary: tuple[str, ...] = ()
    """Lines for a person: what each check found."""
    commands: tuple[Ran, ...] = ()
    files: tuple[Delivered, ...] = ()
    tests_before: str = ""
    """``passed/failed/skipped/error`` at base; empty when none ran."""
    tests_after: str = ""
    error: str = ""
    """Why the phase failed, one sentence."""
    last_step: str = ""
    """The last thing that went well before it failed."""
    blockers: tuple[str, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    criteria: tuple[int, ...] = ()
    """Indexes into ``Phase.criteria`` that evidence supports."""
    documents: tuple[str, ...] = ()
    """Documents of the plan's "to update" list that evidence shows updated."""

    @property
    def date(self) -> str:
        """Return the day of the verdict."""
        return self.at[:10]

    @property
    def minute(self) -> str:
        """Return the verdict's day and time to the minute: ``2026-11-21 10:30``."""
        return self.at[:16].replace("T", " ")
