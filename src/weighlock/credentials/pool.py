"""A pool: ordered buckets, and the requests that ask it for leases."""

import asyncio
import contextlib
import contextvars
import random as chance
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials.book import Book, MemoryBook
from weighlock.credentials.health import Health
from weighlock.credentials.notice import Notice, Tell, to_nobody
from weighlock.credentials.oauth.source import TokenSource
from weighlock.credentials.policy.asked import Asked
from weighlock.credentials.policy.bench import Bench
from weighlock.credentials.policy.bucket import Bucket, Upstream
from weighlock.credentials.policy.choose import obstacle
from weighlock.credentials.policy.credential import Missing
from weighlock.credentials.policy.failure import BucketFailure
from weighlock.credentials.policy.words import Wire
from weighlock.credentials.renewing import Renewals
from weighlock.credentials.request import RequestState
from weighlock.credentials.shared import Login, Shared
from weighlock.credentials.source import Source
from weighlock.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One bucket as it stands now, for people and programs; no secret in it."""

    bucket: Bucket
    missing: Missing | None
    """Why it has no credential."""
    obtained_at: float | None
    expires_at: float | None
    """When its token runs out; renewed before. None: it is a key."""
    barred: BucketFailure | None
    """What bars it, for any model or for ``model``."""
    benches: Mapping[str, Bench]
    """Model, or ``*`` for all of them → bench."""
    in_flight: int


class BucketPool:
    """Ordered buckets with their credentials; nothing of a request is kept in it.

    Args:
        buckets: In profile order.
        sources: Bucket → where its credential comes from.
        clock: Time.
        settings: How requests are retried and waited for.
        book: The benches; default: of this process alone.
        random: From 0 to 1; for jitter.
        tell: Who is told what happens.
        login: How a person logs in; None: nobody is there.
    """

    def __init__(  # noqa: PLR0913 - the ports of the pool, all named
        self,
        buckets: Sequence[Bucket],
        sources: Mapping[str, Source],
        *,
        clock: Clock,
        settings: GatewaySettings | None = None,
        book: Book | None = None,
        random: Callable[[], float] = chance.random,
        tell: Tell = to_nobody,
        login: Login | None = None,
    ) -> None:
        self._settings = settings or GatewaySettings()
        health = Health(
            book=book or MemoryBook(),
            account=lambda bucket: sources[bucket].account(),
            probe_after_s=self._settings.probe_after_s,
        )
        self._shared = Shared(
            buckets=tuple(buckets),
            sources=sources,
            settings=self._settings,
            health=health,
            clock=clock,
            random=random,
            tell=tell,
            login=login,
        )

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """Return all buckets, in profile order."""
        return self._shared.buckets

    @property
    def clock(self) -> Clock:
        """Return the time that it lives by."""
        return self._shared.clock

    @property
    def sources(self) -> Mapping[str, Source]:
        """Return where the credentials come from, by bucket."""
        return self._shared.sources

    def serves(self, wire: Wire, provider: str = "") -> tuple[Bucket, ...]:
        """Return the buckets that speak a protocol; empty: it cannot be served."""
        return self._shared.serves(wire, provider)

    def upstreams(self, wire: Wire) -> tuple[Upstream, ...]:
        """Return the upstreams of a protocol, in profile order."""
        return tuple(dict.fromkeys(b.upstream for b in self.serves(wire)))

    def request(
        self,
        wire: Wire,
        *,
        model: str = "",
        affinity: str = "",
        provider: str = "",
        max_wait_s: float | None = None,
    ) -> RequestState:
        """Begin a request.

        Args:
            wire: The protocol that the client speaks.
            model: What it asks for; a quota may be one model's alone.
            affinity: Who asks; it is served where it was last served, if that is free.
                Empty: in profile order.
            provider: Name of the one upstream that may serve it; empty: any.
            max_wait_s: In place of ``gateway.max_wait_s``.
        """
        asked = Asked(wire=wire, model=model, affinity=affinity, provider=provider)
        wait = self._settings.max_wait_s if max_wait_s is None else max_wait_s
        return RequestState(self._shared, asked, wait)

    def doors(self, model: str = "") -> tuple[Door, ...]:
        """Return every bucket as it stands now; asks nobody, changes nothing."""
        return tuple(self._door(b, model) for b in self.buckets)

    def _door(self, bucket: Bucket, model: str) -> Door:
        source, health = self._shared.source(bucket), self._shared.health
        got = source.peek()
        asked = Asked(wire=bucket.upstream.wire, model=model, affinity="")
        own = f"{bucket.id}/{source.account()}/"
        now = self._shared.clock.now()
        return Door(
            bucket=bucket,
            missing=got if isinstance(got, Missing) else None,
            obtained_at=None if isinstance(got, Missing) else got.obtained_at,
            expires_at=None if isinstance(got, Missing) else got.expires_at,
            barred=obstacle(bucket, health.view(asked, now)),
            benches={
                key.removeprefix(own): bench
                for key, bench in health.book.read().items()
                if key.startswith(own) and bench.standing(now) != "free"
            },
            in_flight=health.in_flight[bucket.id],
        )

    def reset(self, bucket: str) -> int:
        """Clear the benches of a bucket; return how many there were."""
        return self._shared.health.forget(bucket)

    @contextlib.asynccontextmanager
    async def renewing(self) -> AsyncIterator[None]:
        """Renew tokens before they run out, for as long as the block lasts."""
        tokens = [s for s in self.sources.values() if isinstance(s, TokenSource)]
        shared = self._shared
        renewals = Renewals(
            sources=tokens, clock=shared.clock, random=shared.random, tell=self._tell
        )
        if not tokens:
            yield
            return
        loop, nobody = asyncio.get_running_loop(), contextvars.Context()
        task = loop.create_task(renewals.forever(), context=nobody)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    def _tell(self, notice: Notice) -> None:
        """Pass on what a timer tells; a person is asked for once, whoever finds out."""
        if notice.what != "reauth-required":
            self._shared.tell(notice)
            return
        for bucket in self.buckets:
            if bucket.id == notice.bucket:
                self._shared.reauth_required(bucket)

    def secrets(self) -> tuple[str, ...]:
        """Return every secret it holds now, for a redactor and for nothing else."""
        held = (source.reveal() for source in self._shared.sources.values())
        return tuple(dict.fromkeys(text for texts in held for text in texts))
