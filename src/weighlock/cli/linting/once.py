"""One call of lint from end to end, or one after another as long as wanted."""

from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.context import Globals
from weighlock.cli.linting.home import Homes
from weighlock.cli.linting.look import STDIN, Asked, Seen, look, take_stdin
from weighlock.cli.linting.show import show
from weighlock.errors import NothingToDo, PlanError, UsageError

FAULTS = 1
INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What is made of the problems."""

    form: str = "text"
    output: Path | None = None
    strict: bool = False


def once(asked: Asked, how: How, globals_: Globals) -> int:
    """Look, show, and return the exit code of DESIGN 4.2.

    Raises:
        PlanError: The only plan cannot be read.
        NothingToDo: No plan was found.
        SettingsError: The configuration is wrong.
        UsageError: The options do not go together.
    """
    _refuse(asked)
    homes = Homes(globals_.repo, globals_.config)
    seen = look(asked, homes, take_stdin(asked.paths))
    _refuse_nothing(seen, asked, how)
    show(seen, how.form, globals_, how.output)
    if seen.unread:
        return PlanError.exit_code
    wrong = {"error", "warning"} if how.strict else {"error"}
    return FAULTS if any(p.severity in wrong for p in seen.problems) else 0


def keep_on(asked: Asked, how: How, globals_: Globals) -> int:
    """Look again after every change, until interrupted; that is its exit code."""
    import asyncio

    from weighlock.cli.clock import SystemClock
    from weighlock.cli.linting.watch import state_of, watch

    if STDIN in asked.paths:
        raise UsageError("standard input cannot be watched", hint="give the file")
    _refuse(asked)
    base = globals_.repo or Path()
    paths = [base / path for path in asked.paths]
    try:
        asyncio.run(
            watch(
                lambda: once(asked, how, globals_),
                lambda: state_of(paths, globals_.config),
                SystemClock(),
            )
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _refuse(asked: Asked) -> None:
    if asked.stdin_filename is not None and STDIN not in asked.paths:
        raise UsageError(
            "--stdin-filename names the plan on stdin, but stdin is not asked for",
            hint="weighlock lint - --stdin-filename FILE < FILE",
        )


def _refuse_nothing(seen: Seen, asked: Asked, how: How) -> None:
    if len(seen.unread) == 1 == len(asked.paths) and how.form != "sarif":
        if not seen.plans:
            raise seen.unread[0]
    elif not (seen.plans or seen.unread or asked.whole):
        raise NothingToDo(
            f"no plan was found; {len(seen.skipped)} files hold no phases",
            hint="name the file itself to have it looked at all the same",
            where=" ".join(asked.paths),
        )
