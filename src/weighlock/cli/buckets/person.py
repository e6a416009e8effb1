"""Ask the person at the terminal to log in."""

import asyncio
import os
import sys
import webbrowser

import click

from weighlock.cli.buckets.home import home
from weighlock.cli.context import Globals
from weighlock.credentials.oauth.login import Show
from weighlock.views.text import stamp


def login(globals_: Globals, name: str, *, device: bool, browser: bool) -> int:
    """Log in to a bucket; its benches are cleared, for the token is another one.

    Raises:
        UsageError: The bucket has a key.
        AgentError: The login did not succeed.
    """
    pool, source = home(globals_).tokens(name)
    browser = browser and has_screen()
    code = device or (not browser and source.client.settings.device_url is not None)
    tokens = asyncio.run(source.log_in(shown(browser=browser), device=code))
    pool.reset(name)
    if globals_.json:
        document = {"bucket": name, "expires_at": tokens.expires_at}
        globals_.data({"schema": "weighlock/login/1", **document})
        return 0
    until = f"; good until {stamp(tokens.expires_at)}" if tokens.expires_at else ""
    renewed = ", renewed before" if tokens.refresh else ", then log in again"
    click.echo(f"logged in to {name}{until}{renewed if until else ''}")
    return 0


def person_there() -> bool:
    """Say whether somebody sits at the terminal, who can be asked to log in."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def has_screen() -> bool:
    """Say whether a browser would open a window, not take over the terminal."""
    named = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in {"darwin", "win32"} or any(map(os.environ.get, named))


def shown(*, browser: bool) -> Show:
    """Return what asks a person to go somewhere, on stderr and in a browser."""

    def show(address: str, code: str) -> None:
        click.echo(f"open {address}", err=True)
        if code:
            click.echo(f"and type in {code}", err=True)
        if browser:
            webbrowser.open(address)

    return show
