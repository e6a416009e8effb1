"""JSON lines on a stream that somebody may read slowly, or not at all.

A pipe that is full blocks whoever writes to it. Lines are gathered and written by a
thread, so that a reader that sleeps never holds up a request.
"""

import asyncio
import os
import select

import orjson

_EVERY_S = 0.02
_MOST = 2 * 1024 * 1024
"""Bytes that wait for a reader; more is dropped, and counted."""
_PIECE = select.PIPE_BUF
"""A pipe that is ready takes this much without blocking (POSIX)."""
_LOOK_S = 0.1


class Lines:
    """Documents on their way to a file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: list[bytes] = []
        self._size = 0
        self._writing: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.dropped = 0

    def add(self, document: object) -> None:
        """Write a document soon."""
        line = orjson.dumps(document) + b"\n"
        if self._size + len(line) > _MOST:
            self.dropped += 1
            return
        self._waiting.append(line)
        self._size += len(line)
        if self._timer is None and self._writing is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_EVERY_S, self._flush)

    def _flush(self) -> None:
        self._timer = None
        if not self._waiting:
            return
        data, self._waiting, self._size = b"".join(self._waiting), [], 0
        rest = self._at_once(memoryview(data))
        if rest:
            loop = asyncio.get_running_loop()
            self._writing = loop.run_in_executor(None, self._write, bytes(rest))
            self._writing.add_done_callback(self._written)

    def _at_once(self, view: memoryview) -> memoryview:
        """Write what a reader that is awake takes now; return the rest."""
        try:
            while view and select.select([], [self._descriptor], [], 0)[1]:
                view = view[os.write(self._descriptor, view[:_PIECE]) :]
        except OSError:  # nobody reads any more; the gateway goes on
            self.dropped += bytes(view).count(b"\n")
            return view[:0]
        return view

    def _written(self, _: "asyncio.Future[None]") -> None:
        self._writing = None
        self._flush()

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view and not self._closed:
                if select.select([], [self._descriptor], [], _LOOK_S)[1]:
                    view = view[os.write(self._descriptor, view[:_PIECE]) :]
        except OSError:  # nobody reads any more; the gateway goes on
            self.dropped += data.count(b"\n")

    async def close(self, seconds: float) -> None:
        """Write what waits, if the reader takes it in time."""
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, self._stop)
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is None:
            self._flush()
        while (writing := self._writing) is not None:
            await asyncio.wait({writing})
            await asyncio.sleep(0)

    def _stop(self) -> None:
        self._closed = True
