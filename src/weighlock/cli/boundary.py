"""The one place where exceptions become messages and exit codes."""

import errno
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, TextIO

import click

from weighlock.cli.context import Globals
from weighlock.errors import RefusedError, WeighlockError

BUG = 70
INTERRUPTED = 130

_UNWRITABLE = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT}


def guarded(command: click.Command, globals_: Globals) -> int:
    """Run a click command; return the exit code of DESIGN 4.2."""
    try:
        result = command.main(standalone_mode=False, obj=globals_)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001
        answer = next(a for kind, a in _ANSWERS if isinstance(error, kind))
        return answer(error, globals_)
    return result if isinstance(result, int) else 0


def silence(out: TextIO) -> None:
    """Send a stream whose reader has gone to nowhere, with what it still holds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)


def _told(error: WeighlockError, globals_: Globals) -> int:
    if globals_.json:
        globals_.data(
            {
                "schema": "weighlock/error/1",
                "error": type(error).__name__,
                "code": error.code,
                "message": error.message,
                "where": error.where,
                "hint": error.hint,
                "exit_code": error.exit_code,
            }
        )
    click.echo(f"weighlock: {error}", err=True)
    return error.exit_code


def _usage(error: click.ClickException, _: Globals) -> int:
    error.show()
    return error.exit_code


def _interrupted(_: BaseException, __: Globals) -> int:
    click.echo("interrupted; nothing is lost: weighlock resume", err=True)
    return INTERRUPTED


def _nobody_reads(_: BaseException, __: Globals) -> int:
    """Whoever read our output has gone, as ``head`` does; that is no error."""
    silence(sys.stdout)
    return 0


def _system(error: OSError, globals_: Globals) -> int:
    if error.errno not in _UNWRITABLE:
        return _bug(error, globals_)
    refused = RefusedError(
        f"cannot be written: {error.strerror}",
        hint="free some space, or make it writable; nothing was begun",
        where=str(error.filename or ""),
    )
    return _told(refused, globals_)


def _bug(error: BaseException, _: Globals) -> int:
    traceback.print_exception(error)
    click.echo("this is a bug in weighlock; please report the lines above", err=True)
    return BUG


_ANSWERS: tuple[tuple[type[BaseException], Callable[[Any, Globals], int]], ...] = (
    (WeighlockError, _told),
    (click.ClickException, _usage),
    (KeyboardInterrupt, _interrupted),
    (click.Abort, _interrupted),
    (BrokenPipeError, _nobody_reads),
    (SystemExit, _nobody_reads),  # click's answer to a closed pipe, and only to that
    (OSError, _system),
    (BaseException, _bug),
)
"""The first kind that fits answers."""
