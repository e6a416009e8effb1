"""What the requests of a pool share, and the logins that they may wait for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from weighlock.config.buckets import GatewaySettings
from weighlock.credentials.health import Health
from weighlock.credentials.notice import Notice, Tell, What
from weighlock.credentials.oauth.login import LOGIN_S
from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.credential import Credential, Missing
from weighlock.credentials.policy.failure import BucketFailure
from weighlock.credentials.policy.words import Reason, Wire
from weighlock.credentials.source import Source
from weighlock.credentials.waiting import Slots, joined, within
from weighlock.ports import Clock

Login = Callable[[Bucket], Awaitable[None]]
"""Let a person log in; the token lies in its place afterwards. May raise."""


@dataclass(slots=True, kw_only=True)
class Shared:
    """Buckets, their sources and health, and the ports."""

    buckets: tuple[Bucket, ...]
    sources: Mapping[str, Source]
    settings: GatewaySettings
    health: Health
    clock: Clock
    random: Callable[[], float]
    tell: Tell
    login: Login | None = None
    slots: Slots = field(default_factory=Slots)
    _logins: dict[str, "asyncio.Future[Missing | None]"] = field(default_factory=dict)
    _asked_for: dict[str, str] = field(default_factory=dict)
    """Bucket → version for which a person was asked already."""

    def serves(self, wire: Wire, provider: str = "") -> tuple[Bucket, ...]:
        """Return the buckets of a protocol, of one provider or of all, in order."""
        names = {provider} if provider else {b.upstream.name for b in self.buckets}
        return tuple(
            b
            for b in self.buckets
            if b.upstream.wire == wire and b.upstream.name in names
        )

    def source(self, bucket: Bucket) -> Source:
        """Return where the credential of a bucket comes from."""
        return self.sources[bucket.id]

    def release(self, bucket: Bucket, model: str) -> None:
        """Give a slot back, and wake who waits for it."""
        self.health.release(bucket, model)
        self.slots.freed(bucket.id)

    def left(self, failure: BucketFailure | None) -> None:
        """Tell that a bucket did not serve."""
        if failure is not None:
            self.tell(
                Notice(
                    what="left",
                    bucket=failure.bucket,
                    reason=failure.reason,
                    detail=failure.detail,
                    code=failure.code,
                    retry_at=failure.retry_at,
                    at=failure.at,
                )
            )

    def reauth_required(self, bucket: Bucket) -> None:
        """Say once for each token that a person has to log in."""
        version = self.source(bucket).version() or "none"
        if self._asked_for.get(bucket.id) != version:
            self._asked_for[bucket.id] = version
            self._say("reauth-required", bucket)

    async def reauthenticate(self, bucket: Bucket, version: str) -> Missing | None:
        """Let a person log in; all requests that need it wait for the same login.

        Args:
            bucket: Whose token is needed.
            version: The token that did not do, empty when there was none; when there
                is another one now, nobody is asked.

        Returns:
            None when a token is there now, else why not.
        """
        going = self._logins.get(bucket.id)
        if going is None:
            going = asyncio.ensure_future(self._log_in(bucket, version))
            self._logins[bucket.id] = going
            going.add_done_callback(lambda _: self._logins.pop(bucket.id, None))
        return await joined(going)

    async def _log_in(self, bucket: Bucket, version: str) -> Missing | None:
        source = self.source(bucket)
        got = await source.get()
        if isinstance(got, Credential) and got.version != version:
            return None  # another process has logged in meanwhile
        self._say("login-asked", bucket)
        missing = await self._person(bucket)
        if missing is not None:
            return missing
        got = await source.get()
        if not isinstance(got, Credential):
            return Missing(reason="reauth-failed", detail=got.detail, permanent=True)
        self.health.forget(bucket.id)
        self._say("login", bucket)
        return None

    async def _person(self, bucket: Bucket) -> Missing | None:
        async def ask() -> str:
            if self.login is None:
                return "nobody is there"
            try:
                await self.login(bucket)
            except Exception as error:  # noqa: BLE001 - a login fails in any way it likes
                return type(error).__name__
            return ""

        said = await within(self.clock, LOGIN_S, ask())
        if said == ("",):
            return None
        self._say("login-failed", bucket, said[0] if said else "timed-out")
        reason: Reason = "reauth-failed" if said else "reauth-timeout"
        return Missing(reason=reason, detail="login")

    def _say(self, what: What, bucket: Bucket, code: str = "") -> None:
        now = self.clock.now()
        self.tell(Notice(what=what, bucket=bucket.id, code=code, at=now))
