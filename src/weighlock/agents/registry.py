"""Which agent a name means: settings in, ports.Agent out."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from weighlock.agents.command import CommandAgent, anchored
from weighlock.agents.confinement import Confinement
from weighlock.agents.person import Person
from weighlock.agents.profiles import PROFILES
from weighlock.agents.script import read
from weighlock.agents.scripted import Play, Scripted, Sleep, of
from weighlock.config import PROFILES as ORDER
from weighlock.config import AgentSettings
from weighlock.errors import SettingsError
from weighlock.ports import Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What agents are made with beside their settings."""

    folder: Path
    """The configuration file's folder; relative paths mean this one."""
    sleep: Sleep
    walls: Confinement = field(default_factory=Confinement)
    play: Play | None = None
    """For a scripted agent without a script file: the demo's, a test's."""


def make(
    settings: AgentSettings,
    *,
    folder: Path | None = None,
    play: Play | None = None,
    sleep: Sleep = asyncio.sleep,
    walls: Confinement | None = None,
) -> Agent:
    """Make the agent that the settings describe.

    Args:
        settings: One ``[agents.NAME]`` table.
        folder: Folder of the configuration file; the current one when None.
        play: What a scripted agent without a script of its own plays.
        sleep: How a scripted agent waits.
        walls: What it may see and change.

    Raises:
        SettingsError: The settings lack what their kind needs.
    """
    means = Means(
        folder=(folder or Path()).absolute(),
        sleep=sleep,
        play=play,
        walls=(walls or Confinement()).of(settings),
    )
    return _KINDS[settings.kind](settings, means)


def named(name: str) -> AgentSettings | None:
    """Return default settings for a profile's or kind's name, or None."""
    if name in PROFILES:
        return AgentSettings(name=name, profile=name)
    return AgentSettings(name=name, kind="person") if name == "person" else None


def first_found(
    agents: Mapping[str, AgentSettings] | None = None, *, folder: Path | None = None
) -> Agent | None:
    """Return the first agent whose program is on PATH, or None.

    Args:
        agents: Configured agents; their settings are used where a name matches.
        folder: Folder of the configuration file.
    """
    for name in ORDER:
        settings = (agents or {}).get(name) or AgentSettings(name=name, profile=name)
        agent = make(settings, folder=folder)
        if agent.available() is None:
            return agent
    return None


def _acp(settings: AgentSettings, means: Means) -> Agent:
    from weighlock.agents.acp import AcpAgent

    return AcpAgent(settings=_at(settings, means.folder), walls=means.walls)


def _command(settings: AgentSettings, means: Means) -> Agent:
    return CommandAgent(
        name=settings.name,
        command=anchored(settings.command, means.folder),
        env=settings.env,
        model=settings.model,
        effort=settings.effort,
        walls=means.walls,
    )


def _person(settings: AgentSettings, means: Means) -> Agent:
    del means
    return Person(name=settings.name)


def _scripted(settings: AgentSettings, means: Means) -> Agent:
    if settings.script is not None:
        path = means.folder / settings.script.expanduser()
        return _player(settings, means, of(read(path)))
    if means.play is None:
        raise SettingsError(
            f"agents.{settings.name} is of kind scripted but has no script",
            hint='script = "FILE.toml"; docs/agents.md shows one',
        )
    return _player(settings, means, means.play)


def _player(settings: AgentSettings, means: Means, play: Play) -> Agent:
    return Scripted(name=settings.name, play=play, sleep=means.sleep, walls=means.walls)


def _at(settings: AgentSettings, folder: Path) -> AgentSettings:
    """Make the paths of the settings absolute."""
    command = anchored(settings.command, folder) if settings.command else ()
    login = settings.login and folder / settings.login.expanduser()
    return replace(settings, command=command, login=login)


_KINDS: Mapping[str, Callable[[AgentSettings, Means], Agent]] = {
    "acp": _acp,
    "command": _command,
    "person": _person,
    "scripted": _scripted,
}
