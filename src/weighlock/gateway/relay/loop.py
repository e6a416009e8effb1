"""The attempts of one request: a lease, an attempt, or the next lease."""

import asyncio
import math
from dataclasses import dataclass

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials import AllBucketsExhausted, BucketPool, Lease
from weighlock.credentials.policy.redact import Redactor
from weighlock.gateway.call import Call, Cut, Out
from weighlock.gateway.record import EXHAUSTED, Record
from weighlock.gateway.relay.attempt import Attempt
from weighlock.gateway.relay.upstream import Client
from weighlock.gateway.wire import Refusal
from weighlock.ports import Clock

_PING_S = 15.0
"""How long the client of an assured stream hears nothing at most."""
_NO_HINT_S = 60
"""What a client is told to wait when nobody knows how long."""
_QUOTA = 429
_UNAVAILABLE = 503
_OPENING = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """What every request shares; nothing of a request is kept in it."""

    pool: BucketPool
    client: Client
    settings: GatewaySettings
    redactor: Redactor
    clock: Clock

    async def answer(self, call: Call, out: Out, record: Record) -> None:
        """Answer a request from the first bucket that serves it.

        Raises:
            Cut: The answer broke after the client was given a part of it.
        """
        if not call.streams or self.settings.delivery != "assured":
            await self._attempts(call, out, record)
            return
        async with asyncio.TaskGroup() as group:
            awake = group.create_task(_keep_awake(call, out))
            try:
                await self._attempts(call, out, record)
            finally:
                awake.cancel()

    async def _attempts(self, call: Call, out: Out, record: Record) -> None:
        request = self.pool.request(
            call.wire.name,
            model=call.quota,
            affinity=call.grant.id,
            provider=call.grant.provider,
        )
        try:
            while not out.ended:
                with await request.next() as lease:
                    await self._attempt(lease, call, out, record)
        except AllBucketsExhausted as error:
            record.exhausted(error)
            await self._exhausted(error, call, out)
        finally:
            record.learn(request)

    async def _attempt(
        self, lease: Lease, call: Call, out: Out, record: Record
    ) -> None:
        """Try one bucket; what may be tried again simply returns.

        Raises:
            Cut: The client has a part of an answer, and the rest will not come.
        """
        self.redactor.learn(lease.credential.secret.reveal())
        one = Attempt(lease, call, out, client=self.client, settings=self.settings)
        record.attempts.append(one.tried)
        await one.make(self.redactor, self.clock.now())
        if one.tried.given and not out.ended:
            message = "the upstream broke the stream"
            told = Refusal(status=_UNAVAILABLE, message=message)
            await out.write(call.wire.event(told))
            raise Cut

    async def _exhausted(
        self, error: AllBucketsExhausted, call: Call, out: Out
    ) -> None:
        """Say that no bucket is left, in the protocol's words.

        Raises:
            Cut: The stream had begun, so that its status cannot say it.
        """
        wait = _NO_HINT_S if error.all_quota else None
        if error.retry_at is not None:
            wait = max(1, math.ceil(error.retry_at - self.clock.now()))
        told = Refusal(
            status=_QUOTA if error.all_quota else _UNAVAILABLE,
            message=error.message,
            retry_after_s=wait,
            why=EXHAUSTED,
        )
        if out.started:
            await out.write(call.wire.event(told))
            raise Cut
        await out.refuse(call.wire, told)


async def _keep_awake(call: Call, out: Out) -> None:
    """Send a stream's client what means nothing, while the answer is held."""
    while call.wire.ping:
        await asyncio.sleep(_PING_S)
        if out.busy:
            return
        if not out.started:
            await out.start(200, _OPENING)
        await out.write(call.wire.ping)
