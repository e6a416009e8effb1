"""The verbs that ask something of a run: stop, approve, reject, answer, retry, waive.

A request is appended to the run's ``requests.jsonl``; the process that drives the run
answers it with an event. Without such a process it is answered at the next resume.
"""

import getpass

import click

from weighlock.cli.context import Globals, verb


@verb()
@click.argument("run", required=False)
@click.option("--run", "run_option", metavar="RUN", hidden=True)
def stop(globals_: Globals, *, run: str | None, run_option: str | None) -> int:
    """Ask RUN (default: the newest) to stop; it can be resumed."""
    return _ask(globals_, "stop", phase="", text="", run=run or run_option)


@verb()
@click.argument("phase")
@click.option("--note", "text", default="", help="Kept in the journal and the commit.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def approve(globals_: Globals, *, phase: str, text: str, run: str | None) -> int:
    """Accept the work of PHASE that its gate sent to review."""
    return _ask(globals_, "approve", phase=phase, text=text, run=run)


@verb()
@click.argument("phase")
@click.option("--reason", "text", required=True, help="Given to the next attempt.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def reject(globals_: Globals, *, phase: str, text: str, run: str | None) -> int:
    """Send the work of PHASE back."""
    return _ask(globals_, "reject", phase=phase, text=text, run=run)


@verb()
@click.argument("phase")
@click.argument("text")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def answer(globals_: Globals, *, phase: str, text: str, run: str | None) -> int:
    """Answer what PHASE asked, or what its agent called impossible, with TEXT."""
    return _ask(globals_, "answer", phase=phase, text=text, run=run)


@verb()
@click.argument("phase")
@click.option("--reason", "text", default="", help="Kept in the journal.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def retry(globals_: Globals, *, phase: str, text: str, run: str | None) -> int:
    """Give PHASE fresh attempts; work that could not be checked is weighed again."""
    return _ask(globals_, "retry", phase=phase, text=text, run=run)


@verb()
@click.argument("phase")
@click.option("--reason", "text", required=True, help="Why later phases may go on.")
@click.option("--run", metavar="RUN", help="Default: the newest.")
def waive(globals_: Globals, *, phase: str, text: str, run: str | None) -> int:
    """Let later phases go on without PHASE; its verdict stays as it was."""
    return _ask(globals_, "waive", phase=phase, text=text, run=run)


def _ask(
    globals_: Globals, name: str, *, phase: str, text: str, run: str | None
) -> int:
    from weighlock.cli.opened import open_run
    from weighlock.cli.planned import phase_of
    from weighlock.cli.site import site
    from weighlock.errors import UsageError
    from weighlock.journal import append_request, driver
    from weighlock.run.events import RequestRefused
    from weighlock.run.requests import Request
    from weighlock.run.requests import answer as foresee

    opened = open_run(site(globals_), run)
    plan = opened.plan()
    key = phase_of(plan, phase).key if phase else ""
    alive = driver(opened.site.state, opened.state.plan) is not None
    if name == "stop" and not alive:
        globals_.say(f"run {opened.state.run} is not being driven; nothing to stop")
        return 5
    by = getpass.getuser()
    asked = Request(verb=name, phase=key, by=by, text=text)
    told = foresee(plan, opened.state, asked, at=0.0)
    if isinstance(told, RequestRefused):
        raise UsageError(f"cannot {name} phase {key}: {told.why}")
    append_request(opened.requests, asked)
    if globals_.json:
        globals_.data({"schema": "weighlock/request/1", "verb": name, "phase": key})
    what = f"{name} {key}".strip()
    if alive:
        globals_.say(f"{what}: asked of run {opened.state.run}")
    else:
        globals_.say(f"{what}: noted; go on with: weighlock resume {opened.state.run}")
    return 0
