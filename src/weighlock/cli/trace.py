"""``weighlock trace``: requirement × phase × code × test × evidence."""

from pathlib import Path

import click

from weighlock.cli.context import Globals, verb

FORMATS = ("text", "json", "html", "csv", "reqif")
BREACH = 1


@verb()
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--requirement", metavar="ID", help="All about one requirement.")
@click.option("--phase", metavar="KEY", help="All about one phase.")
@click.option("--at", metavar="FILE:LINE", help="What this line serves.")
@click.option("--commit", metavar="REV", help="Look at a commit's files.")
@click.option("--worktree", is_flag=True, help="Look at the files as they are now.")
@click.option("--run", metavar="RUN", help="Whose evidence counts; default: newest.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: text.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--fail-on", metavar="STATES", help="Exit code 1: uncovered,orphaned,…")
@click.option("--accept", metavar="ID", help="Let suspect code stand as it is.")
@click.option("--reason", default="", help="Why, with --accept.")
def trace(  # noqa: PLR0913 - the options of the command, all named
    globals_: Globals,
    *,
    plan: Path | None,
    requirement: str | None,
    phase: str | None,
    at: str | None,
    commit: str | None,
    worktree: bool,
    run: str | None,
    form: str | None,
    output: Path | None,
    fail_on: str | None,
    accept: str | None,
    reason: str,
) -> int:
    """Say which line of code serves which requirement, and on what evidence.

    PLAN is a file or folder; default: the plan of the newest run. Without --commit the
    work tree is looked at, or the run's branch while its work is not merged here.
    """
    from weighlock.cli.tracing.accept import accepted
    from weighlock.cli.tracing.asked import Asked, traced
    from weighlock.cli.tracing.shown import Shown, show

    asked = Asked(plan=plan, commit=commit, worktree=worktree, run=run, fail_on=fail_on)
    found = traced(globals_, asked)
    if accept is not None:
        return accepted(globals_, found, accept, reason)
    shown = Shown(form=form, output=output, requirement=requirement, phase=phase, at=at)
    show(globals_, found, shown)
    breaches = list(found.policy.breaches(found.trace))
    if breaches:
        states = ", ".join(dict.fromkeys(row.state for row in breaches))
        globals_.say(f"fails: {len(breaches)} that may not be so ({states})")
    return BREACH if breaches else 0
