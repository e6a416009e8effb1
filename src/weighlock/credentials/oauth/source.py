"""A token that keeps itself alive: renewed once, whoever asks, in whatever process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from weighlock.credentials.notice import Notice, Tell, What
from weighlock.credentials.oauth.grants import Client
from weighlock.credentials.oauth.login import Show, log_in
from weighlock.credentials.oauth.store import Store
from weighlock.credentials.oauth.tokens import Denied, Tokens
from weighlock.credentials.policy.credential import Credential, Missing
from weighlock.credentials.source import Fingerprint
from weighlock.credentials.state import private
from weighlock.credentials.waiting import joined
from weighlock.errors import RefusedError
from weighlock.ports import Clock

NEAR_S = 30.0
"""A token with less left is renewed first, and used all the same if that fails."""
REST_S = 30.0
"""After a renewal that failed for now the server is not asked again for so long."""
LOCK_S = 60.0
"""A process that renews for longer is stopped or stuck; it is not waited for."""
_POLL_S = 0.05
_UNREADABLE = Missing(reason="no-token", detail="unreadable", permanent=True)
_NOBODY = Missing(reason="no-token", detail="not-logged-in", permanent=True)
_BUSY = Missing(reason="expired-refresh-failed", detail="stalled")


@dataclass(slots=True, kw_only=True)
class TokenSource:
    """The tokens of one bucket."""

    bucket: str
    client: Client
    store: Store
    fingerprint: Fingerprint
    clock: Clock
    tell: Tell
    _going: "asyncio.Future[Credential | Missing] | None" = None
    _failed: tuple[str, float, Missing] | None = None
    """(version, until when, why) of the last renewal, if it failed."""
    _unsaved: Tokens | None = None
    """What a full disk kept us from writing; better used than lost."""

    def version(self) -> str:
        """Return the fingerprint of the access token that is kept now."""
        tokens = self._tokens()
        return self._version(tokens) if isinstance(tokens, Tokens) else ""

    def account(self) -> str:
        """Return the client's id: a token that was renewed has the same quota."""
        return self.client.settings.client_id

    def tokens(self) -> Tokens | None:
        """Return what is kept; for the renewal's timer."""
        tokens = self._tokens()
        return tokens if isinstance(tokens, Tokens) else None

    async def get(self) -> Credential | Missing:
        """Return the token; renewed when it ran out, or is about to."""
        tokens = self._tokens()
        if isinstance(tokens, Missing):
            return tokens
        left = (tokens.expires_at or 0.0) - self.clock.now()
        if left > NEAR_S:
            return self._credential(tokens)
        got = await self.renew(self._version(tokens))
        return (
            self._credential(tokens) if isinstance(got, Missing) and left > 0 else got
        )

    async def renew(self, version: str) -> Credential | Missing:
        """Return a token of another version than this, renewed at most once.

        Who gives up waiting does not stop a renewal: the server may have rotated the
        refresh token already, and the new one must be kept.
        """
        if self._going is None:
            self._going = asyncio.ensure_future(self._renew(version))
            self._going.add_done_callback(self._over)
        return await joined(self._going)

    def peek(self) -> Credential | Missing:
        """Return what is kept, as it is."""
        tokens = self._tokens()
        return tokens if isinstance(tokens, Missing) else self._credential(tokens)

    async def log_in(self, show: Show, *, device: bool = False) -> Tokens:
        """Let a person log in, and keep what came of it.

        Raises:
            AgentError: It did not succeed, or took longer than 5 minutes.
            RefusedError: The place of the tokens is not safe.
            OSError: They cannot be written.
        """
        tokens = await log_in(self.client, self.clock, show, device=device)
        async with self._alone():
            self.store.save(tokens)
            self._unsaved = self._failed = None
        return tokens

    async def log_out(self) -> tuple[bool, bool]:
        """Revoke and remove the tokens.

        Returns:
            Whether there were any, and whether the server has revoked them.
        """
        async with self._alone():
            tokens = self.tokens()
            revoked = tokens is not None and await self.client.revoke(tokens)
            there = self.store.remove()
            self._unsaved = self._failed = None
        return there or tokens is not None, revoked

    def reveal(self) -> tuple[str, ...]:
        """Return the secrets that are kept now."""
        tokens = self.tokens()
        held = (tokens.access, tokens.refresh) if tokens else ()
        ours = (*held, self.client.secret)
        return tuple(secret.reveal() for secret in ours if secret is not None)

    def _over(self, _: "asyncio.Future[Credential | Missing]") -> None:
        self._going = None

    async def _renew(self, version: str) -> Credential | Missing:
        before, until, why = self._failed or ("", 0.0, _NOBODY)
        if before == version and self.clock.now() < until:
            return why
        try:
            async with self._alone():
                return await self._renew_alone(version)
        except TimeoutError:
            return _BUSY
        except (OSError, RefusedError):
            return _UNREADABLE

    async def _renew_alone(self, version: str) -> Credential | Missing:
        tokens = self._unsaved or self.store.load(fresh=True)
        if tokens is None:
            return _NOBODY
        now = self.clock.now()
        other = self._version(tokens) != version
        if other and (tokens.expires_at or 0.0) > now:
            self._say("renewed")  # elsewhere; the old refresh token is not replayed
            return self._credential(tokens)
        if tokens.refresh is None:
            return self._lost(version, Denied(code="no_refresh_token", permanent=True))
        got = await self.client.refresh(tokens.refresh, now)
        if isinstance(got, Denied):
            return self._lost(version, got)
        self._keep(got)
        self._failed = None
        self._say("renewed")
        return self._credential(got)

    def _keep(self, tokens: Tokens) -> None:
        """Write before use; a disk that is full costs no login."""
        try:
            self.store.save(tokens)
            self._unsaved = None
        except (OSError, RefusedError) as error:
            self._unsaved = tokens
            self._say("state", code=type(error).__name__)

    def _lost(self, version: str, why: Denied) -> Missing:
        missing = Missing(
            reason="expired-refresh-failed",
            detail="network" if why.code == "network" else "expired",
            permanent=why.permanent,
        )
        self._failed = (version, self.clock.now() + REST_S, missing)
        self._say("renewal-failed", code=why.code)
        return missing

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Hold the lock of these tokens among all processes.

        Raises:
            TimeoutError: Another one holds it for too long.
        """
        from filelock import FileLock, Timeout

        private.folder(self.store.lock.parent.parent)
        private.folder(self.store.lock.parent)
        lock = FileLock(self.store.lock, mode=0o600, blocking=False)
        ends = self.clock.now() + LOCK_S
        while True:
            try:
                lock.acquire()
                break
            except Timeout:
                if self.clock.now() >= ends:
                    raise TimeoutError(str(self.store.lock)) from None
                await self.clock.sleep(_POLL_S)
        try:
            yield
        finally:
            lock.release()

    def _tokens(self) -> Tokens | Missing:
        if self._unsaved is not None:
            return self._unsaved
        try:
            return self.store.load() or _NOBODY
        except (OSError, RefusedError):
            return _UNREADABLE

    def _credential(self, tokens: Tokens) -> Credential:
        return Credential(
            secret=tokens.access,
            kind="oauth",
            version=self._version(tokens),
            obtained_at=tokens.obtained_at,
            expires_at=tokens.expires_at,
        )

    def _version(self, tokens: Tokens) -> str:
        return self.fingerprint(tokens.access.reveal())

    def _say(self, what: What, code: str = "") -> None:
        now = self.clock.now()
        self.tell(Notice(what=what, bucket=self.bucket, code=code, at=now))
