"""Run a program in a process group of its own: bounded, and gone afterwards.

Nothing is inherited: the caller writes the environment out.  Whatever ends the call
(exit, deadline, cancellation, an error) ends the whole group.
"""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeAlias

OUTPUT_LIMIT = 8 * 1024 * 1024
"""Bytes kept of each stream; the rest is read and dropped."""

GRACE_S = 2.0
"""How long a group may take to end after SIGTERM before SIGKILL."""

LINGER_S = 1.0
"""How long to read on when the program is over but a child of it holds its output."""

_MISSING = (FileNotFoundError, NotADirectoryError, PermissionError)
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What a program left: output, exit code, and how it ended."""

    exit_code: int | None
    """None when it did not start or was ended by us; negative for a signal."""
    stdout: bytes = b""
    stderr: bytes = b""
    duration_s: float = 0.0
    timed_out: bool = False
    truncated: bool = False
    missing: bool = False
    """The program does not exist or may not be executed."""


def written_env(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a complete environment: PATH, LANG and TERM of ours, and ``extra``.

    No other variable of the caller is inherited, so no secret of the caller is.
    """
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "TERM": "dumb",
        "TZ": "UTC",
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_UPDATE_NOTIFIER": "1",
        **(extra or {}),
    }


async def run(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout_s: float,
    stdin: bytes = b"",
    limit: int = OUTPUT_LIMIT,
) -> Finished:
    """Run a program to its end and return what it left.

    Args:
        argv: Program and arguments; no shell.
        cwd: Working directory.
        env: The whole environment.
        timeout_s: Seconds after which the group is ended.
        stdin: Bytes the program can read.
        limit: Bytes kept of stdout and of stderr.
    """
    loop = asyncio.get_running_loop()
    began = time.monotonic()
    try:
        with _readable(stdin) as given:
            transport, seen = await _spawned(
                loop.subprocess_exec(
                    lambda: _Seen(loop, limit),
                    *argv,
                    stdin=given,
                    cwd=cwd,
                    env=dict(env),
                    start_new_session=True,
                )
            )
    except (OSError, ValueError) as error:
        return _unstarted(error, cwd)
    try:
        timed_out = not await _within(timeout_s, seen.exited)
        duration_s = time.monotonic() - began
        if not timed_out:
            await _within(LINGER_S, seen.silent)
    finally:
        await _over(transport, seen)
    return Finished(
        exit_code=None if timed_out else transport.get_returncode(),
        stdout=bytes(seen.kept[1]),
        stderr=bytes(seen.kept[2]),
        duration_s=duration_s,
        timed_out=timed_out,
        truncated=seen.truncated,
    )


async def end_group(proc: asyncio.subprocess.Process) -> None:
    """End a process started with ``start_new_session`` and all its children."""
    await end_group_of(proc.pid)


async def end_group_of(pgid: int) -> None:
    """End a process group: ask, wait a little, then insist."""
    try:
        for sig in (signal.SIGTERM, signal.SIGKILL):
            if not _signalled(pgid, sig) or await _gone(pgid):
                return
    except asyncio.CancelledError:
        _signalled(pgid, signal.SIGKILL)
        raise


def group_alive(pgid: int) -> bool:
    """Say whether any process of the group still runs; one waiting to be reaped not."""
    if not _signalled(pgid, 0):
        return False
    members = [s for s in _stats() if s[2] == str(pgid)] if _PROC.is_dir() else None
    return members is None or any(s[0] not in {"Z", "X"} for s in members)


def start_ticks(pid: int) -> float:
    """Return a process's start time in clock ticks since boot; 0.0 when unknown.

    Together with the pid it names a process for good: pids are used again.
    """
    stat = _stat(_PROC / str(pid))
    return float(stat[19]) if stat else 0.0


