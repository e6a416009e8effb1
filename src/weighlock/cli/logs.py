"""``weighlock logs PHASE [-f]``: what an agent said and did."""

import shutil
import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.cli.opened import Opened

POLL_S = 0.3


@verb()
@click.argument("phase")
@click.option("-f", "--follow", is_flag=True, help="Go on until the attempt ends.")
@click.option("--attempt", type=click.IntRange(min=1), help="Default: the newest.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def logs(
    globals_: Globals,
    *,
    phase: str,
    follow: bool,
    attempt: int | None,
    run: str | None,
) -> int:
    """Show the log of PHASE, from its first byte."""
    from weighlock.cli.opened import open_run
    from weighlock.cli.planned import phase_of
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo

    opened = open_run(site(globals_), run)
    key = phase_of(opened.plan(), phase).key
    last = opened.state.phase(key).last
    number = attempt or (last.number if last else 0)
    path = opened.log(key, number)
    if not path.is_file():
        raise NothingToDo(f"phase {key} has no log of attempt {number or 1} yet")
    if globals_.json:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        globals_.data(
            {
                "schema": "weighlock/log/1",
                "phase": key,
                "attempt": number,
                "lines": lines,
            }
        )
        return 0
    _copy(opened, key, path, follow=follow)
    return 0


def _copy(opened: Opened, key: str, path: Path, *, follow: bool) -> None:
    """Copy a log to stdout; with ``follow`` until the journal says it is over."""
    import time

    from weighlock.journal import driver
    from weighlock.run.state import fold

    with path.open("rb") as log:
        while True:
            alive = driver(opened.site.state, opened.state.plan) is not None
            going = follow and alive and key in fold(opened.journal.read()).open
            shutil.copyfileobj(log, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            if not going:
                return
            time.sleep(POLL_S)
