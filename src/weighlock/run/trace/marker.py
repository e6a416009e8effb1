"""What a marker is: a line of code or text that names a phase or a requirement.

The scanner (``weighlock.markers``) makes these; the trace and the gate read them.
"""

from dataclasses import dataclass
from typing import Literal

MarkerKind = Literal["plan", "requirement", "pseudocode", "tag"]
"""``@plan``, ``@requirement``, ``@pseudocode``; a tag is OpenFastTrace's ``[a->b]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The syntactic node that a marker stands on: a function, a class, a test."""

    kind: Literal["function", "class", "test", "module"]
    name: str
    """Dotted from the outermost: ``Bucket.take``; the title of a test."""
    line: int
    """First line, counted from 1."""
    end_line: int
    """Last line, inclusive."""
    digest: str
    """SHA-256 of its syntax without comments, docstrings and space, in hex."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """One marker, where it stands and what it says."""

    kind: MarkerKind
    id: str
    """What it names, without the phase: ``PLAN-X``, ``REQ-1.2``, ``bucket.md``."""
    path: str
    """Relative to the repository root, POSIX slashes."""
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in characters."""
    phase: str = ""
    """For a plan: the phase's key in normal form, ``05``; empty when none is said."""
    lines: tuple[int, int] | None = None
    """For pseudocode: first and last line, inclusive."""
    covering: str = ""
    """For a tag: the kind of artefact on the left of the arrow, ``impl``, ``utest``."""
    revision: int | None = None
    """For a tag: the revision it covers."""
    is_test: bool = False
    """Whether it stands in a test: on one, or in a file of tests."""
    node: Node | None = None
    """None where the language is not known, or nobody asked for nodes."""
