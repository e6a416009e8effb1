"""An agent's process: watched while it lives, gone with all it started afterwards.

A group kill alone is not enough: agents start their shells in sessions of their own,
and a shell may start a server that outlives it.  Every process of a conversation
carries a mark in its environment, and what carries it at the end is ended too (Linux;
elsewhere the group is all there is).
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from weighlock.agents.confinement import Confinement
from weighlock.ports import Order, Watch
from weighlock.process import end_group, end_marked, start_ticks, written_env
from weighlock.run.events import Ending

T = TypeVar("T")

MARK = "WEIGHLOCK_HOME"
"""Names the variable that holds the agent's home in each of its processes."""

_GIT = """[user]
\tname = agent
\temail = agent@weighlock.invalid
[init]
\tdefaultBranch = main
"""

_SIGNALLED = 128
"""What shells and sandboxes add to the signal that ended their program."""

_TICK_S = 0.02
_REAP_S = 2.0
_LOOKS, _CLEAN_LOOKS = 100, 2
_REST_S = 0.2
"""Seconds to read on after a program's end, when something else holds its pipe."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The answer in place of a result: the agent's time was over."""

    ending: Ending
    detail: str


class Vigil:
    """Say when an agent's time is over: its deadline, or too long without a sign."""

    def __init__(self, *, deadline_s: float, idle_s: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._deadline_s, self._idle_s = deadline_s, idle_s
        self._began = self._last = self._loop.time()
        self._timeout: asyncio.Timeout | None = None

    def stir(self) -> None:
        """Note a sign of life, just now."""
        self._last = self._loop.time()
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(self._ends())

    async def over(self, work: Awaitable[T]) -> T | Expired:
        """Await ``work`` for as long as the agent's time lasts, then cancel it."""
        self._timeout = asyncio.timeout_at(self._ends())
        try:
            async with self._timeout:
                return await work
        except TimeoutError:
            if not self._timeout.expired():
                raise
            return self._why()
        finally:
            self._timeout = None

    def _ends(self) -> float:
        return min(self._began + self._deadline_s, self._last + self._idle_s)

    def _why(self) -> Expired:
        if self._began + self._deadline_s <= self._last + self._idle_s:
            return Expired("timed-out", f"deadline of {self._deadline_s:g} s")
        return Expired("idle", f"no sign of life for {self._idle_s:g} s")


def environment(order: Order, extra: Mapping[str, str]) -> dict[str, str]:
    """Write an agent's whole environment out: process, conversation, ``extra``."""
    said = {
        MARK: str(order.home),
        "WEIGHLOCK_PHASE": order.phase,
        "WEIGHLOCK_ATTEMPT": str(order.attempt),
        "WEIGHLOCK_SESSION": str(order.session),
        "WEIGHLOCK_OWNER": order.owner or "",
    }
    given = {**extra, **said}
    optional = {"WEIGHLOCK_MODEL": order.model, "WEIGHLOCK_EFFORT": order.effort}
    given |= {name: value for name, value in optional.items() if value}
    return written_env(order.home, given)


def furnish(order: Order) -> Path:
    """Make the agent's home and return the prompt's file in it.

    The prompt lies beside the workspace, never in it.  Git gets a name to commit
    under, since the person's own git settings are not inherited.
    """
    order.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (order.home / "tmp").mkdir(exist_ok=True)
    (order.home / ".gitconfig").write_text(_GIT, encoding="utf-8")
    path = order.home / "prompt.md"
    path.write_text(order.prompt, encoding="utf-8")
    return path


@contextlib.asynccontextmanager
async def child(  # noqa: PLR0913 - a process and all around it, named
    argv: Sequence[str],
    *,
    order: Order,
    watch: Watch,
    env: Mapping[str, str],
    walls: Confinement,
    merged: bool = False,
    logins: Sequence[Path] = (),
) -> AsyncIterator[Process]:
    """Start a program in the workspace; whatever ends the block ends all of it.

    Args:
        argv: Program and arguments; no shell.
        order: Names the workspace and the home.
        watch: Told the process at once.
        env: The whole environment, with the mark in it.
        walls: What it may see and change.
        merged: Whether stderr goes where stdout goes.
        logins: A person's own login files, which it may renew.

    Raises:
        OSError: The program cannot be started.
        ValueError: An argument or variable holds a NUL.
    """
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *walls.around(argv, order, env, logins),
            cwd=order.room.path,
            env=dict(env),
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT if merged else PIPE,
            start_new_session=True,
        )
    )
    try:
        proc = await asyncio.shield(starting)
    except asyncio.CancelledError:  # asyncio would end the program, not its children
        await asyncio.wait({starting})
        if starting.exception() is None:
            await _end(starting.result(), order.home)
        raise
    try:
        watch.spawned(proc.pid, start_ticks(proc.pid))
        yield proc
    finally:
        await _end(proc, order.home)


def sweep(home: Path) -> int:
    """End every process that carries the mark of this home; return how many."""
    return end_marked(f"{MARK}={home}")


def how_it_ended(code: int | None) -> str:
    """Say an exit code in words: ``exit code 3``, ``ended by SIGSEGV``."""
    if code is None:
        return "did not end"
    number = code - _SIGNALLED if code > _SIGNALLED else -code
    if number > 0:
        with contextlib.suppress(ValueError):
            return f"ended by {signal.Signals(number).name}"
    return f"ended by signal {-code}" if code < 0 else f"exit code {code}"


async def exited(proc: Process) -> int:
    """Wait for the program's own end; ``wait`` waits for its grandchildren's too.

    A grandchild that keeps the pipes open holds ``Process.wait`` up on Python 3.11.
    """
    while proc.returncode is None:  # noqa: ASYNC110 - asyncio has no event for it
        await asyncio.sleep(_TICK_S)
    return proc.returncode


async def read_to_exit(proc: Process, take: Callable[[bytes], None]) -> None:
    """Hand stdout on until the program has ended and what it wrote is read."""

    async def listen() -> None:
        while proc.stdout is not None and (data := await proc.stdout.read(65536)):
            take(data)

    async with asyncio.TaskGroup() as group:
        reading = group.create_task(listen())
        await exited(proc)
        await asyncio.wait({reading}, timeout=_REST_S)
        reading.cancel()


async def _end(proc: Process, home: Path) -> None:
    try:
        if proc.returncode is not None:  # strays would only hold its pipes open
            sweep(home)
        await end_group(proc)
        await _sweep_clean(home)
        async with asyncio.timeout(_REAP_S):
            await exited(proc)
    except TimeoutError:
        return  # it is dead or cannot be killed; waiting longer changes nothing
    except BaseException:  # cancelled once more: no time left to be gentle
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(proc.pid, signal.SIGKILL)
        sweep(home)
        raise
    finally:
        _close(proc)


async def _sweep_clean(home: Path) -> None:
    """Sweep until two looks in a row find nothing: one can miss a process in exec."""
    clean = 0
    for _ in range(_LOOKS):
        clean = 0 if sweep(home) else clean + 1
        if clean == _CLEAN_LOOKS:
            return
        await asyncio.sleep(_TICK_S)


def _close(proc: Process) -> None:
    """Close the pipes now; a child that escaped may hold their other ends."""
    transport = getattr(proc, "_transport", None)
    if isinstance(transport, asyncio.SubprocessTransport):
        transport.close()
