"""What every dialect hands over: where the phases are, before their text is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from weighlock.plan.markdown import Page
from weighlock.plan.model import Command, Criterion, FileAction, Kind, Problem, Status
from weighlock.plan.requirements import Defined


@dataclass(frozen=True, kw_only=True)
class Book:
    """The files of a plan, scanned once; keys are paths below the root."""

    pages: Mapping[str, Page]
    path: str
    """The plan as the caller named it."""

    @cached_property
    def main(self) -> Page:
        """The page that a one-file plan stands on: the largest."""
        return max(self.pages.values(), key=lambda p: (len(p.lines), p.file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What a dialect says of a phase elsewhere than in the phase's own lines."""

    kind: Kind | None = None
    owner: str | None = None
    estimate: str | None = None
    requirements: tuple[str, ...] = ()
    files: tuple[FileAction, ...] = ()
    commands: tuple[Command, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    whole: bool = False
    """Whether these files and criteria are all there are: its lines say no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One phase: its key, its title and the lines it stands on."""

    page: Page
    key: str
    title: str
    first: int
    last: int
    id: str = ""
    file_name: str = ""
    status: Status | None = None
    status_text: str = ""
    group: str | None = None
    needs: tuple[str, ...] | None = None
    """Keys it needs, where the dialect says so outside the unit's own lines."""
    said: str = ""
    """What a table says it needs, when its own lines say nothing."""
    added: Added = Added()
    places: tuple[int, ...] = ()
    """For a page that was written from another file: the line there of each line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row of a table of phases."""

    key: str
    title: str
    status: Status | None
    status_text: str
    page: Page
    line: int
    needs: str = ""
    """The cell that says what it depends on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The phases of a plan in order, and what stands around them."""

    units: tuple[Unit, ...]
    title: str
    id: str = ""
    status: Status = "pending"
    tracker: tuple[TableRow, ...] = ()
    rules: tuple[Page, ...] = ()
    """Pages whose text holds for every phase, and where requirements are defined."""
    defined: tuple[Defined, ...] = ()
    """Requirements that only the dialect can read."""
    covered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Requirement → phases, where the dialect says it beside the phases' own ids."""
    problems: tuple[Problem, ...] = field(default=())
