"""A lease: one bucket, for one attempt of one request."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from weighlock.credentials.policy.bucket import Bucket, Upstream
from weighlock.credentials.policy.credential import Credential
from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.policy.words import Wire


@dataclass(slots=True, kw_only=True)
class Lease:
    """Holds a slot of a bucket until it is told how it went, or the block is left."""

    bucket: Bucket
    credential: Credential
    attempt: int
    """Counted from 1 within the request."""
    waited_s: float
    """How long the request waited before it."""
    began: float
    """Seconds since the epoch."""
    ended: Callable[["Lease", Hint | None], None]
    """Called once, with what the upstream said; None: nothing was learnt."""
    _open: bool = True

    @property
    def upstream(self) -> Upstream:
        """Return where to send the request."""
        return self.bucket.upstream

    @property
    def wire(self) -> Wire:
        """Return the protocol to speak."""
        return self.bucket.upstream.wire

    def succeeded(self, hint: Hint | None = None) -> None:
        """Say that the upstream answered; a refused request clears no bench."""
        self._end(hint or Hint(fault="none"))

    def failed(self, hint: Hint) -> None:
        """Say why this bucket did not serve; the request may ask for the next."""
        self._end(hint)

    def release(self) -> None:
        """Give the slot back and say nothing: the client went away."""
        self._end(None)

    def _end(self, hint: Hint | None) -> None:
        if self._open:
            self._open = False
            self.ended(self, hint)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release what nobody ended."""
        self.release()
