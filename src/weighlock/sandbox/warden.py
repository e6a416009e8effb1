"""Wait for the end of a process, then end what it left running and remove its folders.

Run as a file by an isolated Python, in a session of its own: it must need nothing but
the standard library, and outlive whatever ends the one it waits for.  Paths come over
its standard input, each with a NUL behind it; the end of that is the end of the
process, however it came.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

_LOOKS, _QUIET, _PAUSE_S = 40, 3, 0.05
"""One look can miss a process that is being started: three in a row must find none."""


def main() -> None:
    """Read folders until nobody is left who could name one; then clear them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for name in sys.stdin.buffer.read().split(b"\0")[:-1]:
        folder = Path(os.fsdecode(name))
        if folder.exists():
            clear(folder)


def clear(folder: Path) -> None:
    """End every program whose home lies in a folder, and remove the folder."""
    quiet = 0
    for _ in range(_LOOKS):
        quiet = 0 if _end_within(folder) else quiet + 1
        remove(folder)
        if quiet == _QUIET:
            return
        time.sleep(_PAUSE_S)


def remove(folder: Path) -> None:
    """Remove a folder, whatever its programs have forbidden; gone is well too."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder, onerror=_force)


def _end_within(folder: Path) -> int:
    """End the processes whose home or temporary folder lies there; say how many."""
    ended, sign = 0, b"=" + os.fsencode(folder) + b"/"
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if sign in (process / "environ").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
                ended += 1
    return ended


def _force(function: object, path: str, info: object) -> None:
    """Make a read-only folder writable and go on removing."""
    del function, info
    target = Path(path)
    with suppress(OSError):
        target.parent.chmod(0o700)
        if target.is_dir() and not target.is_symlink():
            target.chmod(0o700)
            shutil.rmtree(target, ignore_errors=True)
        else:
            target.unlink()


if __name__ == "__main__":
    main()
