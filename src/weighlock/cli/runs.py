"""``weighlock runs``: the runs of this repository, newest first."""

import click

from weighlock.cli.context import Globals, verb
from weighlock.run.state import RunState


@verb()
def runs(globals_: Globals) -> int:
    """List the runs of this repository, newest first."""
    from weighlock.cli.opened import open_run
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo, WeighlockError
    from weighlock.journal import runs as listed

    here = site(globals_)
    entries = listed(here.state)
    if not entries:
        raise NothingToDo("this repository has no run", hint="weighlock run PLAN")
    found = []
    for entry in entries:
        try:
            state = open_run(here, entry.id).state
        except WeighlockError as error:
            globals_.say(f"{entry.id}: {error}")
            continue
        found.append(_row(state))
    if globals_.json:
        globals_.data({"schema": "weighlock/runs/1", "runs": found})
        return 0
    for one in found:
        done = f"{one['done']}/{one['phases']}"
        click.echo(
            f"{one['run']:<20} {one['started']}  {one['state']:<12} {done:>8}  "
            f"{one['plan']}"
        )
    return 0


def _row(state: RunState) -> dict[str, str | int]:
    from weighlock.run.phase import DONE
    from weighlock.views.text import stamp

    return {
        "run": state.run,
        "plan": state.plan,
        "state": state.stage,
        "branch": state.branch,
        "started": stamp(state.started),
        "updated": stamp(state.updated),
        "done": sum(p.stage in DONE for p in state.phases.values()),
        "phases": len(state.phases),
    }
