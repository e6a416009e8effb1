"""A pool made of a configuration, the environment and the user's state folder."""

import random as chance
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from weighlock.config import Settings
from weighlock.config.buckets import BucketSettings, ProviderSettings
from weighlock.credentials.notice import Notice, Tell, to_nobody
from weighlock.credentials.oauth.grants import Client
from weighlock.credentials.oauth.keyrings import KeyringStore, backend
from weighlock.credentials.oauth.login import Show
from weighlock.credentials.oauth.post import post
from weighlock.credentials.oauth.source import TokenSource
from weighlock.credentials.oauth.store import FileStore, Store, place
from weighlock.credentials.policy.bucket import Bucket, Upstream
from weighlock.credentials.policy.credential import Secret
from weighlock.credentials.policy.words import WIRES
from weighlock.credentials.pool import BucketPool
from weighlock.credentials.shared import Login
from weighlock.credentials.source import Fingerprint, KeySource, Source
from weighlock.credentials.state.filebook import FileBook
from weighlock.credentials.state.install import fingerprints
from weighlock.ports import Clock


def state_folder() -> Path:
    """Return where benches and tokens lie: the user's state folder."""
    import platformdirs

    return platformdirs.user_state_path("weighlock") / "credentials"


def open_pool(  # noqa: PLR0913 - the ports of a pool, all named
    settings: Settings,
    *,
    environ: Mapping[str, str],
    clock: Clock,
    folder: Path | None = None,
    random: Callable[[], float] = chance.random,
    tell: Tell = to_nobody,
    show: Show | None = None,
) -> BucketPool:
    """Make the pool of a configuration; nothing is read of the network.

    Args:
        settings: Its providers, buckets, oauth and gateway tables.
        environ: Where ``key_env`` is looked up.
        clock: Time.
        folder: In place of the user's state folder.
        random: From 0 to 1; for jitter.
        tell: Who is told what happens.
        show: How a person is asked to log in; None: nobody is there.
    """
    where = folder or state_folder()
    maker = SourceMaker(
        settings=settings,
        environ=environ,
        clock=clock,
        folder=where,
        fingerprint=fingerprints(where),
        tell=tell,
    )
    trouble = _trouble(tell, clock)
    sources = {b.id: maker.source(b) for b in settings.buckets}
    return BucketPool(
        [bucket(b, settings.providers[b.provider]) for b in settings.buckets],
        sources,
        clock=clock,
        settings=settings.gateway,
        book=FileBook(where, clock.now, trouble),
        random=random,
        tell=tell,
        login=_login(sources, show) if show else None,
    )


def bucket(settings: BucketSettings, provider: ProviderSettings) -> Bucket:
    """Return a bucket of the configuration."""
    wire = next(wire for wire in WIRES if wire == provider.protocol)
    return Bucket(
        id=settings.id,
        upstream=Upstream(
            name=provider.name, wire=wire, base_url=provider.base_url.rstrip("/")
        ),
        kind="oauth" if settings.oauth else "api-key",
        max_in_flight=settings.max_in_flight,
        enabled=settings.enabled,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMaker:
    """Makes the sources of a configuration's buckets."""

    settings: Settings
    environ: Mapping[str, str]
    clock: Clock
    folder: Path
    fingerprint: Fingerprint
    tell: Tell

    def source(self, bucket: BucketSettings) -> Source:
        """Return where the credential of a bucket comes from."""
        if bucket.oauth is not None:
            return self.tokens(bucket)
        return KeySource(
            fingerprint=self.fingerprint,
            variable=bucket.key_env,
            file=bucket.key_file,
            environ=self.environ,
        )

    def tokens(self, bucket: BucketSettings) -> TokenSource:
        """Return the tokens of an OAuth bucket."""
        return TokenSource(
            bucket=bucket.id,
            client=self.client(bucket),
            store=self._store(bucket),
            fingerprint=self.fingerprint,
            clock=self.clock,
            tell=self.tell,
        )

    def client(self, bucket: BucketSettings) -> Client:
        """Return the registered client of an OAuth bucket."""
        client = self.settings.oauth[bucket.oauth or ""]
        secret = self.environ.get(client.client_secret_env or "", "").strip()
        return Client(
            settings=client, secret=Secret(secret) if secret else None, post=post
        )

    def _store(self, bucket: BucketSettings) -> Store:
        client = self.settings.oauth[bucket.oauth or ""]
        file = FileStore(place(self.folder, bucket.id, client))
        if client.store != "keyring":
            return file
        ring = backend()
        if ring is None:
            now = self.clock.now()
            self.tell(Notice(what="no-keyring", bucket=bucket.id, at=now))
            return file
        return KeyringStore(ring, file.path.stem, file.lock)


def _login(sources: Mapping[str, Source], show: Show) -> Login:
    async def login(bucket: Bucket) -> None:
        source = sources[bucket.id]
        if isinstance(source, TokenSource):
            await source.log_in(show)

    return login


def _trouble(tell: Tell, clock: Clock) -> Callable[[str], None]:
    def trouble(what: str) -> None:
        tell(Notice(what="state", code=what, at=clock.now()))

    return trouble
