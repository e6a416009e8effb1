"""``weighlock diff PHASE``: what a phase changed."""

import sys

import click

from weighlock.cli.context import Globals, verb
from weighlock.run.phase import PhaseState


@verb()
@click.argument("phase")
@click.option("--stat", is_flag=True, help="Only names and numbers of lines.")
@click.option("--attempt", type=click.IntRange(min=1), help="Default: what counts.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def diff(
    globals_: Globals, *, phase: str, stat: bool, attempt: int | None, run: str | None
) -> int:
    """Show what PHASE changed: its commit, or what its newest attempt delivered."""
    from weighlock.cli.opened import open_run
    from weighlock.cli.planned import phase_of
    from weighlock.cli.site import site
    from weighlock.errors import NothingToDo
    from weighlock.tree import changes

    opened = open_run(site(globals_), run)
    key = phase_of(opened.plan(), phase).key
    found = _range(opened.state.phase(key), attempt)
    if found is None:
        raise NothingToDo(f"phase {key} has delivered nothing yet")
    base, head = found
    git = opened.site.git
    if globals_.json:
        paths = [{"path": c.path, "status": c.status} for c in changes(git, base, head)]
        globals_.data(
            {
                "schema": "weighlock/diff/1",
                "phase": key,
                "base": git.resolve(base),
                "head": git.resolve(head),
                "files": paths,
            }
        )
        return 0
    options = ["--stat"] if stat else []
    color = "--color=always" if globals_.colored() else "--color=never"
    sys.stdout.buffer.write(git.run("diff", color, *options, base, head))
    sys.stdout.buffer.flush()
    return 0


def _range(at: PhaseState, attempt: int | None) -> tuple[str, str] | None:
    if attempt is None and at.commit:
        return f"{at.commit}^", at.commit
    judged = [a.judged for a in at.attempts if attempt in {None, a.number}]
    last = next((j for j in reversed(judged) if j is not None), None)
    return (last.base, last.head) if last else None
