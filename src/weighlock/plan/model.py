"""What a plan is: frozen values with line positions.

Text is parsed once into these; nothing changes them afterwards.  Field names follow
the JSON of ``show --json`` (schema ``weighlock/plan/1``).
"""

from dataclasses import dataclass
from typing import Literal, get_args

Dialect = Literal[
    "phase-directory",
    "single-file",
    "biscuit",
    "execution-plan",
    "gsd",
    "spec-kit",
    "openspec",
    "kiro",
    "bmad",
    "superpowers",
    "execplan",
    "task-master",
    "free",
]
Kind = Literal[
    "preflight",
    "design",
    "pseudocode",
    "stub",
    "tdd",
    "impl",
    "integration",
    "migration",
    "deprecation",
    "verification",
]
Status = Literal[
    "pending",
    "in_progress",
    "completed",
    "failed",
    "blocked",
    "timed_out",
    "skipped",
    "cancelled",
]
Form = Literal[
    "none",
    "min",
    "max",
    "exact",
    "range",
    "exit",
    "pass",
    "fail",
    "contains",
    "prose",
    "default",
]
Action = Literal["create", "modify", "delete", "keep"]
ClauseKind = Literal["given", "when", "then", "while", "where", "if", "shall"]
Severity = Literal["error", "warning", "info"]

KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A place in a plan's text."""

    file: str
    """Path as the caller gave it (a plan root is put in front); POSIX slashes."""
    line: int
    """First line, counted from 1."""
    end_line: int = 0
    """Last line, inclusive; 0 when it is the first line."""
    column: int = 1
    """Column in characters, counted from 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with a plan's text, or not understood in it."""

    code: str
    """Stable word or number, for example ``WL101``."""
    severity: Severity
    message: str
    """What is wrong and why it matters, one sentence."""
    hint: str = ""
    """What to change."""
    source: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a command of the plan is expected to show, as data."""

    form: Form = "default"
    value: float | str | tuple[float, float] | None = None
    """Number for min, max, exact, exit; text for contains, prose; (low, high)."""
    text: str = ""
    """The author's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A shell command that the plan gives for verification."""

    text: str
    expect: Expectation
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAction:
    """A path that a phase says it will create, modify, delete or keep."""

    path: str
    """Relative to the repository root, POSIX slashes; may hold glob characters."""
    action: Action
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """An acceptance criterion or check-list item."""

    text: str
    done: bool
    """Whether the author's box is ticked: a claim, never evidence."""
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliverable:
    """A part of a phase for one sub-agent: its text and who should do it."""

    text: str
    owner: str | None
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A part of a requirement's sentence, as EARS or GIVEN/WHEN/THEN divide it."""

    kind: ClauseKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A numbered statement that the plan must satisfy."""

    id: str
    text: str
    phases: tuple[str, ...]
    """Keys of the phases that cite it, in plan order."""
    source: Span | None
    clauses: tuple[Clause, ...] = ()
    """The parts of its text; none when it is prose."""
    again: tuple[Span, ...] = ()
    """Where it is defined once more, in the same form and in other words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerRow:
    """A row of a status table: what somebody said of a phase."""

    key: str
    status: Status
    status_text: str
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One unit of work, judged by one gate."""

    key: str
    """Normal form: ``03``, ``03a``, ``0.5``, ``12``, ``T001``, ``2.3``."""
    title: str
    kind: Kind = "impl"
    id: str = ""
    """The author's own id, for example ``PLAN-X.P03``; empty when there is none."""
    verifies: str | None = None
    """Key of the phase that a verification phase checks."""
    needs: tuple[str, ...] = ()
    needs_from: Literal["stated", "order"] = "order"
    group: str | None = None
    """Phases of one group may run side by side."""
    owner: str | None = None
    skills: tuple[str, ...] = ()
    estimate: str | None = None
    """The author's words, for example ``1-2 hours``."""
    status: Status = "pending"
    status_text: str = ""
    blast_radius: str | None = None
    """Command or pattern of the tests the phase must keep green."""
    requirements: tuple[str, ...] = ()
    files: tuple[FileAction, ...] = ()
    said: tuple[FileAction, ...] = ()
    """Files that sentences name: they may change so, and no list demands it."""
    commands: tuple[Command, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    markers: bool = False
    """Whether the plan asks for ``@plan`` markers in this phase's code."""
    text: str = ""
    """The phase's own text, decoded, as its author wrote it."""
    source: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of a plan, byte for byte."""

    path: str
    """Relative to the plan's root, POSIX slashes: ``plan/03-stub.md``."""
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How much of a plan's text ended up in a field."""

    lines: int
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A parsed plan: phases in order, and everything found around them."""

    id: str
    title: str
    dialect: Dialect
    path: str
    """The file or folder that was loaded, as given."""
    root: str = "."
    """The folder that ``sources`` are relative to, as given or derived."""
    phases: tuple[Phase, ...] = ()
    status: Status = "pending"
    requirements: tuple[Requirement, ...] = ()
    tracker: tuple[TrackerRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    sources: tuple[Source, ...] = ()
    """Every file that was read."""
    understood: Understood = Understood(lines=0, read=0)

    def phase(self, key: str) -> Phase | None:
        """Return the phase with this normal-form key, or None."""
        return next((p for p in self.phases if p.key == key), None)
