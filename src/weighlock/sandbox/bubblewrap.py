"""Walls by bubblewrap: namespaces, so nothing outside exists and nothing outlives."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from weighlock.sandbox.toolchain import SECRET, SYSTEM
from weighlock.sandbox.walls import Walls

_APART = (
    *("--unshare-user-try", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
    *("--unshare-cgroup-try", "--die-with-parent"),
)
_ALIKE = ("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp")  # noqa: S108 - a /tmp of its own
_TRIAL_S = 10.0


def works() -> bool:
    """Say whether this machine has bubblewrap and lets us use it."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    words = [program, *_APART, "--unshare-net", "--ro-bind", "/", "/", *_ALIKE, "true"]
    try:
        done = subprocess.run(words, capture_output=True, timeout=_TRIAL_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def words(
    argv: Sequence[str], walls: Walls, tools: Sequence[Path], cwd: Path
) -> list[str]:
    """Return the command that runs ``argv`` inside the walls.

    Args:
        argv: Program and arguments.
        walls: What it may see and change.
        tools: Folders of tool chains, outside ``SYSTEM``.
        cwd: Where it starts.
    """
    program = shutil.which("bwrap") or "bwrap"
    out = [program, *_APART, *(() if walls.network else ("--unshare-net",)), *_ALIKE]
    out += _bind("--ro-bind-try", [*SYSTEM, *tools])
    if walls.network:
        out += _bind("--ro-bind-try", [Path(os.path.realpath("/etc/resolv.conf"))])
    out += _bind("--ro-bind", walls.read)
    out += _bind("--bind", walls.write)
    for place in (*SECRET, *walls.hide):
        out += _mask(place)
    return [*out, "--chdir", str(cwd), "--", *argv]


def _bind(how: str, places: Iterable[Path]) -> Iterator[str]:
    for place in sorted(set(places), key=lambda p: len(p.parts)):
        if os.path.lexists(place):
            yield from (how, str(place), str(place))


def _mask(place: Path) -> tuple[str, ...]:
    if place.is_dir():
        return ("--tmpfs", str(place))
    return ("--ro-bind", "/dev/null", str(place)) if place.is_file() else ()
