"""``weighlock config show``: the configuration in force, and where it came from."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from weighlock.cli.context import Globals, global_options, verb


@click.group(invoke_without_command=True)
@global_options
def config() -> None:
    """Show the configuration."""
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        context.invoke(show)


@verb()
def show(globals_: Globals) -> int:
    """Show every setting, and the file it was read from."""
    from weighlock.cli.site import site

    settings = site(globals_).settings
    values = {k: v for k, v in asdict(settings).items() if k != "source"}
    source = str(settings.source) if settings.source else None
    if globals_.json:
        document = {"schema": "weighlock/config/1", "source": source}
        globals_.data({**document, "settings": _plain(values)})
        return 0
    click.echo(f"# from {source or 'the defaults; no file'}")
    for key, value in _flat(values):
        click.echo(f"{key} = {value}")
    return 0


config.add_command(show)


def _flat(values: dict[str, Any], before: str = "") -> list[tuple[str, str]]:
    out = []
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and value:
            out += _flat(value, f"{name}.")
        elif name.rpartition(".")[2] != "env" and value not in (None, {}, ()):
            out.append((name, _shown(name, value)))
    return out


def _shown(name: str, value: object) -> str:
    if ".env." in name:
        return '"…"'
    if isinstance(value, str | Path):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{v}"' for v in value) + "]"
    return str(value)


def _plain(value: object) -> object:
    """Return JSON-ready data; the values of ``env`` tables are not shown."""
    if isinstance(value, dict):
        return {
            k: dict.fromkeys(v, "…") if k == "env" else _plain(v)
            for k, v in value.items()
        }
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, Path) else value
