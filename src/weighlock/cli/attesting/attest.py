"""``attest PHASE``: a verdict of a run as in-toto statements, signed or not."""

import sys
from pathlib import Path

import click

from weighlock import __version__
from weighlock.attest import Weighed
from weighlock.cli.context import Globals, verb
from weighlock.cli.opened import Opened
from weighlock.errors import NothingToDo, TamperedError


@verb()
@click.argument("phase", required=False)
@click.option("--run", metavar="RUN", help="Default: the newest.")
@click.option(
    "--key",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Sign: a private key of ssh, or the public one of a key in ssh-agent.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Default: stdout."
)
def attest(
    globals_: Globals,
    *,
    phase: str | None,
    run: str | None,
    key: Path | None,
    output: Path | None,
) -> int:
    """Write the newest verdict about PHASE down as in-toto statements, one a line.

    Without PHASE: the verdict of the final gate about the whole plan.
    """
    from weighlock.attest import sealed, statements
    from weighlock.cli.opened import open_run
    from weighlock.cli.site import site
    from weighlock.cli.writing.replace import replace_file

    opened = open_run(site(globals_), run)
    weighed = _whole(opened) if phase is None else _phase(opened, phase)
    data = sealed(statements(weighed), key)
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return 0
    replace_file(output, data)
    if globals_.json:
        path = str(output.resolve())
        globals_.data({"schema": "weighlock/attested/1", "path": path})
    globals_.say(f"wrote {output}")
    return 0


def _phase(opened: Opened, phase: str) -> Weighed:
    from weighlock.cli.planned import phase_of

    key = phase_of(opened.plan(), phase).key
    at = opened.state.phase(key)
    judged = [a for a in at.attempts if a.judged and not a.abandoned]
    if not judged:
        raise NothingToDo(f"phase {key} has not been weighed yet")
    last = judged[-1]
    newest = last.judged.evidence if last.judged else ""
    passed = at.stage == "passed"
    return _weighed(
        opened,
        at.evidence if passed else newest,
        attempt=last.number,
        landed=at.commit if passed else "",
        approved_by=at.by if passed else "",
        waived_by=at.by if at.stage == "waived" else "",
    )


def _whole(opened: Opened) -> Weighed:
    final = opened.state.final
    if final is None:
        raise NothingToDo(
            "the whole plan has not been weighed yet", hint="name a phase of it"
        )
    return _weighed(opened, final.evidence)


def _weighed(
    opened: Opened,
    digest: str,
    *,
    attempt: int = 0,
    landed: str = "",
    approved_by: str = "",
    waived_by: str = "",
) -> Weighed:
    verdict = opened.verdict(digest)
    if verdict is None:
        raise TamperedError(
            "the verdict that the journal names is gone or was changed",
            hint="weigh it again: weighlock retry PHASE",
            where=digest,
        )
    return Weighed(
        verdict=verdict,
        plan=opened.state.plan_digest,
        run=opened.state.run,
        attempt=attempt,
        landed=landed,
        approved_by=approved_by,
        waived_by=waived_by,
        version=__version__,
    )
