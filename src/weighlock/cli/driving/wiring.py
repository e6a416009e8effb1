"""Build the adapters of one run and hand them to the engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from weighlock.agents.scripted import Play
from weighlock.checks.gate import CheckGate
from weighlock.cli.casting import Company, company, reviewer
from weighlock.cli.opened import Opened
from weighlock.cli.site import cache_folder
from weighlock.config import Settings
from weighlock.engine import Bounds, Engine, Places, World
from weighlock.engine.world import Observer
from weighlock.journal import RequestReader
from weighlock.plan.model import Plan
from weighlock.ports import Agent, Cast, Clock
from weighlock.process import end_stranger
from weighlock.run.forecast import seconds_of
from weighlock.run.schedule import Caps, Schedule, schedule
from weighlock.workspace import Clones, clones

if TYPE_CHECKING:
    from weighlock.cli.metered.exchange import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """What a command line may say about a run beside the configuration."""

    agent: str | None = None
    jobs: int | None = None
    play: Play | None = None
    """What a scripted agent plays: the demo."""


def gate(opened: Opened, settings: Settings, reads: Cast | None) -> CheckGate:
    """Make the gate of a run, whose reviewer ``reads``."""
    return CheckGate(
        opened.site.root,
        store=opened.store,
        settings=settings.gate,
        scratch=cache_folder() / "scratch",
        plan_root=opened.plan_root,
        sandbox=settings.sandbox,
        reviewer=reads,
        earlier=opened.earlier,
    )


def scheduling(plan: Plan, settings: Settings, cast: Company | None) -> Schedule:
    """Make the schedule of a plan: caps from settings, ranks from estimates."""
    caps = Caps(
        jobs=settings.jobs,
        agent_of=cast.names(plan) if cast else {},
        per_agent={n: a.jobs for n, a in settings.agents.items() if a.jobs is not None},
    )
    stated = {p.key: seconds_of(p.estimate) for p in plan.phases}
    return schedule(plan, caps, {k: s[1] for k, s in stated.items() if s})


def crewed(settings: Settings, crew: Crew) -> Settings:
    """Return the settings with what the command line says."""
    return settings if crew.jobs is None else replace(settings, jobs=crew.jobs)


def engine(
    opened: Opened,
    plan: Plan,
    crew: Crew,
    clock: Clock,
    observer: Observer,
    exchange: "Exchange | None" = None,
) -> Engine:
    """Build the engine of a run; the clones of dead runs are swept away."""
    settings = crewed(opened.site.settings, crew)
    hides = (opened.site.state,)
    cast = company(settings, crew.agent, crew.play, hides=hides)
    reads = reviewer(settings, crew.play, hides=hides)
    if exchange is not None:
        agents = {name: metered(a, exchange) for name, a in cast.agents.items()}
        cast = replace(cast, agents=agents)
        reads = reads and replace(reads, agent=metered(reads.agent, exchange))
    world = World(
        casting=cast.cast,
        gate=gate(opened, settings, reads),
        workspace=_workspace(opened, clock),
        journal=opened.journal,
        store=opened.store,
        clock=clock,
        requests=RequestReader(opened.requests, opened.state.answered),
        schedule=scheduling(plan, settings, cast),
        bounds=_bounds(settings),
        places=Places(
            logs=opened.folder / "logs",
            homes=cache_folder() / "homes" / opened.state.run,
            plan_root=opened.plan_root,
        ),
        end_process=end_stranger,
        skills=settings.skills,
        observer=observer,
    )
    return Engine(plan=plan, world=world)


def exchange(
    opened: Opened,
    clock: Clock,
    say: Callable[[str], None],
    login: Callable[[str], None],
) -> "Exchange | None":
    """Return the gateway of a run, not serving yet; None: no bucket is configured."""
    settings = opened.site.settings
    if not settings.buckets:
        return None
    from weighlock.cli.metered.exchange import Exchange  # aiohttp and uvicorn: heavy

    return Exchange(
        settings=settings,
        run=opened.state.run,
        ledger=opened.folder / "spending.jsonl",
        clock=clock,
        say=say,
        login=login,
    )


def metered(agent: Agent, exchange: "Exchange") -> Agent:
    """Return an agent behind the gateway, if there is a bucket for it."""
    from weighlock.cli.metered.through import through

    found = through(exchange, agent)
    exchange.used = exchange.used or found is not agent
    return found


def _workspace(opened: Opened, clock: Clock) -> Clones:
    space = clones(
        opened.site.root,
        opened.state.branch,
        base=opened.state.base,
        cache=cache_folder(),
        state=opened.site.state,
        clock=clock,
    )
    space.sweep()
    return space


def _bounds(settings: Settings) -> Bounds:
    return Bounds(
        attempts=settings.attempts,
        split=settings.split == "deliverable",
        phase_s=settings.limits.phase_minutes * 60,
        idle_s=settings.limits.idle_minutes * 60,
        prompt_tokens=settings.limits.prompt_tokens,
    )
