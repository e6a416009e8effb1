"""One process drives the runs of a plan: an advisory lock that dies with it."""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from weighlock.errors import RefusedError
from weighlock.journal.durable import writing

_TRIES = 20
_PAUSE_S = 0.01
"""A view that looks who drives holds the lock for an instant; it is waited out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """The process that drives a run."""

    pid: int
    run: str


@contextmanager
def lock_run(state: Path, plan: str, run: str) -> Iterator[None]:
    """Hold the lock of a plan while its run is driven.

    Args:
        state: ``<git common dir>/weighlock``.
        plan: The plan's name, as in ``weighlock/<plan>``.
        run: Id of the run.

    Raises:
        RefusedError: Another process holds it; the message says which.
    """
    path = _path(state, plan)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        if not any(_taken(descriptor) for _ in range(_TRIES)):
            raise _held(_content(descriptor), path)
        with writing(path):
            _write(descriptor, json.dumps({"pid": os.getpid(), "run": run}).encode())
        yield
        _write(descriptor, b"")
    finally:
        os.close(descriptor)


def driver(state: Path, plan: str) -> Driver | None:
    """Return who drives a run of this plan now, or None."""
    try:
        descriptor = os.open(_path(state, plan), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _content(descriptor)
    finally:
        os.close(descriptor)
    return None


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_PAUSE_S)
        return False
    return True


def _content(descriptor: int) -> Driver:
    """Return what the holder wrote; it may just be about to."""
    try:
        entry = json.loads(os.pread(descriptor, 4096, 0))
        return Driver(pid=int(entry["pid"]), run=str(entry["run"]))
    except (ValueError, KeyError, TypeError):
        return Driver(pid=0, run="")


def _write(descriptor: int, data: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, data, 0)


def _held(by: Driver, path: Path) -> RefusedError:
    run = f"run {by.run}" if by.run else "a run"
    process = f" by process {by.pid}" if by.pid else ""
    return RefusedError(
        f"{run} of this plan is being driven already{process}",
        hint="look: weighlock status; end it: weighlock stop",
        where=str(path),
    )


def _path(state: Path, plan: str) -> Path:
    return state / "locks" / f"{re.sub(r'[^A-Za-z0-9._-]', '-', plan)}.lock"
