"""``weighlock why PHASE``: why a phase is not done, and what to do."""

import sys

import click

from weighlock.cli.context import Globals, verb


@verb()
@click.argument("phase")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def why(globals_: Globals, *, phase: str, run: str | None) -> int:
    """Say why PHASE stands where it stands, down to the root cause."""
    from weighlock.cli.driving.wiring import scheduling
    from weighlock.cli.opened import open_run
    from weighlock.cli.planned import phase_of
    from weighlock.cli.seen import seen
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo
    from weighlock.plan.key import normal
    from weighlock.views.live import style_of
    from weighlock.views.why import explain, text

    opened = open_run(site(globals_), run)
    plan = opened.plan()
    gone = opened.state.removed.get(normal(phase) or phase)
    if gone is not None and plan.phase(normal(phase) or phase) is None:
        raise NothingToDo(
            f"phase {normal(phase)} was removed from the plan; it was {gone.stage} then"
        )
    told = explain(
        plan,
        opened.state,
        phase_of(plan, phase).key,
        seen=seen(opened, plan),
        schedule=scheduling(plan, opened.site.settings, None),
        verdicts=opened.verdict,
    )
    if globals_.json:
        globals_.data(told.document())
    else:
        click.echo(text(told, style_of(sys.stdout, color=globals_.colored())))
    return 0
