"""``weighlock run PLAN``: execute a plan, phase by phase, on evidence."""

from pathlib import Path

import click

from weighlock.cli.context import MODES, Globals, verb


@verb()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; start nothing.")
@click.option("--only", multiple=True, metavar="KEY", help="Only this phase.")
@click.option("--until", metavar="KEY", help="Up to this phase and what it needs.")
@click.option("--jobs", type=click.IntRange(min=1), help="Phases at once.")
@click.option("--agent", metavar="NAME", help="In place of the configured default.")
@click.option("--detach", is_flag=True, help="Run in the background.")
@click.option("--progress", type=click.Choice(MODES), default="auto")
def run(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    *,
    plan: Path,
    dry_run: bool,
    only: tuple[str, ...],
    until: str | None,
    jobs: int | None,
    agent: str | None,
    detach: bool,
    progress: str,
) -> int:
    """Execute PLAN, phase by phase; a phase passes only on evidence.

    Work lands on the branch weighlock/<plan>, never on yours. An unfinished run of
    the same plan goes on where it stopped.
    """
    from weighlock.cli.clock import SystemClock
    from weighlock.cli.driving import start
    from weighlock.cli.driving.drive import Drive, away, drive
    from weighlock.cli.driving.dry import foresee
    from weighlock.cli.driving.preflight import refuse_dirty
    from weighlock.cli.driving.wiring import Crew
    from weighlock.cli.site import site

    here = site(globals_)
    crew = Crew(agent=agent, jobs=jobs)
    read = start.runnable(plan)
    selected = start.select(read, start.Selection(only=only, until=until))
    if dry_run:
        return foresee(here, read, selected, crew, globals_)
    refuse_dirty(here)
    opened, first = start.begin(here, read, selected, SystemClock())
    how = Drive(crew=crew, mode=progress)  # type: ignore[arg-type]
    if detach:
        return away(opened, crew, globals_, first)
    return drive(opened, opened.plan(), how, globals_, first)
