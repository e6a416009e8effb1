"""``weighlock resume [RUN]``: go on where the journal stopped."""

from typing import TYPE_CHECKING

import click

from weighlock.cli.context import MODES, Globals, verb
from weighlock.cli.driving.wiring import Crew

if TYPE_CHECKING:
    from weighlock.cli.changed.revise import Said

NEEDS_PERSON = 4


@verb()
@click.argument("run", required=False)
@click.option("--jobs", type=click.IntRange(min=1), help="Phases at once.")
@click.option("--agent", metavar="NAME", help="In place of the configured default.")
@click.option("--detach", is_flag=True, help="Run in the background.")
@click.option("--progress", type=click.Choice(MODES), default="auto")
@click.option("--yes", is_flag=True, help="Do again what changed in the plan.")
@click.option("--reopen", multiple=True, metavar="KEY", help="Do this phase again.")
@click.option("--keep", multiple=True, metavar="KEY", help="Keep it, though changed.")
@click.option("--as-begun", is_flag=True, help="Go on with the run's copy of the plan.")
@click.option("--agreed", default="", hidden=True)
def resume(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    *,
    run: str | None,
    jobs: int | None,
    agent: str | None,
    detach: bool,
    progress: str,
    yes: bool,
    reopen: tuple[str, ...],
    keep: tuple[str, ...],
    as_begun: bool,
    agreed: str,
) -> int:
    """Go on with RUN (default: the newest) where its journal stopped.

    What passed stays passed; an attempt that was under way is closed and done anew.
    Where the plan changed meanwhile, what changed is shown, and phases that passed on
    another text are done again when you agree.
    """
    from weighlock.cli.changed.revise import Said

    said = Said(yes=yes, reopen=reopen, keep=keep, as_begun=as_begun, agreed=agreed)
    crew = Crew(agent=agent, jobs=jobs)
    return _go_on(globals_, run, said, crew, progress="" if detach else progress)


def _go_on(
    globals_: Globals, run: str | None, said: "Said", crew: Crew, *, progress: str
) -> int:
    """Take in what changed and drive the run; in the background without progress."""
    from weighlock.cli.changed import revise
    from weighlock.cli.clock import SystemClock
    from weighlock.cli.driving.drive import Drive, away, drive
    from weighlock.cli.driving.start import resumed
    from weighlock.cli.opened import open_run
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo

    opened = open_run(site(globals_), run)
    found = revise.proposed(opened, said, globals_)
    if found is None and opened.state.stage == "passed":
        raise NothingToDo(f"everything has passed in run {opened.state.run}")
    revise.tell_gate(opened, globals_)
    if found is not None and not revise.agreed(found, said, globals_):
        return NEEDS_PERSON
    if not progress:
        return away(opened, crew, globals_, more=revise.options(said, found))
    how = Drive(
        crew=crew,
        mode=progress,  # type: ignore[arg-type]
        change=revise.taken_in(opened, found, globals_) if found else None,
        instead_of=opened.state.plan_digest,
    )
    first = resumed(opened, opened.state.selected, SystemClock())
    plan = found.plan if found else opened.plan()
    return drive(opened, plan, how, globals_, first=first)
