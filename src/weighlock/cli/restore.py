"""``weighlock restore [PHASE]``: take the branch back to a checkpoint."""

import asyncio
import getpass

import click

from weighlock.cli.context import Globals, verb


@verb()
@click.argument("phase", required=False)
@click.option("--run", metavar="RUN", help="Default: the newest.")
def restore(globals_: Globals, *, phase: str | None, run: str | None) -> int:
    """Take the branch back to where PHASE had passed; without it, to the base.

    Phases that passed later are open again. Your own branch is not touched.
    """
    from weighlock.cli.clock import SystemClock
    from weighlock.cli.opened import open_run
    from weighlock.cli.planned import phase_of
    from weighlock.cli.site import cache_folder, site
    from weighlock.errors import UsageError
    from weighlock.journal import lock_run
    from weighlock.run.events import BranchRestored
    from weighlock.workspace import clones

    opened = open_run(site(globals_), run)
    state = opened.state
    key, commit = "", state.base
    if phase is not None:
        key = phase_of(opened.plan(), phase).key
        commit = dict(state.checkpoints).get(key, "")
    if not commit:
        there = ", ".join(p for p, _ in state.checkpoints) or "none"
        raise UsageError(f"phase {key} is no checkpoint", hint=f"there are: {there}")
    with lock_run(opened.site.state, state.plan, state.run):
        space = clones(
            opened.site.root,
            state.branch,
            base=state.base,
            cache=cache_folder(),
            state=opened.site.state,
        )
        asyncio.run(space.restore(commit))
        by = getpass.getuser()
        at = SystemClock().now()
        opened.journal.append(BranchRestored(at=at, phase=key, commit=commit, by=by))
    if globals_.json:
        globals_.data({"schema": "weighlock/restore/1", "phase": key, "commit": commit})
    globals_.say(f"{state.branch} is at {commit[:12]}; go on: weighlock resume")
    return 0
