"""``weighlock status [RUN]``: where a run stands, what needs you first."""

import sys

import click

from weighlock.cli.context import Globals, verb


@verb()
@click.argument("run", required=False)
def status(globals_: Globals, *, run: str | None) -> int:
    """Show where RUN (default: the newest) stands.

    Exits with 1, 4, 7 or 8 when a phase is stuck, as the run itself does; else with 0.
    """
    from weighlock.cli.opened import open_run
    from weighlock.cli.seen import seen
    from weighlock.cli.site import site
    from weighlock.run.policy import exit_code
    from weighlock.views.live import style_of
    from weighlock.views.status import document, text

    opened = open_run(site(globals_), run)
    plan = opened.outline()
    looked = seen(opened, plan)
    if globals_.json:
        globals_.data(document(plan, opened.state, looked))
    else:
        style = style_of(sys.stdout, color=globals_.colored())
        click.echo(text(plan, opened.state, looked, style))
    return exit_code(opened.state)
