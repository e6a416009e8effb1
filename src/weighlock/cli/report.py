"""``weighlock report``: what a colleague needs to audit a run."""

import sys
from pathlib import Path

import click

from weighlock.cli.context import Globals, verb
from weighlock.cli.opened import Opened
from weighlock.cli.site import Site
from weighlock.cli.writing.replace import replace


@verb()
@click.argument("run", required=False)
@click.option(
    "--format", "form", type=click.Choice(["md", "html"]), help="Default: by name, md."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Default: stdout."
)
def report(
    globals_: Globals, *, run: str | None, form: str | None, output: Path | None
) -> int:
    """Write a report of RUN (default: the newest): phases, evidence, claims."""
    from weighlock.cli.site import site

    here = site(globals_)
    html = form == "html" or (form is None and _is_html(output))
    if output is None:
        sys.stdout.write(_text(_open(here, run), html=html))
        return 0
    page = write_report(here, run, output, html=html)
    if globals_.json:
        globals_.data({"schema": "weighlock/report/1", "path": str(page)})
    globals_.say(f"wrote {page}")
    return 0


def write_report(
    here: Site, run: str | None, output: Path, *, html: bool = True
) -> Path:
    """Write the report of a run to a file; return its path."""
    text = _text(_open(here, run), html=html)
    replace(output, text.encode())
    return output.resolve()


def _is_html(output: Path | None) -> bool:
    return output is not None and output.suffix in {".html", ".htm"}


def _open(here: Site, run: str | None) -> Opened:
    from weighlock.cli.opened import open_run

    return open_run(here, run)


def _text(opened: Opened, *, html: bool) -> str:
    from weighlock import __version__
    from weighlock.cli.clock import SystemClock
    from weighlock.journal import driver
    from weighlock.views import report as pages
    from weighlock.views.graph import svg
    from weighlock.views.state import Seen, rows

    plan, state = opened.plan(), opened.state
    now = SystemClock().now()
    states = {r.key: r.word for r in rows(plan, state, Seen(now=now))}
    material = pages.Material(
        plan=plan,
        state=state,
        events=tuple(opened.journal.read()),
        verdict=opened.verdict,
        now=now,
        head=_head(opened.journal.path),
        version=__version__,
        graph=svg(plan, states) if html else "",
        alive=driver(opened.site.state, state.plan) is not None,
    )
    return pages.html(material) if html else pages.markdown(material)


def _head(journal: Path) -> str:
    """Return the digest of the journal's last whole line: what the chain ends in."""
    from hashlib import sha256

    lines = journal.read_bytes().splitlines()
    return sha256(lines[-1]).hexdigest() if lines else ""
