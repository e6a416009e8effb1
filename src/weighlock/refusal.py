"""Say plainly that a disk is full or may not be written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from weighlock.errors import RefusedError
from weighlock.git import GitError

_FULL = ("the disk is full", "free some space, then: weighlock resume")
_READ_ONLY = (
    "the file system is read-only",
    "make it writable, or clone the repository to a place that is",
)
_FORBIDDEN = (
    "it may not be written",
    "let this user write there, then: weighlock resume",
)
_UNWRITTEN = (
    "the disk is full or may not be written",
    "look: df -h; free some space, then: weighlock resume",
)
_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
}
_BY_WORDS = (
    ("No space left on device", _FULL),
    ("Disk quota exceeded", _FULL),
    ("Read-only file system", _READ_ONLY),
    ("Permission denied", _FORBIDDEN),
    ("insufficient permission", _FORBIDDEN),
    # Git does not always pass on why: a disk that is full mid-file gives this.
    ("unable to write", _UNWRITTEN),
    ("failed to write", _UNWRITTEN),
)


@contextmanager
def refusing(doing: str, where: Path) -> Iterator[None]:
    """Turn what the disk says no to into one clear message.

    Args:
        doing: What was tried: ``a workspace cannot be made``.
        where: The place to name when the error names none.

    Raises:
        RefusedError: The disk is full or may not be written.
    """
    try:
        yield
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else str(where)
        why, hint = _BY_NUMBER.get(error.errno or 0, (error.strerror or "", ""))
        raise RefusedError(f"{doing}: {why}", hint=hint, where=place) from error
    except GitError as error:
        plain = _refused(error, doing, where)
        if plain is None:
            raise
        raise plain from error


def _refused(error: GitError, doing: str, where: Path) -> RefusedError | None:
    for words, (why, hint) in _BY_WORDS:
        if words in error.said:
            return RefusedError(f"{doing}: {why}", hint=hint, where=str(where))
    return None
