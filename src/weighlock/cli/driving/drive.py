"""Drive a run in this process until it ends, is stopped, or needs a person."""

import asyncio
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from weighlock.agents.child import sweep
from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.cli.driving.audience import WhileRead
from weighlock.cli.driving.preflight import preflight
from weighlock.cli.driving.wiring import Crew, engine, exchange
from weighlock.cli.notified.sender import Sender
from weighlock.cli.opened import Opened, open_run
from weighlock.engine import Engine
from weighlock.engine.world import Observer
from weighlock.errors import AgentError, RefusedError
from weighlock.journal import lock_run
from weighlock.plan.model import Plan
from weighlock.run.events import AnyEvent, PlanChanged, RunResumed
from weighlock.run.forecast import forecast
from weighlock.run.policy import agentless, exit_code
from weighlock.run.state import RunState, advance
from weighlock.views.live import Mode, progress

if TYPE_CHECKING:
    from weighlock.cli.metered.exchange import Exchange

INTERRUPTED = 130

Saw = Callable[[AnyEvent, RunState], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """How one process drives a run."""

    crew: Crew
    mode: Mode = "auto"
    change: PlanChanged | None = None
    """Takes a newer version of the plan into the run."""
    instead_of: str = ""
    """Digest of the version that ``change`` was compared with."""


def drive(
    opened: Opened,
    plan: Plan,
    how: Drive,
    globals_: Globals,
    first: RunResumed | None = None,
) -> int:
    """Run the engine and return the exit code of DESIGN 4.2.

    Args:
        opened: The run.
        plan: Its plan, as the run has it or as ``how.change`` has it.
        how: Who drives it, and how it is shown.
        globals_: The global options.
        first: Journaled before anything else, once the run is locked.

    Raises:
        RefusedError: Another process drives this run.
        AgentError: An agent that the run needs cannot be started.
    """
    clock = SystemClock()
    shown = _shown(opened, plan, how, globals_, clock)
    with lock_run(opened.site.state, opened.state.plan, opened.state.run):
        # another process may have driven it until the lock was ours
        opened = _unchanged(open_run(opened.site, opened.state.run), how)
        coming = advance(opened.state, [e for e in (first, how.change) if e])
        opened = replace(opened, state=coming)
        told = _sender(opened, globals_, clock)
        calls = exchange(opened, clock, globals_.say, told.login)
        observer = Observer(saw=_both(shown.saw, told.saw), activity=shown.activity)
        made = engine(opened, plan, how.crew, clock, observer, calls)
        made.change = how.change
        _refuse_missing_agents(made, plan, opened.state)
        if first is not None:
            opened.journal.append(first)
        homes = made.world.places.homes
        _empty(homes)
        # What the preflight has started ends with it, whichever signal comes.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            preflight(opened, plan, clock, shown.saw)
            state = asyncio.run(_served(made, calls, told))
        finally:
            shown.close()
            _empty(homes)
    return INTERRUPTED if state.stage == "stopped" else exit_code(state)


def _shown(
    opened: Opened, plan: Plan, how: Drive, globals_: Globals, clock: SystemClock
) -> WhileRead:
    """Return what shows the run: for a person, a pipe or a program."""
    jobs = how.crew.jobs or opened.site.settings.jobs
    out = sys.stdout if globals_.json else sys.stderr
    view = progress(
        "json" if globals_.json else "quiet" if globals_.quiet else how.mode,
        plan,
        out=out,
        clock=clock.now,
        color={"always": True, "never": False}.get(globals_.color),
        forecast=lambda state, now: forecast(plan, state, now, jobs),
    )
    return WhileRead(view, out)


def _sender(opened: Opened, globals_: Globals, clock: SystemClock) -> Sender:
    return Sender(
        settings=opened.site.settings,
        clock=clock,
        say=globals_.say,
        run=opened.state.run,
        plan=opened.state.plan,
    )


def _both(one: Saw, other: Saw) -> Saw:
    def saw(event: AnyEvent, state: RunState) -> None:
        one(event, state)
        other(event, state)

    return saw


def _unchanged(opened: Opened, how: Drive) -> Opened:
    """Refuse a change that was compared with a plan which holds no longer."""
    run = opened.state.run
    if how.change is not None and opened.state.plan_digest != how.instead_of:
        raise RefusedError(
            f"the plan of run {run} was changed by another process meanwhile",
            hint=f"look again: weighlock resume {run}",
        )
    return opened


def _empty(homes: Path) -> None:
    """End what still carries an agent's home, and remove the homes."""
    for home in homes.iterdir() if homes.is_dir() else ():
        sweep(home)
    shutil.rmtree(homes, ignore_errors=True)


async def _served(made: Engine, calls: "Exchange | None", told: Sender) -> RunState:
    """Execute with the gateway beside it, if an agent of the run uses it."""
    async with told:
        if calls is None or not calls.used:
            return await _until_told(made)
        async with calls.open():
            return await _until_told(made)


async def _until_told(made: Engine) -> RunState:
    """Execute; a first signal stops in order, a second one at once."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, made, loop, number)
    return await made.execute()


def _stop(made: Engine, loop: asyncio.AbstractEventLoop, number: int) -> None:
    loop.remove_signal_handler(number)
    made.stop("signal", signal.Signals(number).name)


def _refuse_missing_agents(made: Engine, plan: Plan, state: RunState) -> None:
    """Say which agents cannot be started before a phase is spent on them."""
    missing: dict[str, str] = {}
    for phase in plan.phases:
        if agentless(phase) or phase.key not in state.selected:
            continue
        for owner in (phase.owner, *(part.owner for part in phase.deliverables)):
            agent = made.world.casting(phase, owner or phase.owner).agent
            why = agent.available()
            if why:
                missing[agent.name] = why
    if missing:
        told = "\n".join(f"  {name}: {why}" for name, why in missing.items())
        raise AgentError(
            f"{len(missing)} of the agents this run needs cannot be started:\n{told}",
            hint="see: weighlock doctor; or choose another: --agent NAME",
        )


def away(
    opened: Opened,
    crew: Crew,
    globals_: Globals,
    first: RunResumed | None = None,
    more: tuple[str, ...] = (),
) -> int:
    """Let another process drive the run, and say how to follow it.

    ``more`` are options of ``resume`` for it.

    Raises:
        RefusedError: Another process drives this run.
    """
    run = opened.state.run
    with lock_run(opened.site.state, opened.state.plan, run):
        if first is not None:  # the other process is asked for the same phases
            opened.journal.append(first)
    arguments = ["--repo", str(opened.site.root)]
    if globals_.config is not None:
        arguments += ["--config", str(globals_.config.resolve())]
    arguments += ["resume", run, "--progress", "plain"]
    if crew.agent:
        arguments += ["--agent", crew.agent]
    if crew.jobs:
        arguments += ["--jobs", str(crew.jobs)]
    arguments += more
    pid = _detach(opened.folder, arguments)
    if globals_.json:
        globals_.data({"schema": "weighlock/detached/1", "run": run, "pid": pid})
    globals_.say(f"run {run} goes on in the background (process {pid})")
    globals_.say(f"follow it: weighlock status {run}; end it: weighlock stop {run}")
    return 0


def _detach(folder: Path, arguments: list[str]) -> int:
    """Start another process that drives the run; return its pid."""
    import subprocess

    with (folder / "engine.log").open("ab") as log:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "weighlock", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return child.pid
