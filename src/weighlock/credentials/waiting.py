"""Waiting, with the clock as a port: for a moment, for a slot, for a slow person."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import TypeVar

from weighlock.ports import Clock

T = TypeVar("T")

_EARLY_S = 0.01
"""A sleep may end a little before its time by the clock that is looked at."""


async def until(clock: Clock, at: float) -> float:
    """Wait for a moment; return how many seconds it took by the clock.

    A clock that is set back meanwhile makes it no longer than it was to be.
    """
    began = clock.now()
    while 0 < (left := at - clock.now()) <= at - began:
        await clock.sleep(left + _EARLY_S)
    return clock.now() - began


async def within(
    clock: Clock, seconds: float, work: Coroutine[None, None, T]
) -> tuple[T] | None:
    """Return the result in a tuple, or None when it took too long and was cancelled."""
    task = asyncio.ensure_future(work)
    timer = asyncio.ensure_future(_sleep(clock, seconds))
    try:
        await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        return (task.result(),) if task.done() else None
    finally:
        timer.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def joined(future: "asyncio.Future[T]") -> T:
    """Wait for work that others wait for too; who gives up does not cancel it."""
    return await asyncio.shield(future)


async def _sleep(clock: Clock, seconds: float) -> None:
    await clock.sleep(seconds)


class Slots:
    """Requests that wait for a slot of a bucket, in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: list[tuple[frozenset[str], asyncio.Future[None]]] = []

    async def wait(self, clock: Clock, buckets: frozenset[str], seconds: float) -> bool:
        """Wait for a slot of one of these buckets; False when none came in time."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (buckets, future)
        self._waiting.append(entry)
        try:
            return await within(clock, seconds, _of(future)) is not None
        finally:
            if entry in self._waiting:
                self._waiting.remove(entry)

    def freed(self, bucket: str) -> None:
        """Wake the first request that waits for this bucket."""
        for entry in self._waiting:
            if bucket in entry[0] and not entry[1].done():
                self._waiting.remove(entry)
                entry[1].set_result(None)
                return


async def _of(awaitable: Awaitable[T]) -> T:
    return await awaitable
