"""Walls by Landlock: the kernel refuses what is not named; for where no bwrap is.

Weaker than bubblewrap: what exists can be seen to exist, what a program starts in a
session of its own is found by its mark, not by its namespace, and there is no ``/tmp``
but TMPDIR.
"""

import ctypes
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from weighlock.sandbox import landlock
from weighlock.sandbox.toolchain import SECRET, SYSTEM
from weighlock.sandbox.walls import Walls

_DEVICES = tuple(
    Path("/dev", name)
    for name in [
        "null",
        "zero",
        "full",
        "random",
        "urandom",
        "tty",
        "ptmx",
        "pts",
        "shm",
    ]
)


def works() -> bool:
    """Say whether this kernel has Landlock and lets us use it."""
    if not sys.platform.startswith("linux"):
        return False
    return landlock.version(ctypes.CDLL(None, use_errno=True)) > 0


def words(
    argv: Sequence[str], walls: Walls, tools: Sequence[Path], cwd: Path
) -> list[str]:
    """Return the command that runs ``argv`` inside the walls; see ``bubblewrap``."""
    hidden = (*SECRET, *walls.hide)
    read = [*SYSTEM, *tools, Path("/proc"), Path("/dev"), *walls.read]
    if walls.network:
        read.append(Path(os.path.realpath("/etc/resolv.conf")))
    spec = {
        "read": _names(_without(read, hidden)),
        "write": _names(_without([*walls.write, *_DEVICES], hidden)),
        "network": walls.network,
        "cwd": str(cwd),
    }
    program = [sys.executable, "-I", "-S", landlock.__file__]
    return [*program, json.dumps(spec), *argv]


def _names(places: Iterable[Path]) -> list[str]:
    return sorted({str(place) for place in places})


def _without(places: Iterable[Path], hidden: Sequence[Path]) -> Iterator[Path]:
    """Name what lies beside a hidden path: Landlock cannot take anything back."""
    for place in places:
        if any(place.is_relative_to(one) for one in hidden):
            continue
        if not any(one.is_relative_to(place) for one in hidden if one.exists()):
            yield place
        elif place.is_dir():
            yield from _without(sorted(place.iterdir()), hidden)
