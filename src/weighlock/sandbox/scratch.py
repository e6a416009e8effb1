"""Folders that are gone with the process that made them, however it ends.

A process that is killed can remove nothing.  So a warden, a small process in a session
of its own, is told of each folder before it is made, and clears them all when its pipe
is closed.  Where the warden is killed as well, or the machine is, the next process that
makes a folder at the same place does it.
"""

import atexit
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from weighlock.process import start_ticks
from weighlock.sandbox import warden
from weighlock.sandbox.warden import clear, remove

__all__ = ["make", "remove", "temporary", "watch"]

_WAIT_S = 10.0


class _Warden:
    """The one warden of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def watch(self, folder: Path) -> None:
        """Tell of a folder that is about to be made."""
        with self._lock, suppress(OSError):
            if self._process is None:
                self._process = self._begun()
            if self._process.stdin is not None:
                self._process.stdin.write(os.fsencode(folder) + b"\0")
                self._process.stdin.flush()

    def _begun(self) -> "subprocess.Popen[bytes]":
        begun = subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )
        atexit.register(self._dismiss, begun)
        return begun

    def _dismiss(self, process: "subprocess.Popen[bytes]") -> None:
        """Let the warden see that this process is over, and wait for it."""
        with suppress(OSError, subprocess.TimeoutExpired):
            process.communicate(timeout=_WAIT_S)


_WARDEN = _Warden()


def make(root: Path) -> Path:
    """Make an empty folder below ``root``; first clear what dead processes left there.

    Its name says whose it is: process id and start time, which name a process for good.
    """
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    own = f"gate-{os.getpid()}-{start_ticks(os.getpid()):.0f}"
    folder = root.resolve() / f"{own}-{secrets.token_hex(4)}"
    watch(folder)
    folder.mkdir(mode=0o700)
    return folder


def watch(folder: Path) -> None:
    """Let a folder go with this process, and with it every program that lives there."""
    _WARDEN.watch(folder)


@contextmanager
def temporary(root: Path) -> Iterator[Path]:
    """Make such a folder, and remove it afterwards."""
    folder = make(root)
    try:
        yield folder
    finally:
        remove(folder)


def _sweep(root: Path) -> None:
    """Clear the folders of processes that are no more."""
    for folder in root.glob("gate-*-*-*"):
        _, pid, began, _ = folder.name.split("-", 3)
        known = pid.isdigit() and Path("/proc").is_dir()
        if known and f"{start_ticks(int(pid)):.0f}" != began:
            clear(folder)
