"""``weighlock graph``: draw the order of a plan's phases."""

import json
import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.errors import UsageError
from weighlock.plan.model import Plan

FORMATS = ("ascii", "mermaid", "dot", "svg", "json")


@verb()
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Default: ascii, or what the name of --output ends with.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a file in place of stdout.",
)
def graph(globals_: Globals, plan: Path, form: str | None, output: Path | None) -> int:
    """Draw the order of a plan's phases, in the colours and words of its own status."""
    from weighlock.disk import load

    form = form or ("json" if globals_.json else _by_name(output))
    drawn = _draw(load(plan), form, glyphs=output is not None or _can_glyphs())
    if output is None:
        sys.stdout.write(drawn)
        return 0
    try:
        output.write_text(drawn, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot write: {error.strerror}",
            where=str(output),
            hint="choose another place with --output",
        ) from error
    globals_.say(f"wrote {output}")
    return 0


def _by_name(output: Path | None) -> str:
    ends = {".mmd": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg"}
    suffix = output.suffix if output else ""
    return "json" if suffix == ".json" else ends.get(suffix, "ascii")


def _can_glyphs() -> bool:
    return "utf" in (sys.stdout.encoding or "").lower()


def _draw(plan: Plan, form: str, *, glyphs: bool) -> str:
    from weighlock.views import graph as view
    from weighlock.views import rails

    said = {p.key: p.status for p in plan.phases if p.status != "pending"}
    states = {p.key: p.status for p in plan.phases} if said else {}
    if form == "json":
        return json.dumps(view.data(plan, states), ensure_ascii=False) + "\n"
    if form == "ascii":
        return rails.draw(plan, states, glyphs=glyphs)
    draw = {"svg": view.svg, "mermaid": view.mermaid, "dot": view.dot}[form]
    return draw(plan, states)
