"""``show PLAN…``: what a plan was understood to say."""

import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.disk import load
from weighlock.plan.model import DIALECTS, Dialect
from weighlock.views.plan import as_json, as_lines, as_text


@verb()
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@click.option("--dialect", type=click.Choice(DIALECTS), help="Read it as this.")
@click.option("--lines", is_flag=True, help="Place by place, what was read there.")
def show(
    globals_: Globals,
    plans: tuple[str, ...],
    *,
    dialect: Dialect | None,
    lines: bool,
) -> None:
    """Show what a plan was understood to say.

    PLAN is a file, the plan's root folder, or its plan/ folder.  With --json several
    plans give one document per line.
    """
    for number, name in enumerate(plans):
        path = Path(name) if globals_.repo is None else globals_.repo / name
        plan = load(path, dialect=dialect)
        if globals_.json:
            globals_.data(as_json(plan))
        else:
            page = as_lines(plan) if lines else as_text(plan)
            sys.stdout.write(("\n" if number else "") + page)
