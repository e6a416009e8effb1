"""``weighlock lint``: find the faults of a plan before an agent is spent on it."""

from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.plan.model import DIALECTS, Dialect

_FORMS = ("text", "json", "sarif", "github")
_TO_FILE = "Write there in place of stdout."
_WHOLE = "A file stands for the plan that it is a part of."
_NO_REPO = "Look at the text alone, not at git."
_RUN = "Run the plan's commands too, in the sandbox: what passes already?"
_STDIN = "What to call the plan that PLAN - reads."


@verb()
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(_FORMS), help="Default: text.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help=_TO_FILE)
@click.option("--strict", is_flag=True, help="Warnings are errors.")
@click.option("--fix", is_flag=True, help="Mend what is certain, byte for byte.")
@click.option("--diff", is_flag=True, help="Show what --fix would change.")
@click.option("--watch", is_flag=True, help="Look again whenever a plan changes.")
@click.option("--whole", is_flag=True, help=_WHOLE)
@click.option("--run", is_flag=True, help=_RUN)
@click.option("--no-repo", is_flag=True, help=_NO_REPO)
@click.option("--dialect", type=click.Choice(DIALECTS), help="Read it as this.")
@click.option("--stdin-filename", metavar="FILE", help=_STDIN)
def lint(  # noqa: PLR0913 - one parameter an option
    globals_: Globals,
    *,
    plans: tuple[str, ...],
    form: str | None,
    output: Path | None,
    strict: bool,
    fix: bool,
    diff: bool,
    watch: bool,
    whole: bool,
    run: bool,
    no_repo: bool,
    dialect: Dialect | None,
    stdin_filename: str | None,
) -> int:
    """Find the faults of plans before an agent is spent on them.

    PLAN is a file, a plan's folder, a folder that holds many plans, or - for stdin.

    Exit code 0: no errors; 1: errors; 3: a plan cannot be read.
    """
    from weighlock.cli.linting.look import Asked
    from weighlock.cli.linting.once import How, keep_on, once

    asked = Asked(
        paths=plans,
        dialect=dialect,
        whole=whole,
        ground=not no_repo,
        run=run,
        stdin_filename=stdin_filename,
    )
    form = form or ("json" if globals_.json else "text")
    how = How(form=form, output=output, strict=strict, fix=fix, diff=diff)
    return (keep_on if watch else once)(asked, how, globals_)
