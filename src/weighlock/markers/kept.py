"""What earlier scans found, by blob id: one file that anybody may delete.

It is never trusted further than its sum: a file that is torn, of other code or of
another form is no file. Two processes that write at once are no harm, the last one's
file stays.
"""

import contextlib
import hashlib
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from weighlock.markers.text import Row
from weighlock.syntax.outline import Kind

Stand = tuple[Kind, str, int, int, str]
"""A node: kind, name, first line, last line, digest."""
Stands = tuple[list[Stand], list[tuple[int, bool]]]
"""The nodes of a text, and for each of its rows: which one, and whether in a test."""

_MOST = 400_000
"""Blobs that are kept; beyond it only those of the last scan are."""


@dataclass(slots=True)
class Kept:
    """What is known of blobs."""

    plain: set[str] = field(default_factory=set)
    """Blobs without a marker."""
    rows: dict[str, list[Row]] = field(default_factory=dict)
    """Blob → its markers."""
    stands: dict[str, Stands] = field(default_factory=dict)
    """Blob and language → the nodes of its markers."""
    size: int = 0
    """Entries when it was loaded."""

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.plain) + len(self.rows) + len(self.stands)


def load(path: Path | None) -> Kept:
    """Read what was kept; nothing when there is nothing that can be trusted."""
    try:
        whole = path.read_bytes() if path else b""
        head, _, body = whole.partition(b"\n")
        if head != _head(body):
            return Kept()
        plain, rows, stands = orjson.loads(body)
    except (OSError, ValueError):
        return Kept()
    kept = Kept(plain=set(plain.split()), rows=rows, stands=stands)
    kept.size = len(kept)
    return kept


def save(path: Path | None, kept: Kept, used: set[str]) -> None:
    """Write what was found if it is more than was known; a full disk is no harm.

    Args:
        path: The file; None keeps nothing.
        kept: Everything known.
        used: Blobs of the last scan: they stay when there is too much.
    """
    if path is None or len(kept) == kept.size:
        return
    if len(kept) > _MOST:
        kept.plain &= used
        kept.rows = {b: r for b, r in kept.rows.items() if b in used}
        kept.stands = {
            n: s for n, s in kept.stands.items() if n.partition(" ")[0] in used
        }
    body = orjson.dumps([" ".join(kept.plain), kept.rows, kept.stands])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_head(body) + b"\n" + body)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _head(body: bytes) -> bytes:
    """Name the form, the code that made it, and the sum of what follows."""
    return b"weighlock markers %s %08x" % (_code(), zlib.crc32(body))


def _code() -> bytes:
    """Digest the modules whose answers are kept."""
    whole = hashlib.sha256()
    ours = Path(__file__).parent
    for folder in (ours, ours.with_name("syntax")):
        for module in sorted(folder.glob("*.py")):
            whole.update(module.read_bytes())
    return whole.hexdigest()[:16].encode()
