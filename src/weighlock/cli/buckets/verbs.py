"""The commands of ``weighlock bucket``: what they take; what they do is beside them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from weighlock.cli.context import Globals, global_options, verb

F = TypeVar("F", bound=Callable[..., object])

_ADD = (
    click.option("--provider", required=True, metavar="NAME", help="Its upstream."),
    click.option("--protocol", metavar="WIRE", help="Of a provider that is new."),
    click.option("--base-url", metavar="URL", help="Of a provider that is new."),
    click.option("--key-env", metavar="NAME", help="Variable that holds the key."),
    click.option(
        "--key-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="File that holds the key.",
    ),
    click.option("--oauth", metavar="NAME", help="A login in place of a key."),
    click.option("--client-id", metavar="ID", help="Of an OAuth client that is new."),
    click.option(
        "--client-secret-env", metavar="NAME", help="Variable, if it has one."
    ),
    click.option("--token-url", metavar="URL", help="Where it gets tokens."),
    click.option("--authorize-url", metavar="URL", help="For a login in a browser."),
    click.option("--device-url", metavar="URL", help="For a login by a code."),
    click.option("--revoke-url", metavar="URL", help="For logging out."),
    click.option("--scope", "scopes", multiple=True, help="What it asks for."),
    click.option("--max-in-flight", type=int, help="Requests at once."),
)


def _options(function: F) -> F:
    for option in reversed(_ADD):
        function = option(function)
    return function


@click.group(invoke_without_command=True)
@global_options
def bucket() -> None:
    """Add, show, try and log in to buckets: credentials with quotas of their own."""
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        context.invoke(list_)


@verb()
@click.argument("id_", metavar="ID")
@_options
def add(globals_: Globals, **given: object) -> int:
    """Add a bucket to the configuration. No key is ever written there.

    For the providers anthropic, openai and gemini the protocol and address are known.
    The order in the file is the order of use.
    """
    from weighlock.cli.buckets.add import Asked
    from weighlock.cli.buckets.add import add as act

    return act(globals_, Asked(**given))  # type: ignore[arg-type]


@verb()
@click.argument("id_", metavar="ID")
@click.option("--device", is_flag=True, help="By a code, typed in on any machine.")
@click.option("--no-browser", is_flag=True, help="Only show the address.")
def login(globals_: Globals, id_: str, *, device: bool, no_browser: bool) -> int:
    """Log in to an OAuth bucket; the tokens stay on this machine."""
    from weighlock.cli.buckets.person import login as act

    return act(globals_, id_, device=device, browser=not no_browser)


@verb("list")
def list_(globals_: Globals) -> int:
    """Show every bucket: its credential, its benches, when it may serve again."""
    from weighlock.cli.buckets.shown import show

    return show(globals_)


@verb()
@click.argument("id_", metavar="[ID]", required=False)
def test(globals_: Globals, id_: str | None) -> int:
    """Ask each upstream, or that of one bucket, whether it takes the credential.

    Asks for the list of models, which costs no tokens, and changes no bench.
    """
    from weighlock.cli.buckets.probe import probe

    return probe(globals_, id_)


@verb()
@click.argument("id_", metavar="[ID]", required=False)
def reset(globals_: Globals, id_: str | None) -> int:
    """Clear the benches of one bucket or of all: they are tried again at once."""
    from weighlock.cli.buckets.home import home

    here = home(globals_)
    pool = here.pool()
    cleared = {b.id: pool.reset(b.id) for b in here.chosen(id_)}
    if globals_.json:
        globals_.data({"schema": "weighlock/reset/1", "cleared": cleared})
    else:
        for name, count in cleared.items():
            click.echo(f"{name}: {count} bench{'' if count == 1 else 'es'} cleared")
    return 0


@verb()
@click.argument("id_", metavar="ID")
def remove(globals_: Globals, id_: str) -> int:
    """Log out of a bucket, forget its benches, take it out of the configuration."""
    from weighlock.cli.buckets.remove import remove as act

    return act(globals_, id_)


for _command in (add, login, list_, test, reset, remove):
    bucket.add_command(_command)
