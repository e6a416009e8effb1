"""Pools whose time, chance and tokens the tests own."""

import asyncio
from dataclasses import dataclass, field, replace

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials import Bucket, Credential, Hint, Secret, Upstream
from weighlock.credentials.book import MemoryBook
from weighlock.credentials.notice import Notice
from weighlock.credentials.policy.credential import Missing
from weighlock.credentials.pool import BucketPool
from weighlock.fakes import VirtualClock

START = 1_790_000_000.0
QUOTA = Hint(fault="quota", detail="quota", scope="model", status=429)
MONEY = Hint(fault="quota", detail="billing", status=402, terminal=True)
REFUSED = Hint(fault="credential", detail="rejected-key", status=401, terminal=True)
FAULT = Hint(fault="upstream", detail="overloaded", scope="upstream", status=529)
BAD = Hint(fault="request", status=400)
OLD = Missing(reason="expired-refresh-failed", detail="expired", permanent=True)
NOBODY = Missing(reason="no-token", detail="not-logged-in", permanent=True)


@dataclass
class Tokens:
    """The credential of one bucket: what there is, and what renewing brings."""

    kind: str = "oauth"
    has: Credential | Missing = NOBODY
    renewal: Credential | Missing = OLD
    renewed: int = 0

    def version(self):
        return self.has.version if isinstance(self.has, Credential) else ""

    def account(self):
        return "account" if self.kind == "oauth" else self.version()

    async def get(self):
        return self.has

    def peek(self):
        return self.has

    async def renew(self, version):
        await asyncio.sleep(0)
        if self.version() != version and self.version():
            return self.has
        self.renewed += 1
        if isinstance(self.renewal, Credential):
            self.has = self.renewal
        return self.renewal

    def reveal(self):
        return ()


def secret(version, kind="api-key"):
    return Credential(secret=Secret(f"secret-{version}"), kind=kind, version=version)


@dataclass
class World:
    """A pool with everything around it."""

    time: VirtualClock
    book: MemoryBook
    sources: dict[str, Tokens]
    buckets: list[Bucket]
    settings: GatewaySettings
    notices: list[Notice] = field(default_factory=list)
    random: float = 0.5
    login: object = None

    def pool(self):
        return BucketPool(
            self.buckets,
            self.sources,
            clock=self.time,
            settings=self.settings,
            book=self.book,
            random=lambda: self.random,
            tell=self.notices.append,
            login=self.login,
        )


def world(*names, wire="anthropic", **settings):
    """Make a world: ``id``, ``id@upstream``, ``id!`` for an OAuth bucket."""
    sources, buckets = {}, []
    for name in names:
        id_, _, where = name.partition("@")
        kind = "oauth" if "!" in id_ else "api-key"
        id_ = id_.strip("!")
        upstream = Upstream(
            name=where or "main", wire=wire, base_url=f"https://{where or 'main'}"
        )
        buckets.append(Bucket(id=id_, upstream=upstream, kind=kind))
        sources[id_] = Tokens(kind=kind, has=secret(f"{id_}-1", kind))
    return World(
        time=VirtualClock(at=START),
        book=MemoryBook(),
        sources=sources,
        buckets=buckets,
        settings=GatewaySettings(**settings),
    )


def limited(made, **limits):
    """Set max_in_flight of buckets."""
    made.buckets = [
        replace(b, max_in_flight=limits.get(b.id, b.max_in_flight))
        for b in made.buckets
    ]
    return made


async def served(pool, answers, **asked):
    """Send one request; return the buckets tried, in order, and the state.

    ``answers``: bucket → hints of its attempts in order; afterwards it serves.
    """
    state = pool.request(asked.pop("wire", "anthropic"), **asked)
    tried = []
    left = {bucket: list(hints) for bucket, hints in answers.items()}
    while True:
        with await state.next() as lease:
            tried.append(lease.bucket.id)
            hints = left.get(lease.bucket.id)
            if not hints:
                lease.succeeded()
                return tried, state
            lease.failed(hints.pop(0))


async def refused(pool, answers, **asked):
    """Send one request that no bucket serves; return the error."""
    from weighlock.credentials import AllBucketsExhausted

    try:
        await served(pool, answers, **asked)
    except AllBucketsExhausted as error:
        return error
    raise AssertionError("it was served")


def run(coroutine):
    return asyncio.run(coroutine)
