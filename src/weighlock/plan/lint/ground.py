"""What a repository holds, as a value, for the rules that ask about it.

Rules are pure: whoever calls ``lint`` gathers this (``weighlock.ground.look``), or
gives none, and then the rules that need it stay silent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a command of the plan did on the tree before any work was done."""

    phase: str
    command: str
    passed: bool | None
    """Whether it met its expectation; None when it could not be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The facts of one repository.  Paths are relative to its top, POSIX slashes."""

    home: str = "."
    """The plan's root."""
    tracked: frozenset[str] = frozenset()
    """Files of the current commit."""
    present: frozenset[str] = frozenset()
    """Files of the work tree that are neither tracked nor ignored."""
    past: frozenset[str] = frozenset()
    """Paths the plan names that some commit held, though the current one does not."""
    runners: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Folder with a ``package.json`` → the test runners it depends on."""
    scripts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Folder with a ``package.json`` → its scripts, name → command."""
    trials: tuple[Trial, ...] = ()
    """What commands did at base; only when somebody asked to run them."""
