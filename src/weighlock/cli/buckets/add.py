"""Write a bucket into the configuration: appended, so that no other byte moves."""

import difflib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from weighlock.cli.buckets.home import Home, home
from weighlock.cli.context import Globals
from weighlock.cli.writing.replace import replace_file
from weighlock.config import Settings, parse
from weighlock.config.buckets import WIRES
from weighlock.errors import RefusedError, SettingsError, UsageError

_KNOWN = {
    "anthropic": ("anthropic", "https://api.anthropic.com"),
    "openai": ("openai-responses", "https://api.openai.com"),
    "gemini": ("gemini", "https://generativelanguage.googleapis.com"),
}
"""Providers that everybody calls so: protocol and address."""
_CLIENT = (
    "client_id",
    "client_secret_env",
    "token_url",
    "authorize_url",
    "device_url",
    "revoke_url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options say."""

    id_: str
    provider: str
    protocol: str | None
    base_url: str | None
    key_env: str | None
    key_file: Path | None
    oauth: str | None
    client_id: str | None
    client_secret_env: str | None
    token_url: str | None
    authorize_url: str | None
    device_url: str | None
    revoke_url: str | None
    scopes: tuple[str, ...]
    max_in_flight: int | None


def add(globals_: Globals, asked: Asked) -> int:
    """Append the tables that a bucket needs, if the result is a configuration.

    Raises:
        UsageError: It would be none.
        RefusedError: The file cannot take tables at its end, or cannot be written.
    """
    here = home(globals_)
    before = here.path.read_bytes() if here.path.exists() else b""
    gap = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    text = before + gap + "\n".join(_tables(here, asked)).encode()
    settings = _checked(here, text)
    replace_file(here.path, text)
    bucket = next(b for b in settings.buckets if b.id == asked.id_)
    if globals_.json:
        document = {"bucket": bucket.id, "source": str(here.path)}
        globals_.data({"schema": "weighlock/added/1", **document})
    else:
        click.echo(f"added {bucket.id} to {here.path}")
    globals_.say(_next(here, asked))
    return 0


def _tables(here: Home, asked: Asked) -> list[str]:
    """Return the tables, the provider's and the client's first if they are new."""
    bucket = {
        "id": asked.id_,
        "provider": asked.provider,
        "key_env": asked.key_env,
        "key_file": _beside(here, asked.key_file),
        "oauth": asked.oauth,
        "max_in_flight": asked.max_in_flight,
    }
    return [
        *_provider(here, asked),
        *_client(here, asked),
        _table(f"[[{here.prefix}buckets]]", bucket),
    ]


def _provider(here: Home, asked: Asked) -> list[str]:
    protocol, url = _KNOWN.get(asked.provider, (None, None))
    protocol, url = asked.protocol or protocol, asked.base_url or url
    if asked.provider in here.settings.providers:
        if asked.protocol or asked.base_url:
            raise UsageError(
                f"provider {asked.provider!r} is in the configuration already",
                hint="leave out --protocol and --base-url, or choose another name",
            )
        return []
    if protocol is None or url is None:
        known = {*here.settings.providers, *_KNOWN}
        near = difflib.get_close_matches(asked.provider, known, n=1)
        ask = f"--protocol {'|'.join(WIRES)} --base-url URL"
        raise UsageError(
            f"provider {asked.provider!r} is new: what does it speak, and where is it?",
            hint=f"did you mean {near[0]!r}?" if near else ask,
        )
    values = {"protocol": protocol, "base_url": url}
    return [_table(f"[{here.prefix}providers.{_key(asked.provider)}]", values)]


def _client(here: Home, asked: Asked) -> list[str]:
    values = {key: getattr(asked, key) for key in _CLIENT}
    values["scopes"] = list(asked.scopes) or None
    if not any(values.values()):
        return []
    if asked.oauth is None or asked.oauth in here.settings.oauth:
        raise UsageError(
            "the options of an OAuth client need --oauth NAME, a name that is new"
        )
    return [_table(f"[{here.prefix}oauth.{_key(asked.oauth)}]", values)]


def _table(head: str, values: Mapping[str, object]) -> str:
    rows = (f"{k} = {_written(v)}" for k, v in values.items() if v is not None)
    return "\n".join([head, *rows]) + "\n"


def _written(value: object) -> str:
    """Return a value as TOML: its strings and lists are those of JSON."""
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _written(name)


def _beside(here: Home, file: Path | None) -> str | None:
    """Return a path as the configuration reads it: relative to its own folder."""
    if file is None or file.is_absolute() or str(file).startswith("~"):
        return None if file is None else str(file)
    return os.path.relpath(file, here.path.parent)


def _checked(here: Home, text: bytes) -> Settings:
    try:
        found = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RefusedError(
            f"a table cannot be appended: {error}",
            hint="write providers and buckets as tables, not as inline values",
            where=str(here.path),
        ) from error
    try:
        own = found["tool"]["weighlock"] if here.prefix else found
        return parse(own, here.path)
    except SettingsError as error:
        raise UsageError(error.message, hint=error.hint) from error


def _next(here: Home, asked: Asked) -> str:
    if asked.oauth is not None:
        return f"next: weighlock bucket login {asked.id_}"
    if asked.key_env is not None and not here.environ.get(asked.key_env):
        return f"{asked.key_env} is not set here; set it where weighlock runs"
    if asked.key_file is not None and not asked.key_file.expanduser().exists():
        return f"{asked.key_file} is not there yet; it is to hold the key alone"
    return f"next: weighlock bucket test {asked.id_}"
