"""``weighlock lint``: find the faults of a plan before an agent is spent on it."""

import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.errors import PlanError
from weighlock.plan.model import Plan, Problem

FAULTS = 1


@verb()
@click.argument("plans", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    help="Default: text, or json with --json.",
)
@click.option("--strict", is_flag=True, help="Warnings are errors.")
def lint(
    globals_: Globals, plans: tuple[Path, ...], form: str | None, *, strict: bool
) -> int:
    """Find the faults of plans before an agent is spent on them.

    Exit code 0: no errors; 1: errors; 3: a plan cannot be read.
    """
    from weighlock.disk import load
    from weighlock.plan.lint import lint as check

    found: list[tuple[Plan, tuple[Problem, ...]]] = []
    unreadable: list[PlanError] = []
    for path in plans:
        try:
            plan = load(path)
        except PlanError as error:
            unreadable.append(error)
        else:
            found.append((plan, check(plan)))
    if unreadable and len(plans) == 1:
        raise unreadable[0]
    _show(globals_, form or ("json" if globals_.json else "text"), found, unreadable)
    if unreadable:
        return PlanError.exit_code
    wrong = {"error", "warning"} if strict else {"error"}
    return FAULTS if any(p.severity in wrong for _, ps in found for p in ps) else 0


def _show(
    globals_: Globals,
    form: str,
    found: list[tuple[Plan, tuple[Problem, ...]]],
    unreadable: list[PlanError],
) -> None:
    from weighlock.views import problems as view

    for error in unreadable:
        click.echo(f"weighlock: {error}", err=True)
    flat = [p for _, problems in found for p in problems]
    if form == "json":
        globals_.data(view.document([*flat, *map(_unread, unreadable)]))
    elif form == "github":
        sys.stdout.write(view.github(flat))
    else:
        for plan, problems in found:
            lines = view.lines_of(plan) if problems else {}
            sys.stdout.write(view.text(problems, lines, color=globals_.colored()))
        globals_.say(view.summary(flat, len(found)))


def _unread(error: PlanError) -> Problem:
    from weighlock.plan.model import Span

    return Problem(
        code="WL904-unreadable",
        severity="error",
        message=error.message,
        hint=error.hint,
        source=Span(file=error.where, line=1) if error.where else None,
    )
