"""The one place where exceptions become messages and exit codes."""

import json
import os
import sys
import traceback

import click

from weighlock.cli.context import Globals
from weighlock.errors import WeighlockError

BUG = 70
INTERRUPTED = 130


def guarded(command: click.Command, globals_: Globals) -> int:
    """Run a click command; return the exit code of DESIGN 4.2."""
    try:
        result = command.main(standalone_mode=False, obj=globals_)
    except WeighlockError as error:
        return _tell(error, globals_)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing is lost: weighlock resume", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001 - this is the boundary
        traceback.print_exc()
        click.echo(
            "this is a bug in weighlock; please report the lines above", err=True
        )
        return BUG
    return result if isinstance(result, int) else 0


def _tell(error: WeighlockError, globals_: Globals) -> int:
    if globals_.json:
        document = {
            "schema": "weighlock/error/1",
            "error": type(error).__name__,
            "message": error.message,
            "where": error.where,
            "hint": error.hint,
            "exit_code": error.exit_code,
        }
        click.echo(json.dumps(document))
    click.echo(f"weighlock: {error}", err=True)
    return error.exit_code
