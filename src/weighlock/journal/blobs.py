"""Evidence by digest: a file named by the hash of what it holds."""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from weighlock.errors import TamperedError
from weighlock.journal.durable import sync_folder, writing

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class BlobStore:
    """A folder of blobs; what is there is never changed."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Store bytes durably; return ``sha256:…``. Storing twice is storing once.

        Raises:
            RefusedError: The disk is full or may not be written.
        """
        name = hashlib.sha256(data).hexdigest()
        with writing(self.folder):
            if not (self.folder / name).exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                self._write(name, data)
        return f"sha256:{name}"

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest.

        Raises:
            TamperedError: The blob is gone or does not match its digest.
        """
        found = _DIGEST.fullmatch(digest)
        if found is None:
            raise TamperedError(f"{digest!r} is not a digest of stored evidence")
        path = self.folder / found[1]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TamperedError(
                f"stored evidence cannot be read: {error.strerror}", where=str(path)
            ) from error
        if hashlib.sha256(data).hexdigest() != found[1]:
            raise TamperedError("stored evidence was changed", where=str(path))
        return data

    def _write(self, name: str, data: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(self.folder / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_folder(self.folder)
