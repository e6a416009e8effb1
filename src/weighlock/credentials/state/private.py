"""Files that only this user may read: written whole or not at all."""

import os
import stat
from pathlib import Path

from weighlock.errors import RefusedError

MOST_BYTES = 4 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

Signature = tuple[int, int, int]
"""Changes whenever a file is replaced."""


def folder(path: Path) -> Path:
    """Make a folder of mode 0700, and return it.

    Raises:
        RefusedError: It is a symlink or belongs to somebody else.
        OSError: It cannot be made.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise _unsafe(path, "is a link or belongs to another user")
    if found.st_mode & _OTHERS:
        path.chmod(0o700)
    return path


def signature(path: Path) -> Signature | None:
    """Return what changes when the file does; None: there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def read(path: Path) -> bytes | None:
    """Return a file's bytes, or None when there is none.

    Raises:
        RefusedError: It is a link, or others may read or have written it.
        OSError: It cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise _unsafe(path, "is no plain file of this user")
        if found.st_mode & _OTHERS:
            raise _unsafe(path, "may be read by others")
        return stream.read(MOST_BYTES)


def write(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Replace a file, mode 0600.

    Args:
        path: Its folder exists.
        data: All of it.
        durable: Wait until it is on the disk.

    Raises:
        OSError: It cannot be written; the old file is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(beside, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(descriptor)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        _sync(path.parent)


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unsafe(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"it {why}, so no secret is kept there",
        hint="chmod 600 it if it is yours, or remove it",
        where=str(path),
    )
