"""What people ask of a run: a second append-only file, answered with events."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from weighlock.journal.durable import writing
from weighlock.run.requests import Request

_FIELDS = ("verb", "phase", "by", "text")


def append_request(path: Path, request: Request) -> None:
    """Write one request as one line, durably; several processes may do so at once.

    Raises:
        RefusedError: The file cannot be written.
    """
    line = json.dumps(asdict(request), separators=(",", ":")).encode() + b"\n"
    with writing(path):
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # what a crash tore stays a line of its own
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(slots=True)
class RequestReader:
    """The requests that came since the last call; an adapter of ports.Requests."""

    path: Path
    answered: int = 0
    """Requests at the file's beginning that the journal has answered already."""
    _offset: int = field(default=0, repr=False)

    def __call__(self) -> Sequence[Request]:
        """Return the new requests, oldest first; a line still being written waits."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return ()
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        found = list(_requests(whole))
        skipped = min(self.answered, len(found))
        self.answered -= skipped
        return found[skipped:]


def _requests(data: bytes) -> Iterator[Request]:
    """Return the requests among the lines; what is none counts for nothing."""
    for line in data.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and entry.get("verb"):
            values = {name: entry.get(name, "") for name in _FIELDS}
            if all(isinstance(value, str) for value in values.values()):
                yield Request(**values)
