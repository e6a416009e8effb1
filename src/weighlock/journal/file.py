"""The journal of a run: JSON Lines, each with the digest of the one before.

A line is acknowledged when it is on the disk with its line break. So a last line
without one, or one that is no JSON, was torn by a crash: it is read over, and cut off
before the next append. Anything else that does not fit was changed by another hand.
"""

import gc
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from weighlock.errors import TamperedError, UncheckableError
from weighlock.journal.durable import append_line, writing
from weighlock.run.events import SCHEMA, AnyEvent, from_dict, to_dict

FIRST = "0" * 64
"""What the first line carries in place of a digest."""

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the next line goes, and what it must carry."""

    seq: int = 0
    prev: str = FIRST
    end: int = 0


@dataclass(slots=True)
class FileJournal:
    """The events of one run in one file; one writer at a time."""

    path: Path
    _tail: _Tail | None = field(default=None, repr=False)

    def append(self, event: AnyEvent) -> None:
        """Write one event durably; it is on disk when this returns.

        Raises:
            RefusedError: The disk is full or may not be written; nothing is appended.
            TamperedError: What is there already does not hang together.
        """
        with writing(self.path):
            tail = self._where()
            entry = {"seq": tail.seq, "prev": tail.prev, **to_dict(event)}
            line = json.dumps(entry, separators=(",", ":")).encode()
            end = append_line(self.path, line + b"\n", tail.end)
        self._tail = _Tail(tail.seq + 1, hashlib.sha256(line).hexdigest(), end)

    def read(self) -> Sequence[AnyEvent]:
        """Return every event, oldest first; a torn last line is none.

        Raises:
            TamperedError: A line does not carry the digest of the one before.
            UncheckableError: A newer weighlock wrote this.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            data = b""
        lines, end = _whole_lines(data)
        prev = FIRST
        events: list[AnyEvent] = []
        newer: UncheckableError | None = None
        with _no_collection():
            entries = zip(self._entries(lines), lines, strict=True)
            for seq, (entry, line) in enumerate(entries):
                if entry.pop("seq", None) != seq or entry.pop("prev", None) != prev:
                    raise self._tampered(seq + 1)
                prev = hashlib.sha256(line).hexdigest()
                try:
                    events.append(self._event(entry, seq + 1))
                except UncheckableError as error:
                    newer = newer or error
        if newer is not None:  # and every line is as it was written
            raise newer
        self._tail = _Tail(len(events), prev, end)
        return events

    def _where(self) -> _Tail:
        """Return the tail; the file is read again when it is not as we left it.

        Lines may have come since; none that we knew may be gone, even where what is
        left hangs together.
        """
        size = self.path.stat().st_size if self.path.exists() else 0
        known = self._tail
        if known is None or known.end != size:
            self.read()
            if known is not None and not self._still(known):
                self._tail = known
                raise self._tampered(known.seq)
        return self._tail or _Tail()

    def _still(self, known: _Tail) -> bool:
        """Say whether the last line we knew stands where it stood."""
        data = self.path.read_bytes()[: known.end] if self.path.exists() else b""
        last = data.rstrip(b"\n").rpartition(b"\n")[2]
        mine = hashlib.sha256(last).hexdigest() if known.seq else FIRST
        return len(data) == known.end and mine == known.prev

    def _entries(self, lines: Sequence[bytes]) -> Iterator[dict[str, Any]]:
        """Return what each line says; many at once are twice as fast as each alone."""
        for start in range(0, len(lines), _BATCH):
            batch = lines[start : start + _BATCH]
            found = _parsed(b"[" + b",".join(batch) + b"]")
            fits = type(found) is list and len(found) == len(batch)
            if not fits or not all(type(e) is dict for e in found):
                at = next((i for i, n in enumerate(batch) if not _is_entry(n)), 0)
                raise self._tampered(start + at + 1)
            yield from found

    def _event(self, entry: dict[str, Any], number: int) -> AnyEvent:
        schema = entry.get("schema", SCHEMA)
        try:
            if schema <= SCHEMA:
                return from_dict(entry)
        except (KeyError, TypeError):
            schema = None
        what = entry.get("kind") if schema is None else f"journal version {schema}"
        raise UncheckableError(
            f"{what!r} is not known here: a newer weighlock wrote this",
            hint="upgrade weighlock",
            where=f"{self.path}:{number}",
        )

    def _tampered(self, number: int) -> TamperedError:
        before = f"line {number - 1} or {number}" if number > 1 else "line 1"
        return TamperedError(
            f"the journal was changed by another hand: {before} is not as it was "
            "written",
            hint="bring the file back from a backup, or begin a new run",
            where=f"{self.path}:{number}",
        )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Pause the garbage collector: very many new values, and no cycle among them.

    It would look through all of them again and again; that was a third of the time.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _whole_lines(data: bytes) -> tuple[list[bytes], int]:
    """Return the acknowledged lines, and where the last one ends."""
    *lines, torn = data.split(b"\n")
    end = len(data) - len(torn)
    if lines and not _is_entry(lines[-1]):
        end -= len(lines.pop()) + 1
    return lines, end


def _is_entry(line: bytes) -> bool:
    return isinstance(_parsed(line), dict)


def _parsed(data: bytes) -> Any:  # noqa: ANN401 - JSON at the border
    """Return what JSON says, None for what is none.

    orjson takes a third of the time, but no lone surrogate, as odd file names have.
    """
    for loads in (orjson.loads, json.loads):
        try:
            return loads(data)
        except (ValueError, RecursionError):
            continue
    return None
