"""Where the buckets of a call are: their configuration, and the pool made of it."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock.cli.buckets.told import told
from weighlock.cli.clock import SystemClock
from weighlock.cli.context import Globals
from weighlock.config import FILE, Settings, find
from weighlock.config.buckets import BucketSettings
from weighlock.credentials import BucketPool, Notice, open_pool
from weighlock.credentials.oauth.source import TokenSource
from weighlock.errors import NothingToDo, UsageError
from weighlock.git import Git

TABLE = "tool.weighlock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A configuration, and the file that it is or would be written in."""

    settings: Settings
    path: Path
    environ: Mapping[str, str]
    globals_: Globals

    @property
    def prefix(self) -> str:
        """Return what stands before the name of every table in the file."""
        return f"{TABLE}." if self.path.name == "pyproject.toml" else ""

    def pool(self) -> BucketPool:
        """Return the pool; what happens to its buckets is told."""
        return open_pool(
            self.settings, environ=self.environ, clock=SystemClock(), tell=self._tell
        )

    def bucket(self, name: str) -> BucketSettings:
        """Return a bucket by its id.

        Raises:
            UsageError: There is none of that name.
        """
        known = {b.id: b for b in self.settings.buckets}
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "weighlock bucket list"
            raise UsageError(f"there is no bucket {name!r}", hint=hint)
        return known[name]

    def chosen(self, name: str | None) -> tuple[BucketSettings, ...]:
        """Return one bucket, or all.

        Raises:
            NothingToDo: There is none at all.
        """
        if name is not None:
            return (self.bucket(name),)
        if not self.settings.buckets:
            raise NothingToDo(
                "no bucket is configured",
                hint="weighlock bucket add ID --provider anthropic --key-env NAME",
            )
        return self.settings.buckets

    def tokens(self, name: str) -> tuple[BucketPool, TokenSource]:
        """Return the tokens of an OAuth bucket, and their pool.

        Raises:
            UsageError: It has a key in place of a login.
        """
        pool = self.pool()
        source = pool.sources[self.bucket(name).id]
        if not isinstance(source, TokenSource):
            raise UsageError(
                f"bucket {name!r} has a key, so there is nothing to log in to",
                hint=f"its key comes from {origin(self.bucket(name))}",
            )
        return pool, source

    def _tell(self, notice: Notice) -> None:
        if said := told(notice):
            self.globals_.say(f"weighlock: {said}")


def home(globals_: Globals) -> Home:
    """Read the configuration of a call; a repository is not needed."""
    folder = _root(globals_)
    given = globals_.config
    settings = Settings() if given and not given.exists() else find(folder, given)
    path = given or settings.source or folder / FILE
    return Home(
        settings=settings, path=path, environ=dict(os.environ), globals_=globals_
    )


def origin(bucket: BucketSettings) -> str:
    """Say where a bucket's credential comes from."""
    if bucket.oauth is not None:
        return f"oauth.{bucket.oauth}"
    return f"${bucket.key_env}" if bucket.key_env else str(bucket.key_file)


def _root(globals_: Globals) -> Path:
    folder = globals_.folder()
    if not folder.is_dir():
        raise UsageError(f"--repo {folder} is not a folder")
    top = Git(folder).call("rev-parse", "--show-toplevel")
    if top.returncode != 0:
        return folder
    return Path(top.stdout.decode(errors="surrogateescape").rstrip("\n"))
