"""How an answer reaches the client: at once, held until it is sure, or in one piece."""

import asyncio
from dataclasses import dataclass, field

from weighlock.credentials import Hint, classify
from weighlock.credentials.policy.redact import Redactor
from weighlock.gateway.call import Call, Out, Pairs
from weighlock.gateway.door.headers import outgoing
from weighlock.gateway.relay import whole
from weighlock.gateway.relay.broken import Refused
from weighlock.gateway.relay.stream import Batch, Stream
from weighlock.gateway.relay.upstream import Answer
from weighlock.gateway.wire import Reading, Sign

HOLD_BYTES = 64 * 1024
HOLD_S = 20.0
"""How much and how long opening events are held back in a live stream."""
_ECHOES = 3
"""How often they may repeat the request: OpenAI's name all tools and instructions."""
ASSURED_BYTES = 64 * 1024 * 1024
"""How much of an answer is held where it is to be sure."""
_GRACE_S = 1.0
"""How long an upstream may take to close a stream after its last event."""
_LAST_S = 5.0
"""How long a stream whose content is whole may take to send its last event."""
_OK = 200
_ERRORS = 400
_SERVED = Hint(fault="none", status=_OK)


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One answer on its way from an upstream to a client."""

    call: Call
    out: Out
    response: Answer
    limit: asyncio.Timeout
    """Ends the attempt; every sign of life moves it on."""
    idle_s: float
    assured: bool
    redactor: Redactor
    now: float
    """Seconds since the epoch."""
    reading: Reading
    committed: bool = False
    """Whether the client was given something of this answer."""
    sending: bool = False
    """Whether the client is what is waited for."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    _hint: Hint = _SERVED
    _held: list[bytes] = field(default_factory=list)
    _size: int = 0
    _began: float = 0.0
    _said: bool = False
    """Whether something of the answer itself has come."""

    async def deliver(self) -> Hint:
        """Give the answer to the client; return what it says of the bucket.

        Raises:
            Refused: The upstream does not serve; nothing reached the client.
            Broken: The answer was cut or garbled.
            TimeoutError: The upstream fell silent.
        """
        if not self._is_stream():
            return await self._in_one()
        self._began = self._loop.time()
        stream = Stream(self.response, self.call.wire, self.reading)
        while (batch := await stream.read()) is not None:
            self._alive(batch.sign)
            if self.reading.fault is not None:
                self._judge()
            if self.committed:
                await self._send(batch.data)
            elif not self._holds(batch):
                await self._commit()
        return await self.finish()

    async def finish(self) -> Hint:
        """End an answer that is whole; a silent upstream may have left it open."""
        if not self.committed:
            await self._commit()
        await self.out.end()
        return self._hint

    def whole(self) -> bool:
        """Say whether all that matters of the answer is here."""
        return self.reading.finished or self.reading.fault is not None

    def _is_stream(self) -> bool:
        if self.response.status != _OK or not self.call.generates:
            return False
        kind = self.response.headers.get("content-type", "").lower()
        return "event-stream" in kind or (self.call.streams and "json" not in kind)

    def _alive(self, sign: Sign) -> None:
        """Move the deadline: pings and opening events alone do not."""
        if self.reading.fault is not None or sign is Sign.DONE:
            wait = _GRACE_S
        elif self.reading.finished:
            wait = _LAST_S
        elif self._said or sign is not Sign.HELD:
            self._said, wait = True, self.idle_s
        else:
            return
        whole.extend(self.limit, self._loop.time() + wait)

    def _judge(self) -> None:
        """Say whose fault an error inside the answer is."""
        fault = self.reading.fault
        if fault is None:
            return
        headers = self.response.headers
        self._hint = classify(fault.status, headers, fault.body, now=self.now)
        if not self._hint.passes and not self.committed:
            raise Refused(self._hint)

    def _holds(self, batch: Batch) -> bool:
        """Keep a batch; say whether it is too early to give it to the client."""
        self._held.append(batch.data)
        self._size += len(batch.data)
        if self.assured:
            return self._size <= ASSURED_BYTES
        early = self._loop.time() - self._began < HOLD_S
        most = HOLD_BYTES + _ECHOES * len(self.call.body)
        return batch.sign is Sign.HELD and early and self._size <= most

    async def _commit(self) -> None:
        self.committed = self.out.busy = True
        held, self._held = b"".join(self._held), []
        if not self.out.started:
            await self.out.start(_OK, self._headers())
        await self._send(held)

    async def _send(self, data: bytes) -> None:
        self.sending = True
        await self.out.write(self.redactor.clean(data))
        self.sending = False

    def _headers(self) -> Pairs:
        clean = self.redactor.clean
        kept = outgoing(self.response.raw_headers)
        return [(name, clean(value)) for name, value in kept]

    async def _in_one(self) -> Hint:
        body = await whole.body(self.response, self.limit, self.idle_s)
        status, headers = self.response.status, self.response.headers
        if status >= _ERRORS:
            hint = classify(status, headers, body, now=self.now)
            if not hint.passes:
                raise Refused(hint)
        else:
            hint = self._understood(status, body)
        self.committed = self.sending = self.out.busy = True
        clean = self.redactor.clean(body)
        await self.out.answer(self.call.wire, status, self._headers(), clean)
        self.sending = False
        return hint

    def _understood(self, status: int, body: bytes) -> Hint:
        kind = self.response.headers.get("content-type", "")
        if self.call.generates or (status == _OK and "json" in kind):
            whole.understand(body, self.call.wire, self.reading)
            self._judge()
        return self._hint
