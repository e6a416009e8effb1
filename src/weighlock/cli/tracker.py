"""``weighlock tracker``: a plan's status table, from evidence."""

import click

from weighlock.cli.context import Globals, verb


@verb()
@click.argument("run", required=False)
@click.option("--write", is_flag=True, help="Into the plan's own files, cell by cell.")
def tracker(globals_: Globals, *, run: str | None, write: bool) -> int:
    """Print the status table of the plan of RUN (default: the newest).

    With --write the states go into the plan's files in your work tree: rows, status
    lines, boxes, as the plan's own form has them; every other byte stays.
    """
    from weighlock.cli.opened import open_run
    from weighlock.cli.seen import seen
    from weighlock.cli.site import site
    from weighlock.engine.pages import iso
    from weighlock.views.state import rows
    from weighlock.views.tracker import Line, table

    opened = open_run(site(globals_), run)
    if write:
        from weighlock.cli.changed.stamped import stamp

        return stamp(opened, globals_)
    plan, state = opened.plan(), opened.state
    lines = {}
    for row in rows(plan, state, seen(opened, plan)):
        at = state.phase(row.key)
        first = at.attempts[0].started if at.attempts else None
        lines[row.key] = Line(
            status=row.word,
            started=iso(first) if first else "",
            completed=iso(at.passed_at) if at.passed_at else "",
            verified=at.stage == "passed",
            note=row.note,
        )
    if globals_.json:
        document = {
            "schema": "weighlock/tracker/1",
            "rows": [{"key": k, "status": v.status} for k, v in lines.items()],
        }
        globals_.data(document)
    else:
        click.echo(table(plan, lines))
    return 0
