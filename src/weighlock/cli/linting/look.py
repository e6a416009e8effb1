"""Look at plans: read, lint, leave out what comments and configuration hide."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.linting.find import Candidate, candidates
from weighlock.cli.linting.home import Home, Homes
from weighlock.disk import MAX_BYTES, load
from weighlock.errors import PlanError, UsageError
from weighlock.plan.encoding import binary
from weighlock.plan.lint import lint
from weighlock.plan.lint.ignores import heed
from weighlock.plan.model import Dialect, Plan, Problem, Source, Span
from weighlock.plan.read import read

STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line asks to look at, and how."""

    paths: tuple[str, ...]
    dialect: Dialect | None = None
    whole: bool = False
    ground: bool = True
    run: bool = False
    """Whether the plan's commands are run on the tree as it is."""
    stdin_filename: str | None = None
    """What the plan on standard input is called."""

    @property
    def stdin_name(self) -> str:
        """Return the path that positions in standard input are given with."""
        return Path(self.stdin_filename or "<stdin>").as_posix()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One plan and what is to be told about it."""

    plan: Plan
    problems: tuple[Problem, ...]
    hidden: int
    """How many problems comments or the configuration left out."""
    home: Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that was looked at."""

    plans: tuple[Looked, ...] = ()
    skipped: tuple[Path, ...] = ()
    """Files in which no phase was found, and that nobody named."""
    unread: tuple[PlanError, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Return the problems of all plans, and of what could not be read."""
        found = [p for one in self.plans for p in one.problems]
        return [*found, *map(_unreadable, self.unread)]


def look(asked: Asked, homes: Homes, stdin: bytes | None = None) -> Seen:
    """Look at every plan that was asked for; one that cannot be read ends nothing.

    Raises:
        SettingsError: The configuration of a plan's repository is wrong.
    """
    plans: list[Looked] = []
    skipped: list[Path] = []
    unread: list[PlanError] = []
    for one in _each(asked, homes):
        try:
            plan = _read(one, asked, stdin)
        except PlanError as error:
            unread.append(error)
            continue
        if one.sure or _is_plan(plan):
            plans.append(_looked(plan, one.path, asked, homes))
        else:
            skipped.append(one.path)
    return Seen(plans=tuple(plans), skipped=tuple(skipped), unread=tuple(unread))


def take_stdin(paths: Sequence[str]) -> bytes | None:
    """Read standard input when it is one of the plans.

    Raises:
        UsageError: It is asked for twice.
    """
    if STDIN not in paths:
        return None
    if list(paths).count(STDIN) > 1:
        raise UsageError("standard input can be read once only")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def _each(asked: Asked, homes: Homes) -> list[Candidate]:
    """Return what to look at, each once, in the order asked for."""
    found: dict[Path, Candidate] = {}
    for name in asked.paths:
        path = Path(name)
        if homes.repo is not None and name != STDIN:
            path = homes.repo / path
        given = [Candidate(path, sure=True)] if name == STDIN else None
        for one in given or candidates(path, whole=asked.whole):
            found.setdefault(one.path.absolute(), one)
    return list(found.values())


def _read(one: Candidate, asked: Asked, stdin: bytes | None) -> Plan:
    if stdin is None or one.path != Path(STDIN):
        return load(one.path, dialect=asked.dialect)
    name = asked.stdin_name
    why = _no_text(stdin)
    if why:
        raise PlanError(why, where=name, hint="give the text of a plan on stdin")
    source = Source(path=name, data=stdin)
    return read([source], path=name, root=".", dialect=asked.dialect)


def _no_text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        return f"the plan is larger than {MAX_BYTES // 2**20} MB"
    if binary(data):
        return "this is binary, not a plan"
    return "" if data.strip() else "there is no text to read"


def _is_plan(plan: Plan) -> bool:
    """Say whether a file that nobody named is a plan: more than one thing to do."""
    return plan.dialect != "free" and len(plan.phases) > 1


def _looked(plan: Plan, path: Path, asked: Asked, homes: Homes) -> Looked:
    name = Path(asked.stdin_name) if path == Path(STDIN) else path
    home = homes.of(name)
    ground = home.ground(plan) if asked.ground else None
    if asked.run:
        from weighlock.cli.linting.rehearse import rehearsed

        ground = rehearsed(home, plan, ground)
    found = lint(plan, ground)
    told = home.weighed(heed(plan, found))
    return Looked(plan=plan, problems=told, hidden=len(found) - len(told), home=home)


def _unreadable(error: PlanError) -> Problem:
    return Problem(
        code="WL904-unreadable",
        severity="error",
        message=error.message,
        hint=error.hint,
        source=Span(file=error.where, line=1) if error.where else None,
    )
