"""One call of lint from end to end, or one after another as long as wanted."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from weighlock.cli.context import Globals
from weighlock.cli.linting.home import Homes
from weighlock.cli.linting.look import STDIN, Asked, Seen, look, take_stdin
from weighlock.cli.linting.show import show
from weighlock.errors import NothingToDo, PlanError, UsageError
from weighlock.views.text import count

FAULTS = 1
INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What is made of the problems."""

    form: str = "text"
    output: Path | None = None
    strict: bool = False
    fix: bool = False
    diff: bool = False


def once(asked: Asked, how: How, globals_: Globals) -> int:
    """Look, show, and return the exit code of DESIGN 4.2.

    Raises:
        PlanError: The only plan cannot be read.
        NothingToDo: No plan was found.
        SettingsError: The configuration is wrong.
        UsageError: The options do not go together.
    """
    _refuse(asked, how)
    homes = Homes(globals_.repo, globals_.config)
    stdin = take_stdin(asked.paths)
    seen = look(asked, homes, stdin)
    _refuse_nothing(seen, asked, how)
    if how.diff:
        _diff(seen, globals_)
    elif how.fix:
        seen = _fix(seen, lambda: look(asked, homes, stdin), globals_)
    if not how.diff:
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
    _refuse(asked, how)
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


def _fix(seen: Seen, again: Callable[[], Seen], globals_: Globals) -> Seen:
    """Mend until nothing is left that can be; return what is seen then."""
    from weighlock.cli.linting.mend import fixable, mended, write

    changed: set[Path] = set()
    before = fixable(seen.plans)
    for _ in range(_PASSES):
        files = tuple(mended(seen.plans))
        if not files:
            break
        write(files)
        changed |= {file.path for file in files}
        seen = again()
    if changed:
        fixed = count(before - fixable(seen.plans), "problem")
        globals_.say(f"fixed {fixed} in {count(len(changed), 'file')}")
    return seen


def _diff(seen: Seen, globals_: Globals) -> None:
    from weighlock.cli.linting.mend import diff, fixable, mended

    sys.stdout.flush()
    sys.stdout.buffer.write(diff(tuple(mended(seen.plans))))
    sys.stdout.buffer.flush()
    for error in seen.unread:
        click.echo(f"weighlock: {error}", err=True)
    globals_.say(f"would fix {count(fixable(seen.plans), 'problem')}")


_PASSES = 5
"""An edit may uncover another; more than this would be two that undo each other."""


def _refuse(asked: Asked, how: How) -> None:
    if how.diff and (how.form != "text" or how.output):
        raise UsageError(
            "--diff shows a diff, and nothing else",
            hint="leave out --format, --json and --output",
        )
    if how.fix and not how.diff and STDIN in asked.paths:
        raise UsageError(
            "standard input cannot be fixed",
            hint="give the file, or --diff to see what would change",
        )
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
