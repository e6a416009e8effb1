"""``weighlock resume [RUN]``: go on where the journal stopped."""

import click

from weighlock import __version__
from weighlock.cli.context import Globals, verb
from weighlock.cli.opened import Opened
from weighlock.cli.run import MODES
from weighlock.cli.wiring import Crew


@verb()
@click.argument("run", required=False)
@click.option("--jobs", type=click.IntRange(min=1), help="Phases at once.")
@click.option("--agent", metavar="NAME", help="In place of the configured default.")
@click.option("--detach", is_flag=True, help="Run in the background.")
@click.option("--progress", type=click.Choice(MODES), default="auto")
def resume(
    globals_: Globals,
    *,
    run: str | None,
    jobs: int | None,
    agent: str | None,
    detach: bool,
    progress: str,
) -> int:
    """Go on with RUN (default: the newest) where its journal stopped.

    What passed stays passed; an attempt that was under way is closed and done anew.
    """
    from weighlock.cli.clock import SystemClock
    from weighlock.cli.drive import Drive, drive
    from weighlock.cli.opened import open_run
    from weighlock.cli.site import site
    from weighlock.run.events import RunResumed

    opened = open_run(site(globals_), run)
    plan = opened.plan()
    crew = Crew(agent=agent, jobs=jobs)
    if detach:
        return away(opened, crew, globals_)
    how = Drive(crew=crew, mode=progress)  # type: ignore[arg-type]
    resumed = RunResumed(
        at=SystemClock().now(), selected=opened.state.selected, version=__version__
    )
    return drive(opened, plan, how, globals_, first=resumed)


def away(opened: Opened, crew: Crew, globals_: Globals) -> int:
    """Let another process drive the run, and say how to follow it."""
    from weighlock.cli.drive import detach

    run = opened.state.run
    arguments = ["--repo", str(opened.site.root)]
    if globals_.config is not None:
        arguments += ["--config", str(globals_.config.resolve())]
    arguments += ["resume", run, "--progress", "plain"]
    if crew.agent:
        arguments += ["--agent", crew.agent]
    if crew.jobs:
        arguments += ["--jobs", str(crew.jobs)]
    pid = detach(opened.folder, arguments)
    if globals_.json:
        globals_.data({"schema": "weighlock/detached/1", "run": run, "pid": pid})
    globals_.say(f"run {run} goes on in the background (process {pid})")
    globals_.say(f"follow it: weighlock status {run}; end it: weighlock stop {run}")
    return 0
