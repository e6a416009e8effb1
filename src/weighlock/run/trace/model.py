"""What a trace is: requirements, phases and markers, each row with one state.

The states are OpenFastTrace's words, and Doorstop's for work that nobody has weighed
since it changed. A row has exactly one; the first that fits, from the top:

========== ===========================================================================
duplicate  the plan defines the id twice, with texts that differ
outdated   a tag covers another revision than the plan has, or a reference to
           pseudocode goes past its end
orphaned   a marker names a phase, a requirement or a file that the plan has not
unmarked   a kind of marker that is needed is missing, though every phase that serves
           the requirement has passed or was waived, and one has passed
uncovered  a kind of marker that is needed is missing, and work is still to come
suspect    covered, and a phase of it has passed; but the requirement's text or the
           marked code is not what it was when it was last weighed
covered    every kind of marker that is needed is there
exempt     a phase of which the plan asks no marker, and none names it
========== ===========================================================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

from weighlock.plan.model import Span
from weighlock.run.trace.marker import Marker
from weighlock.run.trace.units import Unit

State = Literal[
    "duplicate",
    "outdated",
    "orphaned",
    "unmarked",
    "uncovered",
    "suspect",
    "covered",
    "exempt",
]
STATES: tuple[State, ...] = get_args(State)
GOOD: frozenset[State] = frozenset({"covered", "exempt"})
"""States in which nothing is missing."""

RowKind = Literal["requirement", "phase", "pseudocode", "orphan"]
Answer = Literal["yes", "no", "unknown"]
Result = Literal["passed", "failed", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """What one pass of a phase brought onto the run's branch."""

    phase: str
    commit: str
    changed: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    """Path → names of its nodes whose syntax changed; None: no nodes are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A file that is not what it was at the run's last checkpoint."""

    now: str
    """Digest of the file as it is."""
    then: Mapping[str, frozenset[str]] | None = None
    """Dotted name → digests of the nodes of that name then; None: no nodes known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where one phase that serves a row stands."""

    phase: str
    stage: str = "pending"
    verdict: str = ""
    commit: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Whether a node changed in the phase that claims it."""

    answer: Answer
    commit: str = ""
    """Where it did; for ``no``, where it did not."""
    phases: tuple[str, ...] = ()
    """Every passed phase that changed the node, in the order of their passes."""


NEVER = Changed(answer="unknown")


class Place(NamedTuple):
    """One marked piece of code, as evidence for one row.

    A tuple, for there are as many as markers: it is made four times as fast.
    """

    marker: Marker
    unit: Unit
    """The piece of code."""
    counts: str
    """What it counts as: impl, test, document, or a tag's own kind."""
    changed: Changed = NEVER
    result: Result = ""
    """Of a test: how it ended when it was last seen to run."""
    wrong: Literal["", "outdated", "suspect"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Everything about one requirement, phase, reference or orphan."""

    kind: RowKind
    id: str
    text: str = ""
    state: State
    why: str
    """One sentence: what the state rests on."""
    served: tuple[Served, ...] = ()
    code: tuple[Place, ...] = ()
    tests: tuple[Place, ...] = ()
    documents: tuple[Place, ...] = ()
    justified: str = ""
    """Why a person says that it may stay as it is."""
    accepted: str = ""
    """Who looked at suspect code and accepts it."""
    source: Span | None = None
    pins: tuple[str, ...] = ()
    """Digests of what is suspect, as it is now: what an acceptance names."""

    @property
    def places(self) -> tuple[Place, ...]:
        """Return every marked place: code, tests, documents."""
        return (*self.code, *self.tests, *self.documents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Requirement × phase × code × test × evidence, at one tree."""

    plan: str
    title: str = ""
    run: str = ""
    """Id of the run that the evidence is from; empty without one."""
    commit: str = ""
    """Commit whose files were looked at; empty for the work tree."""
    rows: tuple[Row, ...] = ()
    """Requirements and phases in plan order, then pseudocode, then orphans."""
    markers: int = 0
    """Markers that were found, those of other plans included."""
    foreign: int = 0
    """Markers of other plans among them."""
