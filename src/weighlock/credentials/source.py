"""Where the credential of a bucket comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from weighlock.credentials.policy.credential import Credential, Missing, Secret

MOST_BYTES = 64 * 1024

Fingerprint = Callable[[str], str]
"""Secret → a short word that stands for it and does not tell it."""


class Source(Protocol):
    """One bucket's credential: read, renewed, never kept by anybody else."""

    def version(self) -> str:
        """Return the version of what is current now; empty when there is nothing."""

    def account(self) -> str:
        """Return what benches are kept under; another account has another quota."""

    async def get(self) -> Credential | Missing:
        """Return a credential that is good now, renewed if it had to be."""

    def peek(self) -> Credential | Missing:
        """Return what there is, good or not; asks nobody."""

    async def renew(self, version: str) -> Credential | Missing:
        """Return one of another version than this; single-flight."""

    def reveal(self) -> tuple[str, ...]:
        """Return every secret text it holds, for a redactor."""


@dataclass(slots=True, kw_only=True)
class KeySource:
    """An API key from a variable or a file; the file is read again when it changes."""

    fingerprint: Fingerprint
    variable: str | None = None
    file: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    _seen: tuple[int, int, int] | None = None
    _read: Credential | Missing | None = None

    def version(self) -> str:
        """Return the key's fingerprint."""
        found = self._find()
        return found.version if isinstance(found, Credential) else ""

    def account(self) -> str:
        """Return the key's fingerprint: another key is another account."""
        return self.version()

    async def get(self) -> Credential | Missing:
        """Return the key."""
        return self._find()

    def peek(self) -> Credential | Missing:
        """Return the key."""
        return self._find()

    async def renew(self, version: str) -> Credential | Missing:
        """Return the key if it is another one now; a key cannot be renewed."""
        found = self._find()
        if isinstance(found, Credential) and found.version == version:
            return Missing(
                reason="expired-refresh-failed", detail="rejected-key", permanent=True
            )
        return found

    def reveal(self) -> tuple[str, ...]:
        """Return the key."""
        found = self._find()
        return (found.secret.reveal(),) if isinstance(found, Credential) else ()

    def _find(self) -> Credential | Missing:
        if self.file is not None:
            return self._from_file(self.file)
        if self._read is None:
            self._read = self._made(self.environ.get(self.variable or "", ""))
        return self._read

    def _from_file(self, file: Path) -> Credential | Missing:
        try:
            stat = file.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if self._read is None or seen != self._seen:
                with file.open("rb") as stream:
                    text = stream.read(MOST_BYTES).decode()
                self._seen, self._read = seen, self._made(text)
        except FileNotFoundError:
            return Missing(reason="no-token", detail="unset", permanent=True)
        except (OSError, UnicodeDecodeError):
            return Missing(reason="no-token", detail="unreadable", permanent=True)
        return self._read

    def _made(self, text: str) -> Credential | Missing:
        key = text.strip()
        if not key:
            return Missing(reason="no-token", detail="unset", permanent=True)
        if not (key.isascii() and key.isprintable()) or " " in key:
            return Missing(reason="no-token", detail="unreadable", permanent=True)
        return Credential(
            secret=Secret(key), kind="api-key", version=self.fingerprint(key)
        )
