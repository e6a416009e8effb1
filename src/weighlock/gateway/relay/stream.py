"""Read a stream of events: whole events only, each understood before it goes on."""

from dataclasses import dataclass

import aiohttp
import orjson

from weighlock.gateway.relay.broken import Broken
from weighlock.gateway.relay.upstream import Answer
from weighlock.gateway.wire import Reading, Sign, Wire
from weighlock.gateway.wire.sse import Cutter, OversizedEvent, payload

_END = b"[DONE]"


@dataclass(frozen=True, slots=True)
class Batch:
    """The events that came together, byte for byte, and what they amount to."""

    data: bytes
    sign: Sign
    """The weightiest sign among them."""


class Stream:
    """One answer of an upstream as batches of whole events."""

    def __init__(self, response: Answer, wire: Wire, reading: Reading) -> None:
        self._content = response.content
        self._wire = wire
        self._reading = reading
        self._cutter = Cutter()
        self._done = False
        self._over = False

    async def read(self) -> Batch | None:
        """Return what came next; None at an end that is whole.

        Raises:
            Broken: The stream ended before the answer did, or is no such stream.
        """
        while not self._over:
            data = await self._some()
            if not data:
                self._over = True
                return self._last()
            events = self._events(data)
            if events:
                return self._batch(events)
        return None

    async def _some(self) -> bytes:
        try:
            return await self._content.readany()
        except (aiohttp.ClientError, OSError) as error:
            if self._done:  # all of it came; how the connection ended says nothing
                return b""
            raise Broken(type(error).__name__) from None

    def _events(self, data: bytes) -> list[bytes]:
        try:
            return self._cutter.feed(data)
        except OversizedEvent:
            raise Broken("oversized-event") from None

    def _last(self) -> Batch | None:
        """Judge the end: a last event may lack its blank line."""
        rest = self._cutter.rest()
        batch = self._batch([rest]) if rest.strip() else None
        if not self._reading.finished and self._reading.fault is None:
            raise Broken("cut")
        return batch

    def _batch(self, events: list[bytes]) -> Batch:
        sign = max([self._sign(event) for event in events])
        return Batch(events[0] if len(events) == 1 else b"".join(events), sign)

    def _sign(self, event: bytes) -> Sign:
        data = payload(event)
        if not data:
            return Sign.HELD
        if data.strip() == _END:
            return self._closed()
        try:
            document = orjson.loads(data)
        except orjson.JSONDecodeError:
            raise Broken("malformed-event") from None
        if not isinstance(document, dict):
            raise Broken("malformed-event")
        sign = self._wire.sign(document, self._reading)
        self._done = self._done or sign is Sign.DONE
        return sign

    def _closed(self) -> Sign:
        """Read ``[DONE]``: the end in one protocol, an addition in the others.

        Where nothing was said before it, it ends nothing.
        """
        ends = self._wire.name == "openai-chat" and self._reading.open
        if not ends and not self._reading.finished:
            return Sign.HELD
        self._done = self._reading.finished = True
        return Sign.DONE
