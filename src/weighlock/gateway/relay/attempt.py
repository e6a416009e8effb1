"""One attempt: a lease is used, and what came of it is known afterwards."""

import asyncio

import aiohttp

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials import Hint, Lease, network, stalled
from weighlock.credentials.policy.redact import Redactor
from weighlock.gateway.call import Call, Cut, Out
from weighlock.gateway.record import Tried
from weighlock.gateway.relay.broken import Broken, Refused
from weighlock.gateway.relay.delivery import Arrival
from weighlock.gateway.relay.upstream import Client


class Attempt:
    """One try of one bucket for one request."""

    __slots__ = ("_arrival", "_call", "_client", "_lease", "_out", "_settings", "tried")

    def __init__(
        self,
        lease: Lease,
        call: Call,
        out: Out,
        *,
        client: Client,
        settings: GatewaySettings,
    ) -> None:
        self._lease = lease
        self._call = call
        self._out = out
        self._client = client
        self._settings = settings
        self._arrival: Arrival | None = None
        self.tried = Tried(
            bucket=lease.bucket.id, number=lease.attempt, waited_s=lease.waited_s
        )

    async def make(self, redactor: Redactor, now: float) -> None:
        """Send, deliver, and tell the lease how it went.

        Raises:
            Cut: The client does not read what it asked for.
        """
        try:
            hint = await self._hint(redactor, now)
        finally:
            self.tried.given = self._arrival is not None and self._arrival.committed
        self.tried.hint = hint
        self.tried.served = self._out.ended and self.tried.reading.fault is None
        if hint.passes:
            self._lease.succeeded(hint)
        else:
            self._lease.failed(hint)

    async def _hint(self, redactor: Redactor, now: float) -> Hint:
        try:
            return await self._served(redactor, now)
        except Refused as refused:
            return refused.hint
        except Broken as broken:
            self.tried.status = broken.status or self.tried.status
            return network(broken.code)
        except aiohttp.ConnectionTimeoutError:
            return network("connect-timeout")
        except TimeoutError:
            return await self._late()
        except (aiohttp.ClientError, OSError) as error:
            return network(type(error).__name__)

    async def _served(self, redactor: Redactor, now: float) -> Hint:
        lease, settings = self._lease, self._settings
        keys = lease.credential.headers(lease.wire)
        async with asyncio.timeout(settings.first_event_s) as limit:
            response = await self._client.send(
                self._call, lease.upstream.base_url, keys
            )
            self.tried.status = response.status
            with response:
                self._arrival = Arrival(
                    call=self._call,
                    out=self._out,
                    response=response,
                    limit=limit,
                    idle_s=settings.idle_s,
                    assured=settings.delivery == "assured",
                    redactor=redactor,
                    now=now,
                    reading=self.tried.reading,
                )
                return await self._arrival.deliver()

    async def _late(self) -> Hint:
        """Judge a deadline: a whole answer that was left open is no stall."""
        one = self._arrival
        if one is None:
            return stalled("no-answer")
        if one.sending:
            raise Cut
        if one.whole():
            return await one.finish()
        return stalled()
