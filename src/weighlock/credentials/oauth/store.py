"""Where the tokens of one bucket are kept: a file of mode 0600."""

import hashlib
from pathlib import Path
from typing import Protocol

import orjson

from weighlock.config.buckets import OAuthSettings
from weighlock.credentials.oauth.tokens import Tokens, from_table, to_table
from weighlock.credentials.state import private


class Store(Protocol):
    """The tokens of one bucket, shared by the processes of one HOME."""

    lock: Path
    """File that is locked while they are renewed."""

    def load(self, *, fresh: bool = False) -> Tokens | None:
        """Return what is kept.

        Args:
            fresh: Look again even where looking is slow.

        Raises:
            RefusedError: Others may read or have written it.
            OSError: It cannot be read.
        """

    def save(self, tokens: Tokens) -> None:
        """Keep tokens in place of the old ones; they are safe when this returns."""

    def remove(self) -> bool:
        """Remove them; say whether there were any."""


def place(folder: Path, bucket: str, client: OAuthSettings) -> Path:
    """Return the file of a bucket; another client of the same name has another."""
    named = f"{client.token_url}\n{client.client_id}".encode()
    return folder / "tokens" / f"{bucket}-{hashlib.sha256(named).hexdigest()[:8]}.json"


class FileStore:
    """Tokens in a file that only this user may read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = path.with_suffix(".lock")
        self._seen: private.Signature | None = None
        self._tokens: Tokens | None = None

    def load(self, *, fresh: bool = False) -> Tokens | None:
        """Return what the file says; it is read again when it has changed."""
        seen = private.signature(self.path)
        if seen is None:
            self._seen, self._tokens = None, None
        elif fresh or seen != self._seen:
            self._tokens = parsed(private.read(self.path))
            self._seen = seen
        return self._tokens

    def save(self, tokens: Tokens) -> None:
        """Replace the file."""
        private.folder(self.path.parent.parent)
        private.folder(self.path.parent)
        private.write(self.path, orjson.dumps(to_table(tokens)))

    def remove(self) -> bool:
        """Remove the file."""
        there = self.path.exists()
        self.path.unlink(missing_ok=True)
        return there


def parsed(data: bytes | None) -> Tokens | None:
    """Read kept tokens; a torn file holds none."""
    try:
        return from_table(orjson.loads(data)) if data else None
    except orjson.JSONDecodeError:
        return None
