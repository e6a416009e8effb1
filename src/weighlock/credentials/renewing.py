"""Renew tokens before they run out; one timer a token, for as long as a pool serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from weighlock.credentials.notice import Notice, Tell
from weighlock.credentials.oauth.source import TokenSource
from weighlock.credentials.policy.credential import Credential
from weighlock.credentials.policy.renewal import SLICE_S, Renewal, after_failure, due_at
from weighlock.ports import Clock


@dataclass(slots=True, kw_only=True)
class Renewals:
    """The timers of a pool's tokens. Run ``forever`` in a task, and cancel it."""

    sources: Sequence[TokenSource]
    clock: Clock
    random: Callable[[], float]
    tell: Tell
    timers: dict[str, Renewal] = field(default_factory=dict)
    """Bucket → its timer."""

    async def forever(self) -> None:
        """Renew what is due, then sleep until the next, at most a minute at a time."""
        while True:
            await self.once()
            now = self.clock.now()
            due = [t.due for t in self.timers.values() if t.due is not None]
            left = min(due, default=now + SLICE_S) - now
            await self.clock.sleep(min(max(left, 1.0), SLICE_S))

    async def once(self) -> None:
        """Set timers for new tokens, and renew those that are due."""
        for source in self.sources:
            timer = self._timer(source)
            if timer.due is not None and timer.due <= self.clock.now():
                await self._renew(source, timer)

    def _timer(self, source: TokenSource) -> Renewal:
        """Return the timer of a token; another token than before sets it anew."""
        version = source.version()
        timer = self.timers.get(source.bucket)
        if timer is None or timer.version != version:
            tokens = source.tokens()
            due = (
                due_at(tokens.obtained_at, tokens.expires_at, self.random())
                if tokens is not None and tokens.refresh is not None
                else None
            )
            timer = self.timers[source.bucket] = Renewal(version=version, due=due)
        return timer

    async def _renew(self, source: TokenSource, timer: Renewal) -> None:
        got = await source.renew(timer.version)
        if isinstance(got, Credential):
            self._timer(source)
            return
        now = self.clock.now()
        timer = after_failure(timer, now, permanent=got.permanent)
        self.timers[source.bucket] = timer
        if timer.due is None:
            self.tell(Notice(what="renewal-stopped", bucket=source.bucket, at=now))
        if got.permanent:
            self.tell(Notice(what="reauth-required", bucket=source.bucket, at=now))
