"""One phase before it is text."""

from dataclasses import dataclass
from typing import Literal

from weighlock.plan.model import Action, Kind
from weighlock.plan.write.specification import Wanted

Scope = Literal["Implemented (Expanded)", "in Scope", "Verified"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A file of a phase, and what becomes of it."""

    path: str
    action: Action
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A command, and what it must show; without words, exit code 0."""

    text: str
    expect: str = ""
    about: str = ""
    """A comment above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a phase will say."""

    key: str
    title: str
    kind: Kind
    needs: str | None = None
    """Key of the phase before it; None for the first."""
    purpose: str = ""
    requirements: tuple[Wanted, ...] = ()
    scope: Scope = "in Scope"
    files: tuple[Planned, ...] = ()
    delivers: str = ""
    """What it delivers, where no file can be named."""
    steps: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    criteria: tuple[str, ...] = ()
    marked: bool = False
    """Whether its code carries markers."""
    notes: tuple[str, ...] = ()
    """Lines of markdown of its own: the tables of the overview."""
