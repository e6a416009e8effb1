"""``weighlock resume [RUN]``: go on where the journal stopped."""

import click

from weighlock import __version__
from weighlock.cli.context import MODES, Globals, verb
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
    from weighlock.cli.drive import Drive, away, drive
    from weighlock.cli.opened import open_run
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo
    from weighlock.run.events import RunResumed

    opened = open_run(site(globals_), run)
    if opened.state.stage == "passed":
        raise NothingToDo(f"everything has passed in run {opened.state.run}")
    plan = opened.plan()
    crew = Crew(agent=agent, jobs=jobs)
    if detach:
        return away(opened, crew, globals_)
    how = Drive(crew=crew, mode=progress)  # type: ignore[arg-type]
    resumed = RunResumed(
        at=SystemClock().now(), selected=opened.state.selected, version=__version__
    )
    return drive(opened, plan, how, globals_, first=resumed)
