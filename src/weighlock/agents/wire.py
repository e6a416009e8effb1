"""The agent's pipes as a stream of JSON-RPC messages: filtered, and all written down.

The SDK's own reader ends the connection at a line that is JSON but no object, and
handles updates in concurrent tasks.  This one skips such lines, and hands every
``session/update`` on at once, so that their order is the wire's.
"""

import asyncio
import json
import time
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from pathlib import Path

from weighlock.agents.log import LIMIT
from weighlock.agents.veil import Veil

LONGEST = 64 * 1024 * 1024
"""Bytes of the longest message; an agent that sends more broke the protocol."""

_CHUNK = 1 << 18

Message = dict[str, object]


class WireLog:
    """One JSON line for every message, with direction and time, secrets hidden."""

    def __init__(self, path: Path, veil: Veil) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._veil = veil
        self._began = time.monotonic()
        self._room = LIMIT

    def note(self, direction: str, message: Mapping[str, object]) -> None:
        """Write one message; after ``LIMIT`` bytes no more."""
        if self._room <= 0:
            return
        at = round(time.monotonic() - self._began, 3)
        line = json.dumps({"t": at, "dir": direction, "message": message})
        self._room -= len(line)
        if self._room <= 0:
            line = json.dumps({"t": at, "dir": "-", "message": {"left_out": True}})
        self._file.write(self._veil.over(line) + "\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Wire:
    """A transport for the SDK over the process's pipes."""

    def __init__(
        self,
        proc: Process,
        *,
        log: WireLog,
        update: Callable[[Mapping[str, object]], None],
        noise: Callable[[str], None],
    ) -> None:
        self._proc, self._log, self._update, self._noise = proc, log, update, noise
        self._rest = bytearray()
        self._lines: list[bytes] = []
        self.stop_reason = ""
        """The stop reason of the last answer, also one the SDK does not know."""

    async def send(self, message: Message) -> None:
        """Write one message."""
        self._log.note("out", message)
        if self._proc.stdin is not None:
            self._proc.stdin.write(json.dumps(message).encode() + b"\n")
            await self._proc.stdin.drain()

    async def receive(self) -> Message | None:
        """Return the next message that is not an update; None when there are none."""
        while (line := await self._line()) is not None:
            message = _parsed(line)
            if message is None:
                self._noise(line.decode(errors="replace"))
                continue
            self._log.note("in", message)
            params = message.get("params")
            if message.get("method") != "session/update":
                self._keep_reason(message)
                return message
            update = params.get("update") if isinstance(params, Mapping) else None
            if isinstance(update, Mapping):
                self._update(update)
        return None

    async def close(self) -> None:
        """Say that nothing more will come."""
        if self._proc.stdin is not None:
            self._proc.stdin.close()

    async def _line(self) -> bytes | None:
        while not self._lines:
            stream = self._proc.stdout
            chunk = await stream.read(_CHUNK) if stream is not None else b""
            if not chunk:
                return None
            *whole, rest = chunk.split(b"\n")
            if whole:
                self._lines = [bytes(self._rest) + whole[0], *whole[1:]][::-1]
                self._rest.clear()
            self._rest += rest
            if len(self._rest) > LONGEST:
                self._noise(f"a message of more than {LONGEST} bytes: given up")
                return None
            await asyncio.sleep(0)
        return self._lines.pop()

    def _keep_reason(self, message: Message) -> None:
        result = message.get("result")
        if isinstance(result, Mapping) and isinstance(result.get("stopReason"), str):
            self.stop_reason = str(result["stopReason"])


def _parsed(line: bytes) -> Message | None:
    """Return a JSON object, or None for a line that is none; blank lines are none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
