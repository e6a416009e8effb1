"""The journal: folding, reading and writing it."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.material import PER_PHASE, journal_lines, lived, started
from bench.measure import Row, beside
from weighlock.journal import FileJournal
from weighlock.run import events as ev
from weighlock.run.state import fold

EVENTS = 100_000
APPENDS = 300


def rows() -> Iterator[Row]:
    """Measure the fold and the reading of many events, and the writing of one."""
    keys = tuple(f"{n:04}" for n in range(EVENTS // PER_PHASE))
    events = (started(keys), *lived(keys))
    lines = list(journal_lines(iter(events)))
    mine, theirs = beside(lambda: fold(events), lambda: _parse(lines), 5)
    shown = f"json.loads of {len(lines):,} lines"
    yield Row(
        what=f"fold of {len(events):,} events",
        seconds=mine,
        beside=shown,
        reference=theirs,
        bar=1.0,
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "journal.jsonl"
        path.write_bytes(b"\n".join(lines) + b"\n")
        mine, theirs = beside(
            lambda: FileJournal(path).read(), lambda: _parse(lines), 3
        )
        yield Row(
            what=f"reading {len(events):,} events, chain checked",
            seconds=mine,
            beside=shown,
            reference=theirs,
        )
        yield _append(Path(name), lines[1])


def _parse(lines: list[bytes]) -> None:
    for line in lines:
        json.loads(line)


def _append(folder: Path, line: bytes) -> Row:
    journal = FileJournal(folder / "new.jsonl")
    event = ev.RunStopped(at=0.0, by="ann", why="x" * 200)
    bare = (folder / "bare").open("ab", buffering=0)

    def append() -> None:
        for _ in range(APPENDS):
            journal.append(event)

    def write() -> None:
        for _ in range(APPENDS):
            bare.write(line)
            os.fsync(bare.fileno())

    with bare:
        mine, theirs = beside(append, write, 3)
    return Row(
        what="journal append, one event",
        seconds=mine / APPENDS,
        beside="write + fsync of one line",
        reference=theirs / APPENDS,
    )
