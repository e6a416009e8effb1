"""``weighlock gateway``: serve model calls of agents until it is told to stop."""

from typing import TYPE_CHECKING

import click

from weighlock.cli.context import Globals, verb

if TYPE_CHECKING:  # heavy: imported when the verb runs, not for its help
    import asyncio
    from collections.abc import Callable

    from weighlock.config import Settings
    from weighlock.credentials import BucketPool, Notice
    from weighlock.gateway import Gateway, Record
    from weighlock.gateway.lines import Lines
    from weighlock.ports import Clock

    Login = Callable[[str], None]

_LITTER = (20_000, 20, 50)
"""New objects, and rounds, before the collector looks (Python: 700, 10, 10)."""
_LAST_S = 1.0
"""How long the last lines may take to be written."""


@verb()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="The port on this machine; 0: any that is free.",
)
def gateway(globals_: Globals, port: int) -> int:
    """Serve model calls from the configured buckets, on this machine alone.

    Prints the address and a token for it. Point an agent there: a bucket whose quota
    is spent is left at once. With --json, one line for each request follows.
    A bucket that needs a login asks for it, if a person sits at this terminal.
    """
    import asyncio

    import uvloop

    from weighlock.config import find

    settings = find(globals_.folder(), globals_.config)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(globals_, settings, port))
    return 0


async def _serve(globals_: Globals, settings: "Settings", port: int) -> None:
    import os
    import sys

    from weighlock.cli.clock import SystemClock
    from weighlock.cli.notified.sender import Sender
    from weighlock.gateway import Gateway
    from weighlock.gateway.lines import Lines

    stop = _told_to_stop()
    lines = Lines(sys.stdout.fileno())

    def observe(record: "Record") -> None:
        if globals_.json:
            lines.add(record.line())
        else:
            globals_.say(_told(record))

    clock = SystemClock()
    told = Sender(settings=settings, clock=clock, say=globals_.say)
    async with (
        Gateway.serve(
            settings,
            environ=os.environ,
            clock=clock,
            port=port,
            pool=_pool(globals_, settings, clock, told.login),
            observe=observe,
        ) as served,
        told,
    ):
        _announce(globals_, served, lines)
        _spare_the_collector()
        await stop.wait()
    await lines.close(_LAST_S)


def _announce(globals_: Globals, served: "Gateway", lines: "Lines") -> None:
    """Say where it serves, and with which token."""
    from weighlock.gateway import Grant

    for bucket in served.lacking:
        globals_.say(f"bucket {bucket} has no credential, and is left out")
    token = served.token_for(Grant(max_in_flight=1024))
    if globals_.json:
        lines.add({"url": served.url, "token": token})
    else:
        click.echo(f"url    {served.url}\ntoken  {token}")
        globals_.say("serving until Ctrl-C; keys never leave this process")


def _pool(
    globals_: Globals, settings: "Settings", clock: "Clock", login: "Login"
) -> "BucketPool":
    """Open the buckets; whoever sits at the terminal is asked to log in."""
    import os

    from weighlock.cli.buckets.person import has_screen, person_there, shown
    from weighlock.credentials import open_pool

    return open_pool(
        settings,
        environ=os.environ,
        clock=clock,
        tell=lambda notice: _tell(globals_, notice, login),
        show=shown(browser=has_screen()) if person_there() else None,
    )


def _told_to_stop() -> "asyncio.Event":
    """Return what is set when the process is asked to end."""
    import asyncio
    import signal

    stop = asyncio.Event()
    for sent in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sent, stop.set)
    return stop


def _spare_the_collector() -> None:
    """Look for litter less often, and not among what was imported: requests wait."""
    import gc

    gc.freeze()
    gc.set_threshold(*_LITTER)


def _tell(globals_: Globals, notice: "Notice", login: "Login") -> None:
    from weighlock.cli.buckets.told import told

    if said := told(notice):
        globals_.say(said)
    if notice.what == "reauth-required":
        login(notice.bucket)


def _told(record: "Record") -> str:
    """Say in one line what became of a request."""
    left = ", ".join(
        f"{bucket}: {failure.reason} / {failure.detail}"
        for bucket, failure in record.reasons.items()
    )
    who = record.bucket or "no bucket"
    text = (
        f"{record.status} {record.model or '-'} from {who} in {record.duration_s:.2f} s"
    )
    return f"{text}; left {left}" if left else text
