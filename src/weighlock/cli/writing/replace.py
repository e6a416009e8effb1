"""Replace a file whole or not at all, where a link leads, with the mode it had."""

import os
import stat
import tempfile
from pathlib import Path

from weighlock.errors import RefusedError


def replace_file(path: Path, data: bytes) -> None:
    """Replace the file that a path leads to.

    Raises:
        RefusedError: It cannot be written; the old one stands as it was.
    """
    try:
        replace(path.resolve(), data)
    except OSError as error:
        raise RefusedError(
            f"cannot be written: {error.strerror or error}",
            hint="make the file and its folder writable; nothing was changed",
            where=str(path),
        ) from error


def replace(real: Path, data: bytes) -> None:
    """Write a file beside the old one, make it durable, and put it in its place.

    Raises:
        OSError: It cannot be written; the old one stands as it was.
    """
    if real.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    if real.exists() and not real.is_file():  # /dev/stdout, a pipe
        real.write_bytes(data)
        return
    descriptor, beside = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _mode(real))
            os.fsync(file.fileno())
        Path(beside).replace(real)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _mode(real: Path) -> int:
    """Return the mode of a file; of one that is not there, what the mask leaves."""
    if real.exists():
        return stat.S_IMODE(real.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
