"""What building base leaves, for every build of a gate to begin with.

A checkout has a home of its own, in which a tool chain finds nothing that it compiled
before: for one changed line it would compile its whole library again.  So base is built
once for each state of its lock files, and every checkout gets a copy of what that left.

Only the tool chain writes it, for nothing of the project runs while base is built; and
no program of a delivery can change what another is built from, for it has a copy.  That
holds where what was compiled is found by a digest of all that went into it.  A tool
chain that goes by the times of files would take old for new: it begins with nothing.
"""

import asyncio
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from weighlock.checks.place.launch import Place, launch
from weighlock.checks.runners.call import Call
from weighlock.sandbox.scratch import watch

_KEPT = 4
"""States that are kept; the one that was used longest ago goes first."""


def of(calls: Sequence[Call]) -> list[Call]:
    """Return the calls whose tool chain can begin with what it built before."""
    return [c for c in calls if c.runner is not None and c.runner.keeps]


def state(calls: Sequence[Call], installed: str) -> str:
    """Return a name for what is built: another lock, call or tool chain is another."""
    programs = [shutil.which(c.words[0]) or "" for c in calls]
    stamps = [Path(p).stat().st_mtime_ns if p else 0 for p in programs]
    texts = [[c.folder, *c.words, *map(str, sorted(c.env.items()))] for c in calls]
    said = json.dumps([installed, texts, programs, stamps])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


async def build(
    calls: Sequence[Call], place: Place, ready: Path, *, limit_s: float
) -> None:
    """Build base without running any of it, and keep what that leaves.

    A build that fails leaves less, and nothing false.

    Args:
        calls: The suite, one call for each of its projects.
        place: A checkout of base.
        ready: Where it is kept; it is there whole or not at all.
        limit_s: Seconds for each step.
    """
    for call, runner in ((c, c.runner) for c in calls if c.runner is not None):
        there = replace(place, extra={**place.extra, **call.env})
        for words in runner.builds_only(call.words, call.env):
            await launch(words, there, timeout_s=limit_s, folder=call.folder)
    names = {c.runner.keeps for c in calls if c.runner is not None}
    await asyncio.to_thread(_keep, place.home, names, ready)


def _keep(home: Path, names: Iterable[str], ready: Path) -> None:
    ready.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="new-", dir=ready.parent))
    watch(beside)
    try:
        for name in filter(lambda name: (home / name).is_dir(), names):
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).rename(beside / name)
        with suppress(OSError):  # somebody was quicker, and did the same
            beside.replace(ready)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _prune(ready.parent)


def put_into(ready: Path, home: Path) -> None:
    """Copy what is kept to the home of a checkout; it is only ever a help.

    The copies are new files: what is old a tool chain may clear away at once.
    """
    with suppress(OSError):
        os.utime(ready)
        shutil.copytree(ready, home, dirs_exist_ok=True, copy_function=shutil.copyfile)


def _prune(folder: Path) -> None:
    """Let go of what was used longest ago, and of what a killed gate began."""
    with suppress(OSError):
        found = sorted(folder.iterdir(), key=lambda p: -p.stat().st_mtime)
        for old in found[_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
