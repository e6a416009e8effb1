"""Dress an ACP agent: its program, its home and its environment, written out."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock.agents.child import environment, furnish
from weighlock.agents.profiles import PROFILES, Kit, Profile, Wish
from weighlock.agents.veil import Veil, in_env, in_login
from weighlock.config import AgentSettings
from weighlock.ports import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """All that is needed to start one agent for one conversation."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    kit: Kit
    mode: str | None
    veil: Veil
    logins: tuple[Path, ...] = ()
    """A person's own login files, which links in the home lead to."""


def profile(settings: AgentSettings) -> Profile:
    """Return the settings' profile; an unknown program gets an empty one."""
    known = PROFILES.get(settings.profile)
    if known is not None:
        return known
    return Profile(program=settings.command[0], package="", kit=lambda _: Kit())


def program(settings: AgentSettings) -> str | None:
    """Return the path of the agent's program, or None when it is not installed.

    Looked for on the PATH that the agent will have, then beside ``node``, where npm
    puts global programs.
    """
    wanted = settings.command[0] if settings.command else profile(settings).program
    path = settings.env.get("PATH", os.environ.get("PATH", os.defpath))
    node = shutil.which("node", path=path)
    beside = [Path(node).parent, Path(node).resolve().parent] if node else []
    return shutil.which(wanted, path=os.pathsep.join([path, *map(str, beside)]))


def lacking(settings: AgentSettings) -> str | None:
    """Say why the agent cannot be started and what to do about it, or None."""
    known = profile(settings)
    if program(settings) is None:
        wanted = settings.command[0] if settings.command else known.program
        how = f"; {known.installer} {known.package}" if known.package else ""
        return f"{wanted} is not on PATH{how}"
    if settings.login is not None and not _logins(settings, known):
        names = " or ".join(known.login) or "any known login file"
        return f"{settings.login} does not hold {names}; log in there, or drop login"
    return None


def dress(settings: AgentSettings, order: Order) -> Outfit:
    """Write the agent's files into its home and return how to start it.

    Raises:
        OSError: The home cannot be written.
    """
    known = profile(settings)
    logins = _logins(settings, known)
    kit = known.kit(_wish(settings, order, logins=bool(logins)))
    furnish(order)
    for place, text in kit.files.items():
        _put(order.home / place, text)
    for place, source in logins.items():
        _link(order.home / place, source)
    found = program(settings) or known.program
    own = settings.command[1:] if settings.command else known.args
    secrets = [s for source in logins.values() for s in in_login(source)]
    return Outfit(
        argv=(found, *own, *kit.args),
        env=environment(order, {**kit.env, **settings.env}),
        kit=kit,
        mode=known.mode,
        veil=Veil([*in_env(settings.env), *secrets]),
        logins=tuple(source.resolve() for source in logins.values()),
    )


def _wish(settings: AgentSettings, order: Order, *, logins: bool) -> Wish:
    return Wish(
        home=order.home,
        env=settings.env,
        model=order.model or settings.model,
        effort=order.effort or settings.effort,
        max_turns=settings.max_turns,
        login=logins,
    )


def _logins(settings: AgentSettings, known: Profile) -> dict[str, Path]:
    """Return place under the home → the person's own login file, where it exists."""
    if settings.login is None:
        return {}
    files = ((to, settings.login / name) for name, to in known.login.items())
    return {to: source for to, source in files if source.is_file()}


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _link(path: Path, source: Path) -> None:
    """Link, not copy: a renewed token must reach the person's own login too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(source)
