"""Run a program in a process group of its own: bounded, and gone afterwards.

Nothing is inherited: the caller writes the environment out.  Whatever ends the call
(exit, deadline, cancellation, an error) ends the whole group.
"""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

OUTPUT_LIMIT = 8 * 1024 * 1024
"""Bytes kept of each stream; the rest is read and dropped."""

GRACE_S = 2.0
"""How long a group may take to end after SIGTERM before SIGKILL."""


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
    began = time.monotonic()
    try:
        proc = await asyncio.create_subprocess_exec(
            *argv,
            cwd=cwd,
            env=dict(env),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Finished(exit_code=None, stderr=str(error).encode(), missing=True)
    timed_out = False
    out, err = bytearray(), bytearray()
    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
            group.create_task(_feed(proc, stdin))
            dropped_out = group.create_task(_drain(proc.stdout, out, limit))
            dropped_err = group.create_task(_drain(proc.stderr, err, limit))
        await proc.wait()
        truncated = dropped_out.result() or dropped_err.result()
    except TimeoutError:
        timed_out, truncated = True, False
    finally:
        await end_group(proc)
    return Finished(
        exit_code=None if timed_out else proc.returncode,
        stdout=bytes(out),
        stderr=bytes(err),
        duration_s=time.monotonic() - began,
        timed_out=timed_out,
        truncated=truncated,
    )


async def end_group(proc: asyncio.subprocess.Process) -> None:
    """End a process started with ``start_new_session`` and all its children."""
    for sig in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(proc.pid, sig)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await asyncio.shield(proc.wait())
        if not group_alive(proc.pid):
            return


def group_alive(pgid: int) -> bool:
    """Say whether any process of the group is left."""
    try:
        os.killpg(pgid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def start_ticks(pid: int) -> float:
    """Return a process's start time in clock ticks since boot; 0.0 when unknown.

    Together with the pid it names a process for good: pids are used again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    return float(stat.rpartition(")")[2].split()[19])


def end_stranger(pid: int, started: float) -> bool:
    """End the group of a process that an earlier weighlock started, if it lives.

    Args:
        pid: Its process id, which is its group's id too.
        started: ``start_ticks`` at that time; a mismatch means the pid was reused.

    Returns:
        Whether a group was ended.
    """
    if started and start_ticks(pid) not in {0.0, started}:
        return False
    if not group_alive(pid):
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
        return True
    return False


async def _feed(proc: asyncio.subprocess.Process, data: bytes) -> None:
    if proc.stdin is None:
        return
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        proc.stdin.write(data)
        await proc.stdin.drain()
    proc.stdin.close()


async def _drain(
    stream: asyncio.StreamReader | None, into: bytearray, limit: int
) -> bool:
    """Read a stream to its end; keep ``limit`` bytes; say whether more came."""
    dropped = False
    while stream is not None and (chunk := await stream.read(65536)):
        room = limit - len(into)
        into += chunk[:room]
        dropped = dropped or len(chunk) > room
    return dropped
