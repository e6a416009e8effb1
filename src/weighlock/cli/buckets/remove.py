"""Take a bucket out: its tokens are revoked, its table is cut, nothing else moves."""

import asyncio
import re
import tomllib

import click

from weighlock.cli.buckets.home import Home, home
from weighlock.cli.context import Globals
from weighlock.cli.writing.replace import replace_file
from weighlock.credentials.oauth.source import TokenSource
from weighlock.errors import RefusedError

_HEAD = re.compile(r"^[ \t]*\[")


def remove(globals_: Globals, name: str) -> int:
    """Log out, forget the benches, cut the table.

    Raises:
        RefusedError: The table cannot be told apart from what is around it.
    """
    here = home(globals_)
    index = here.settings.buckets.index(here.bucket(name))
    text = _without(here, index)
    pool = here.pool()
    source = pool.sources[name]
    tokens = revoked = False
    if isinstance(source, TokenSource):
        tokens, revoked = asyncio.run(source.log_out())
    pool.reset(name)
    replace_file(here.path, text.encode())
    if globals_.json:
        document = {"bucket": name, "tokens": tokens, "revoked": revoked}
        globals_.data({"schema": "weighlock/removed/1", **document})
    else:
        click.echo(f"removed {name} from {here.path}")
    if tokens and not revoked:
        globals_.say("its tokens are gone here, but the server has not revoked them")
    return 0


def _without(here: Home, index: int) -> str:
    """Return the file's text without the n-th bucket's table."""
    text = here.path.read_bytes().decode()  # line ends as they are
    head = re.compile(rf"^[ \t]*\[\[\s*{re.escape(here.prefix)}buckets\s*\]\]")
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if head.match(line)]
    if index < len(starts):
        first = starts[index]
        last = next(
            (n for n in range(first + 1, len(lines)) if _HEAD.match(lines[n])),
            len(lines),
        )
        while last - 1 > first and lines[last - 1].lstrip().startswith("#"):
            last -= 1  # what is said about the next table stays with it
        kept = "".join(lines[:first] + lines[last:])
        if _is_without(here, text, kept, index):
            return kept
    raise RefusedError(
        "the bucket's table cannot be told apart from what is around it",
        hint="take it out with an editor; nothing was changed",
        where=str(here.path),
    )


def _is_without(here: Home, before: str, after: str, index: int) -> bool:
    """Say whether exactly one bucket is gone, by what both texts mean."""
    try:
        then, now = tomllib.loads(before), tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    own = then["tool"]["weighlock"] if here.prefix else then
    del own["buckets"][index]
    if not own["buckets"]:
        del own["buckets"]
    return bool(then == now)
