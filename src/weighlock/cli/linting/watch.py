"""Look again whenever a plan changes.

Files are asked for their state twice a second.  Plans are few and small, so that costs
nothing to speak of, and it works where events do not: network drives, containers.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from weighlock.cli.linting.find import candidates
from weighlock.errors import WeighlockError
from weighlock.ports import Clock

EVERY_S = 0.5
_CLEAR = "\x1b[2J\x1b[H"
_CONFIGURED = ("weighlock.toml", "pyproject.toml")

State = frozenset[tuple[str, int, int]]
"""Path, time of change in nanoseconds, size."""


async def watch(
    look: Callable[[], object], state: Callable[[], State], clock: Clock
) -> None:
    """Look once, then again after every change; ends by being cancelled.

    What is wrong with a plan or a configuration is told, and ends nothing: a file that
    is being written is for a moment not there.
    """
    while True:
        before = state()
        _clear()
        try:
            look()
        except WeighlockError as error:
            sys.stderr.write(f"weighlock: {error}\n")
        sys.stderr.write("watching; Ctrl-C ends it\n")
        while state() == before:
            await clock.sleep(EVERY_S)


def _clear() -> None:
    """Begin on an empty screen, where there is one."""
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)
        sys.stdout.flush()


def state_of(paths: Iterable[Path], config: Path | None) -> State:
    """Return what changes when one of the plans, or their configuration, does."""
    found: set[tuple[str, int, int]] = set()
    for path in (*paths, *(Path(name) for name in _CONFIGURED), config):
        if path is not None:
            found.update(_states(path))
    return frozenset(found)


def _states(path: Path) -> Iterable[tuple[str, int, int]]:
    files = [path]
    if path.is_dir():
        plans = [one.path for one in candidates(path)]
        files = [f for p in plans for f in _files(p)]
    for file in files:
        try:
            at = file.stat()
        except OSError:
            continue
        yield str(file), at.st_mtime_ns, at.st_size


def _files(plan: Path) -> list[Path]:
    """Return every file of a laid-out plan: those around its ``plan/`` folder too."""
    if not plan.is_dir():
        return [plan]
    return [p for p in (*plan.parent.glob("*.md"), *plan.rglob("*")) if p.is_file()]