def end_marked(mark: str) -> int:
    """End every process with ``NAME=value`` in its environment; return how many."""
    ended, sign = 0, f"\0{mark}\0".encode()
    for folder in _folders():
        with suppress(OSError):
            if sign in b"\0%b\0" % (folder / "environ").read_bytes():
                os.kill(int(folder.name), signal.SIGKILL)
                ended += 1
    return ended


def end_stranger(pid: int, started: float) -> bool:
    """End the group of a process that an earlier weighlock started, if it lives.

    Args:
        pid: Its process id, which is its group's id too.
        started: ``start_ticks`` at that time; a mismatch means the pid was reused,
            and 0.0, unknown, could be anybody's.

    Returns:
        Whether a group was ended.
    """
    if not started or start_ticks(pid) not in {0.0, started}:
        return False
    return group_alive(pid) and _signalled(pid, signal.SIGKILL)


class _Seen(asyncio.SubprocessProtocol):
    """What a program wrote, and whether it is over.

    A program is over when it exits, even if a child of it keeps the pipes open:
    streams would wait for that child.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self.kept = {1: bytearray(), 2: bytearray()}
        self.truncated = False
        self.exited: asyncio.Future[None] = loop.create_future()
        self.silent: asyncio.Future[None] = loop.create_future()
        self._limit = limit
        self._open = {1, 2}

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep what fits."""
        room = self._limit - len(self.kept[fd])
        self.kept[fd] += data[:room]
        self.truncated = self.truncated or len(data) > room

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note the end of a stream."""
        del exc
        self._open.discard(fd)
        if not self._open and not self.silent.done():
            self.silent.set_result(None)

    def process_exited(self) -> None:
        """Note that the program itself is over."""
        if not self.exited.done():
            self.exited.set_result(None)


_Started: TypeAlias = tuple[asyncio.SubprocessTransport, _Seen]


async def _spawned(start: Coroutine[Any, Any, _Started]) -> _Started:
    """Start a program; when cancelled meanwhile, start it and end its group.

    asyncio itself would end the program only, and wait for its children's output.
    """
    starting = asyncio.ensure_future(start)
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait((starting,))
        if starting.exception() is None:
            await _over(*starting.result())
        raise


async def _over(transport: asyncio.SubprocessTransport, seen: _Seen) -> None:
    """End what is left of a program and let go of its pipes."""
    try:
        await end_group_of(transport.get_pid())
        await _within(LINGER_S, seen.exited, seen.silent)
    finally:
        transport.close()


@contextmanager
def _readable(data: bytes) -> Iterator[int | IO[bytes]]:
    """Give a program's stdin: a file, so that nobody waits for it to be read."""
    if not data:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


def _unstarted(error: OSError | ValueError, cwd: Path) -> Finished:
    missing = isinstance(error, _MISSING) and cwd.is_dir()
    return Finished(exit_code=None, stderr=str(error).encode(), missing=missing)


async def _within(seconds: float, *events: asyncio.Future[None]) -> bool:
    """Wait for all events, at most so long; say whether they came."""
    _, pending = await asyncio.wait(events, timeout=seconds)
    return not pending


async def _gone(pgid: int) -> bool:
    """Wait a little for a group to end; say whether it did."""
    end, pause = time.monotonic() + GRACE_S, 0.002
    await asyncio.sleep(pause)  # most are: that is cheaper than to look through all
    while group_alive(pgid):
        if time.monotonic() > end:
            return False
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.05)
    return True


def _signalled(pgid: int, sig: int) -> bool:
    """Send a signal to a group; say whether there was anyone to get it."""
    try:
        os.killpg(pgid, sig)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _stats() -> Iterator[list[str]]:
    yield from filter(None, map(_stat, _folders()))


def _folders() -> list[Path]:
    return [p for p in _PROC.glob("*") if p.name.isdecimal()]


def _stat(folder: Path) -> list[str]:
    """Return what the system says of a process, from its state on; empty when gone."""
    try:
        text = (folder / "stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
