"""``import PLAN``: a plan of any dialect becomes a folder of phases."""

import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.plan.model import DIALECTS, Dialect

NEEDS_A_PERSON = 4


@verb("import")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    help="Folder of plans; default: project-plans.",
)
@click.option("--name", help="The new folder's name; default: from the plan.")
@click.option("--dialect", type=click.Choice(DIALECTS), help="Read it as this.")
def import_(
    globals_: Globals,
    *,
    plan: Path,
    into: Path | None,
    name: str | None,
    dialect: Dialect | None,
) -> int:
    """Write a plan of any dialect as a folder of phases, and say where all went.

    The old plan stays as it is.  Exit code 4: a field reads otherwise in the new one.
    """
    from weighlock.cli.writing.place import place_folder
    from weighlock.cli.writing.plans import folder_of
    from weighlock.disk import load
    from weighlock.errors import PlanError
    from weighlock.plan.write.adopt import adopt
    from weighlock.plan.write.project import kebab
    from weighlock.views.mapping import as_json, as_text

    path = plan if globals_.repo is None else globals_.repo / plan
    old = load(path, dialect=dialect)
    if not old.phases:
        raise PlanError("the plan has no phase", where=str(path))
    words = (name, old.title, path.stem, "plan")
    target = folder_of(globals_, into) / next(
        k[:60].strip("-") for w in words if w and (k := kebab(w))
    )
    done = adopt(old, home=target.as_posix())
    place_folder(target, done.files.items())
    if globals_.json:
        globals_.data(as_json(old, done, target.as_posix()))
    else:
        sys.stdout.write(as_text(old, done))
    globals_.say(f"wrote {target}: {len(done.plan.phases)} phases from {path}")
    globals_.say(f"next: weighlock lint {target}; the old plan is as it was")
    lost = bool(done.lost) or any(m.lost for m in done.moved)
    return NEEDS_A_PERSON if lost else 0
