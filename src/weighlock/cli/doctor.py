"""``weighlock doctor``: what is there, what is missing, and how to mend it."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from weighlock.cli.context import Globals, verb

if TYPE_CHECKING:
    from weighlock.config import Settings

_GIT_AT_LEAST = (2, 38)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "missing", "wrong"]
    found: str
    hint: str = ""
    needed: bool = True
    """Whether weighlock cannot work without it."""


@verb()
def doctor(globals_: Globals) -> int:
    """Check git, the repository, the configuration and the agents on PATH."""
    found = [_python(), _git(), *_repository(globals_), *_agents(), *_tools()]
    bad = [f for f in found if f.state != "ok" and f.needed]
    if globals_.json:
        document = {
            "schema": "weighlock/doctor/1",
            "findings": [asdict(f) for f in found],
        }
        globals_.data(document)
        return 1 if bad else 0
    for one in found:
        sign = "+" if one.state == "ok" else "x" if one.needed else "-"
        click.echo(f"{sign} {one.name:<12} {one.found}")
        if one.state != "ok" and one.hint:
            click.echo(f"  {'':<12} {one.hint}")
    return 1 if bad else 0


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(name="python", state="ok", found=version)


def _git() -> Finding:
    from weighlock.errors import WeighlockError
    from weighlock.git import Git

    hint = "install git 2.38 or newer"
    try:
        words = Git(Path()).text("version").split()
    except WeighlockError:
        return Finding(name="git", state="missing", found="not on PATH", hint=hint)
    numbers = tuple(int(n) for n in words[2].split(".")[:2])
    state: Literal["ok", "wrong"] = "ok" if numbers >= _GIT_AT_LEAST else "wrong"
    return Finding(name="git", state=state, found=words[2], hint=hint)


def _repository(globals_: Globals) -> Iterator[Finding]:
    from weighlock.cli.site import site
    from weighlock.errors import WeighlockError

    try:
        here = site(globals_)
        here.head()
    except WeighlockError as error:
        yield Finding(
            name="repository", state="wrong", found=error.message, hint=error.hint
        )
        return
    yield Finding(name="repository", state="ok", found=str(here.root))
    dirty = here.git.lines("status", "--porcelain", "-z")
    yield Finding(
        name="work tree",
        state="wrong" if dirty else "ok",
        found=f"{len(dirty)} changes not committed" if dirty else "clean",
        hint="commit or stash them before a run",
        needed=False,
    )
    source = here.settings.source
    found = str(source) if source else "none; defaults"
    yield Finding(name="settings", state="ok", found=found)
    yield from _notify(here.settings)
    yield from _reviewer(here.settings)


def _notify(settings: "Settings") -> Iterator[Finding]:
    """Look for the program of ``[notify]``, if one is named."""
    for name in settings.notify.command[:1]:
        folder = settings.source.parent if settings.source else Path()
        there = shutil.which(folder / name if "/" in name else name)
        yield Finding(
            name="notify",
            state="ok" if there else "missing",
            found=there or f"{name} is not there or may not be run",
            hint="nobody would be told: see notify.command",
            needed=False,
        )


def _reviewer(settings: "Settings") -> Iterator[Finding]:
    """Ask whether the reviewer of ``[gate]`` could do it, if one is named."""
    from weighlock.cli.casting import reviewer
    from weighlock.errors import WeighlockError

    try:
        cast = reviewer(settings)
    except WeighlockError as error:
        yield Finding(
            name="reviewer", state="wrong", found=error.message, hint=error.hint
        )
        return
    if cast is not None:
        why = cast.agent.available()
        yield Finding(
            name="reviewer",
            state="missing" if why else "ok",
            found=why or cast.agent.name,
            hint="nothing would be reviewed: see gate.reviewer",
            needed=False,
        )


def _agents() -> Iterator[Finding]:
    from weighlock.agents.registry import make
    from weighlock.config import PROFILES, AgentSettings

    for name in PROFILES:
        why = make(AgentSettings(name=name, profile=name)).available()
        state: Literal["ok", "missing"] = "missing" if why else "ok"
        yield Finding(
            name=name,
            state=state,
            found="not found" if why else "found",
            hint=why or "",
            needed=False,
        )


def _tools() -> Iterator[Finding]:
    from weighlock.sandbox import kind

    walls = kind()
    yield Finding(
        name="sandbox",
        state="ok" if walls == "bubblewrap" else "missing",
        found=walls,
        hint="apt install bubblewrap",
        needed=False,
    )
    path = shutil.which("uv")
    yield Finding(
        name="uv",
        state="ok" if path else "missing",
        found=path or "not found (faster set-up)",
        needed=False,
    )
