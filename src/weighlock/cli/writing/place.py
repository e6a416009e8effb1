"""Put a plan's files where they belong: all of them, or none."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from weighlock.errors import RefusedError
from weighlock.journal.durable import sync_folder, writing

Files = Iterable[tuple[str, bytes]]


def place_folder(target: Path, files: Files) -> None:
    """Make a new folder with these files; it is there whole or not at all.

    Args:
        target: A folder that does not exist yet.
        files: (path below it, bytes).

    Raises:
        RefusedError: It exists, or the disk says no.
    """
    if os.path.lexists(target):
        raise RefusedError(
            "this is there already, and nothing is overwritten",
            where=str(target),
            hint="give another one: --name NAME or --into DIR",
        )
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent)
        made = Path(beside)
        try:
            made.chmod(0o755)
            for path, data in files:
                _write(made / path, data)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        sync_folder(target.parent)


def place_file(target: Path, data: bytes) -> None:
    """Write a new file; it is there whole or not at all.

    Raises:
        RefusedError: It exists, or the disk says no.
    """
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        made = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            _write(made, data)
            os.link(made, target)  # unlike a rename, this never overwrites
        except FileExistsError as error:
            raise RefusedError(
                "this is there already, and nothing is overwritten",
                where=str(target),
                hint="give another one: --name NAME or --into DIR",
            ) from error
        finally:
            made.unlink(missing_ok=True)
        sync_folder(target.parent)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
