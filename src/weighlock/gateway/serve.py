"""The gateway as programs use it: an address, tokens, and what they came to."""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from weighlock.config import Settings
from weighlock.credentials import BucketFailure, Notice, Pool, open_pool
from weighlock.errors import SettingsError
from weighlock.gateway.app import App
from weighlock.gateway.door.grants import Grant, Grants
from weighlock.gateway.door.guard import Guard
from weighlock.gateway.meter.budget import over
from weighlock.gateway.meter.ledger import Ledger
from weighlock.gateway.meter.prices import Prices
from weighlock.gateway.meter.spent import NOTHING, Account, Meter, Spent
from weighlock.gateway.record import Record, Tried
from weighlock.gateway.redact import Redactor
from weighlock.gateway.relay.loop import Relay
from weighlock.gateway.relay.upstream import Client
from weighlock.gateway.server import listen, serving
from weighlock.gateway.wire import Refusal
from weighlock.ports import Clock

_BUSY = "too-many-requests"
_OVER = "budget-exhausted"
_UNMETERED = "unmetered"

Observer = Callable[[Record], None]
"""Called with every request when it is over; must not block."""
Listener = Callable[[Notice], None]
"""Called with what happens to buckets: left, renewed, a person has to log in."""


def _ignore(notice: Notice) -> None:
    del notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the requests of one token came to: the judge of an agent's turn."""

    requests: int = 0
    served: int = 0
    """Requests for an answer that got one, whole."""
    last_status: int | None = None
    """What the last request for an answer was told; None before the first."""
    last_served: bool = False
    refused: str = ""
    """Why the last one was refused by the gateway: ``all-buckets-exhausted``, …"""
    retry_at: float | None = None
    """When a bucket may serve again, if none was left for the last one."""
    reasons: Mapping[str, BucketFailure] = field(default_factory=dict)
    """Bucket → why it was last left in a request of this token."""
    spent: Spent = NOTHING


class Gateway:
    """A running gateway; made by ``serve``."""

    def __init__(
        self,
        pool: Pool,
        *,
        clock: Clock,
        prices: Prices,
        ledger: Ledger | None,
        observe: Observer | None,
    ) -> None:
        self.lacking = _lacking(pool)
        """Buckets that have no credential now."""
        self.meter = Meter() if ledger is None else ledger.meter()
        self.redactor = Redactor()
        self._pool = pool
        self._clock = clock
        self._prices = prices
        self._ledger = ledger
        self._observe = observe
        self._grants = Grants()
        self._tallies: dict[str, Tally] = {}
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
        pool: Pool | None = None,
        ledger: Path | None = None,
        prices: Prices | None = None,
        observe: Observer | None = None,
        tell: Listener = _ignore,
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
            async with serving(gateway._application(listener, relay), listener):
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
    def url(self) -> str:
        """Return the address that agents are given; without ``/v1``."""
        return f"http://127.0.0.1:{self._port}"

    def token_for(self, grant: Grant) -> str:
        """Make a token that allows what a grant says; it is told only here."""
        self._tallies[grant.id] = Tally()
        return self._grants.issue(grant)

    def revoke(self, token: str) -> None:
        """Make a token worthless, and end what it is being answered."""
        grant = self._grants.revoke(token)
        if grant is None or self._app is None:
            return
        for task in self._app.tasks.pop(grant.id, set()):
            task.cancel()

    def record(self, token: str) -> Tally:
        """Return what a token's requests came to; ask before it is revoked."""
        grant = self._grants.grant(token)
        return self._tallies.get(grant.id, Tally()) if grant else Tally()

    def _admit(self, grant: Grant, model: str) -> Refusal | None:
        """Say why a request is not let through now."""
        busy = self._app.tasks.get(grant.id, ()) if self._app else ()
        if len(busy) >= grant.max_in_flight:
            return _no(f"over {grant.max_in_flight} requests at once", _BUSY, 1)
        if grant.budget.is_none():
            return None
        if self._ledger is not None and self._ledger.failed:
            told = f"spending cannot be written down: {self._ledger.failed}"
            return Refusal(status=503, message=told, why=_UNMETERED)
        priced = self._prices.of(model) is not None
        reached = over(grant.budget, self._tallies[grant.id].spent, priced=priced)
        return None if reached is None else _no(reached, _OVER, None)

    def _closed(self, grant: Grant | None, record: Record) -> None:
        """Write down what a request came to."""
        if grant is not None and record.generates:
            self._count(grant, record)
        if self._observe is not None:
            self._observe(record)

    def _count(self, grant: Grant, record: Record) -> None:
        tally = self._tallies.get(grant.id, Tally())
        spent = NOTHING
        for one in record.attempts:
            cost = self._cost(one, record)
            if cost is None:
                continue
            account = _account(grant, one, record)
            self.meter.add(account, cost)
            spent = spent.plus(cost)
            if self._ledger is not None:
                self._ledger.write(account, cost)
        self._tallies[grant.id] = Tally(
            requests=tally.requests + 1,
            served=tally.served + record.served,
            last_status=record.status,
            last_served=record.served,
            refused=record.refused,
            retry_at=record.retry_at,
            reasons={**tally.reasons, **record.reasons},
            spent=tally.spent.plus(spent),
        )

    def _cost(self, one: Tried, record: Record) -> Spent | None:
        """Return what one attempt came to; None when nothing was begun."""
        tokens = one.reading.tokens
        if not (one.given or tokens.known()):
            return None
        cost = self._prices.cost(record.model or "", tokens)
        last = one is record.last
        return Spent(
            requests=int(one.given),
            tokens=tokens,
            unmetered=int(not tokens.known()),
            cost=cost or 0.0,
            unpriced=int(cost is None),
            seconds=record.duration_s if last else 0.0,
            discarded=NOTHING.tokens if one.given else tokens,
        )


def _lacking(pool: Pool) -> tuple[str, ...]:
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
            "no bucket is configured", hint="add one: weighlock bucket add"
        )
    raise SettingsError(
        f"no bucket has a credential: {', '.join(lacking)}",
        hint="set the variables that key_env names, or: weighlock bucket login",
    )


def _account(grant: Grant, one: Tried, record: Record) -> Account:
    return Account(
        run=grant.run,
        phase=grant.phase,
        attempt=grant.attempt,
        role=grant.role,
        bucket=one.bucket,
        model=record.model or "",
    )


def _no(message: str, why: str, wait: int | None) -> Refusal:
    return Refusal(status=429, message=message, retry_after_s=wait, why=why)
