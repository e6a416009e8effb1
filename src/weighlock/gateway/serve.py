"""The gateway as programs use it: an address, tokens, and what they came to."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Self

from weighlock.config import Settings
from weighlock.credentials import BucketPool, open_pool
from weighlock.credentials.notice import Tell, to_nobody
from weighlock.credentials.policy.redact import Redactor
from weighlock.errors import SettingsError
from weighlock.gateway.app import App
from weighlock.gateway.door.grants import Budget, Grant, Grants
from weighlock.gateway.door.guard import Guard
from weighlock.gateway.meter.budget import amount
from weighlock.gateway.meter.ledger import Ledger
from weighlock.gateway.meter.prices import Prices
from weighlock.gateway.meter.spent import Meter
from weighlock.gateway.meter.till import Tally, Till
from weighlock.gateway.record import Record
from weighlock.gateway.relay.loop import Relay
from weighlock.gateway.relay.upstream import Client
from weighlock.gateway.server import listen, serving
from weighlock.gateway.wire import Refusal
from weighlock.ports import Clock

_BUSY = "too-many-requests"

Observer = Callable[[Record], None]
"""Called with every request when it is over; must not block."""


class Gateway:
    """A running gateway; made by ``serve``."""

    def __init__(
        self,
        pool: BucketPool,
        *,
        clock: Clock,
        prices: Prices,
        ledger: Ledger | None,
        observe: Observer | None,
    ) -> None:
        self.lacking = _lacking(pool)
        """Buckets that have no credential now."""
        self._till = Till(prices, ledger)
        self.redactor = Redactor()
        self._pool = pool
        self._clock = clock
        self._observe = observe
        self._grants = Grants()
        self._app: App | None = None
        self._port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def serve(  # noqa: PLR0913 - what a program may say, all named
        cls,
        settings: Settings,
        *,
        environ: Mapping[str, str],
        clock: Clock,
        port: int = 0,
        pool: BucketPool | None = None,
        ledger: Path | None = None,
        prices: Prices | None = None,
        observe: Observer | None = None,
        tell: Tell = to_nobody,
    ) -> AsyncIterator[Self]:
        """Serve on this machine until the block is left.

        Args:
            settings: Its providers, buckets and gateway.
            environ: Where ``key_env`` is looked up.
            clock: Time.
            port: 0 takes any that is free.
            pool: In place of one that is opened from the settings.
            ledger: A file that keeps what was spent, over restarts.
            prices: In place of the list.
            observe: Is told of every request.
            tell: Is told what happens to buckets, if the pool is opened here.

        Raises:
            RefusedError: The port is taken.
            SettingsError: No bucket has a credential.
        """
        found = pool or open_pool(settings, environ=environ, clock=clock, tell=tell)
        gateway = cls(
            found,
            clock=clock,
            prices=prices or Prices(),
            ledger=Ledger(ledger) if ledger else None,
            observe=observe,
        )
        listener = listen(port)
        client = Client(connect_s=settings.gateway.connect_s)
        relay = Relay(
            pool=found,
            client=client,
            settings=settings.gateway,
            redactor=gateway.redactor,
            clock=clock,
        )
        try:
            app = gateway._application(listener, relay)
            async with found.renewing(), serving(app, listener):
                yield gateway
        finally:
            await client.close()

    def _application(self, listener: socket.socket, relay: Relay) -> App:
        self._port = listener.getsockname()[1]
        speaks = dict.fromkeys(b.upstream.wire for b in self._pool.buckets)
        guard = Guard(port=self._port, grants=self._grants, speaks=tuple(speaks))
        self._app = App(
            guard=guard,
            relay=relay,
            clock=self._clock,
            admit=self._admit,
            closed=self._closed,
        )
        return self._app

    @property
    def meter(self) -> Meter:
        """Return what was spent, by account."""
        return self._till.meter

    @property
    def url(self) -> str:
        """Return the address that agents are given; without ``/v1``."""
        return f"http://127.0.0.1:{self._port}"

    def token_for(self, grant: Grant) -> str:
        """Make a token that allows what a grant says; it is told only here."""
        self._till.begin(grant)
        return self._grants.issue(grant)

    def revoke(self, token: str) -> None:
        """Make a token worthless, and end what it is being answered."""
        grant = self._grants.revoke(token)
        if grant is None or self._app is None:
            return
        for task in self._app.tasks.pop(grant.id, set()):
            task.cancel()
        self._till.end(grant)

    async def settled(self, token: str, seconds: float = 1.0) -> Tally:
        """Return what a token's requests came to, the last one too.

        A client has its answer a moment before the request is over here.
        """
        grant = self._grants.grant(token)
        if grant is not None and self._app is not None:
            going = self._app.tasks.get(grant.id)
            if going:
                await asyncio.wait(set(going), timeout=seconds)
        return self.record(token)

    def record(self, token: str) -> Tally:
        """Return what a token's requests came to; ask before it is revoked."""
        grant = self._grants.grant(token)
        return self._till.of(grant) if grant else Tally()

    def limit(self, budget: Budget, **where: object) -> None:
        """Set the budget of all tokens with these fields: ``limit(b, run="r")``."""
        self._till.limits.put(budget, where)

    def give(self, said: str, **where: object) -> bool:
        """Raise what is reached as a person said: a number, or yes; else say no."""
        more = amount(said)
        if more is not None:
            grant = Grant(**where)  # type: ignore[arg-type]
            self._till.limits.give(grant, self.meter, more)
        return more is not None

    def _admit(self, grant: Grant, model: str) -> Refusal | None:
        """Say why a request is not let through now."""
        busy = self._app.tasks.get(grant.id, ()) if self._app else ()
        if len(busy) >= grant.max_in_flight:
            told = f"over {grant.max_in_flight} requests at once"
            return Refusal(status=429, message=told, retry_after_s=1, why=_BUSY)
        return self._till.refusal(grant, model)

    def _closed(self, grant: Grant | None, record: Record) -> None:
        """Write down what a request came to."""
        if grant is not None and record.generates:
            self._till.count(grant, record)
        if self._observe is not None:
            self._observe(record)


def _lacking(pool: BucketPool) -> tuple[str, ...]:
    """Return the buckets without a credential.

    Raises:
        SettingsError: All of them are, or there is none.
    """
    enabled = [b.id for b in pool.buckets if b.enabled]
    lacking = tuple(b for b in enabled if not pool.sources[b].version())
    if len(lacking) < len(enabled):
        return lacking
    if not enabled:
        raise SettingsError(
            "no bucket is configured",
            hint="weighlock bucket add ID --provider anthropic --key-env NAME",
        )
    raise SettingsError(
        f"no bucket has a credential: {', '.join(lacking)}",
        hint="set the variables that key_env names, or: weighlock bucket login",
    )
