"""Who does what: from settings, owners and kinds of phase to agents."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock.agents.confinement import Confinement
from weighlock.agents.registry import first_found, make, named
from weighlock.agents.scripted import Play
from weighlock.cli.clock import SystemClock
from weighlock.config import (
    PROFILES,
    AgentSettings,
    Choice,
    ReviewerSettings,
    Settings,
)
from weighlock.config.buckets import WIRES
from weighlock.errors import AgentError, SettingsError
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Agent, Cast
from weighlock.run.policy import agentless


@dataclass(frozen=True, slots=True)
class Company:
    """The agents of one run, by name, and who plays which part."""

    settings: Settings
    agents: Mapping[str, Agent]
    default: str

    def cast(self, phase: Phase, owner: str | None) -> Cast:
        """Choose for a phase, or for a deliverable of this owner in it.

        The nearest word counts: the phase's own, then the owner's role, then the kind
        of phase, then the default agent. A model or effort that stands farther off than
        the choice of the agent was meant for another one, and is not heard.
        """
        choices = self._choices(phase, owner)
        name = next((c.agent for c in choices if c.agent), self.default)
        own = self.settings.agents.get(name)
        model = next((c.model for c in choices if c.model), own.model if own else None)
        effort = next(
            (c.effort for c in choices if c.effort), own.effort if own else None
        )
        return Cast(agent=self.agents[name], model=model, effort=effort)

    def names(self, plan: Plan) -> dict[str, str]:
        """Return which agent each phase needs; some need none."""
        return {
            p.key: self.cast(p, p.owner).agent.name
            for p in plan.phases
            if not agentless(p)
        }

    def _choices(self, phase: Phase, owner: str | None) -> list[Choice]:
        found = (
            self.settings.phases.get(phase.key),
            self.settings.roles.get(owner or ""),
            self.settings.kinds.get(phase.kind),
        )
        choices = [c for c in found if c is not None]
        named = next((i for i, c in enumerate(choices) if c.agent), len(choices))
        return choices[: named + 1]


def company(
    settings: Settings,
    name: str | None,
    play: Play | None = None,
    *,
    hides: tuple[Path, ...] = (),
) -> Company:
    """Make every agent that a run may need.

    Args:
        settings: The configuration.
        name: From ``--agent``; beats the configuration's default.
        play: What a scripted agent without a script plays.
        hides: What no agent may see beside the oracle: our state.

    Raises:
        SettingsError: An agent is named that nobody knows.
        AgentError: No agent is named, and none is found on PATH.
    """
    default = name or settings.agent
    if default is None and len(settings.agents) == 1:
        default = next(iter(settings.agents))
    if default is None:
        found = first_found(settings.agents)
        if found is None:
            raise AgentError(
                "no agent is named and none is on PATH",
                hint="see: weighlock doctor; or do the work yourself: --agent person",
            )
        default = found.name
    used = {default} | {
        c.agent
        for table in (settings.phases, settings.roles, settings.kinds)
        for c in table.values()
        if c.agent
    }
    agents = {one: _made(settings, one, play, hides) for one in sorted(used)}
    return Company(settings, agents, default)


def reviewer(
    settings: Settings, play: Play | None = None, *, hides: tuple[Path, ...] = ()
) -> Cast | None:
    """Make the agent, or the model, that reviews; None when nobody is named.

    Raises:
        SettingsError: It is an agent that nobody knows, or a person.
    """
    name = settings.gate.reviewer
    if name is None or settings.gate.review == "off":
        return None
    if isinstance(name, ReviewerSettings):
        return Cast(agent=_model(settings, name), tools=False)
    own = _settings(settings, name)
    if own.kind == "person":
        raise SettingsError(
            "gate.reviewer is a person, and a review waits for a person anyway",
            hint="name an agent, or leave it out",
            where=str(settings.source or ""),
        )
    agent = _made(settings, name, play, hides)
    return Cast(agent=agent, model=own.model, effort=own.effort)


def _model(settings: Settings, named: ReviewerSettings) -> Agent:
    from weighlock.credentials import open_pool
    from weighlock.providers.agent import ModelAgent

    spoken = settings.providers[named.provider].protocol
    return ModelAgent(
        provider=named.provider,
        model=named.model,
        wire=next(wire for wire in WIRES if wire == spoken),
        pool=lambda: open_pool(settings, environ=os.environ, clock=SystemClock()),
    )


def _made(
    settings: Settings, name: str, play: Play | None, hides: tuple[Path, ...]
) -> Agent:
    folder = settings.source.parent if settings.source else None
    oracle = (settings.gate.oracle,) if settings.gate.oracle else ()
    walls = Confinement(sandbox=settings.sandbox, hides=(*hides, *oracle))
    return make(_settings(settings, name), folder=folder, play=play, walls=walls)


def _settings(settings: Settings, name: str) -> AgentSettings:
    found = settings.agents.get(name) or named(name)
    if found is not None:
        return replace(found, name=name)
    known = sorted({*settings.agents, *PROFILES, "person"})
    near = difflib.get_close_matches(name, known, n=1)
    raise SettingsError(
        f"there is no agent {name!r}",
        hint=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}",
        where=str(settings.source or ""),
    )
