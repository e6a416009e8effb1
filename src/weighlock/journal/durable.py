"""Write so that it is on the disk afterwards, or say plainly why it is not."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weighlock.errors import RefusedError

_WHY = {
    errno.ENOSPC: ("the disk is full", "free some space, then: weighlock resume"),
    errno.EDQUOT: ("the disk quota is used up", "free some space, then resume"),
    errno.EROFS: ("the file system is read-only", "make it writable, then resume"),
    errno.EACCES: ("it may not be written", "let this user write there, then resume"),
    errno.EPERM: ("it may not be written", "let this user write there, then resume"),
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the disk says no to into one clear message.

    Raises:
        RefusedError: The file cannot be written.
    """
    try:
        yield
    except OSError as error:
        why, hint = _WHY.get(error.errno or 0, (error.strerror or str(error), ""))
        raise RefusedError(why, hint=hint, where=str(path)) from error


def append_line(path: Path, line: bytes, end: int) -> int:
    """Write a line at the known end of a file, durably; return the new end.

    What stands behind ``end`` is cut off first. When the line cannot be written whole
    the file is left as it was.
    """
    known = path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        if os.fstat(descriptor).st_size != end:
            os.ftruncate(descriptor, end)
        _write_whole(descriptor, line)
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, end)
        raise
    finally:
        os.close(descriptor)
    if not known:
        sync_folder(path.parent)
    return end + len(line)


def _write_whole(descriptor: int, line: bytes) -> None:
    if os.write(descriptor, line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
