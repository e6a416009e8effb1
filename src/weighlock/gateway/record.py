"""What became of one request: the line that is logged, and what is metered."""

from dataclasses import dataclass, field

from weighlock.credentials import (
    AllBucketsExhausted,
    BucketFailure,
    Hint,
    RequestState,
)
from weighlock.credentials.policy.asked import NOT_REACHED
from weighlock.gateway.wire import NO_TOKENS, Reading, Tokens

EXHAUSTED = "all-buckets-exhausted"
OVER = "budget-exhausted"
UNMETERED = "unmetered"
"""Why the gateway itself says no; clients see it as ``x-gateway-error``."""


@dataclass(slots=True, kw_only=True)
class Tried:
    """One attempt."""

    bucket: str
    number: int
    waited_s: float
    status: int | None = None
    """What the upstream answered; None when it did not."""
    hint: Hint | None = None
    """What the attempt said of the bucket; None when the client went away."""
    given: bool = False
    """Whether the client was given this answer, or a part of it."""
    served: bool = False
    """Whether it was given all of it, and no error is in it."""
    reading: Reading = field(default_factory=Reading)


@dataclass(slots=True, kw_only=True)
class Record:
    """One request from its first byte to its last."""

    request: str
    time: float
    """Seconds since the epoch."""
    protocol: str | None = None
    model: str | None = None
    status: int = 0
    """What the client was answered; 499 when it did not wait for an answer."""
    attempts: list[Tried] = field(default_factory=list)
    reasons: dict[str, BucketFailure] = field(default_factory=dict)
    history: tuple[BucketFailure, ...] = ()
    duration_s: float = 0.0
    generates: bool = False
    refused: str = ""
    """Why the gateway itself said no."""
    told: str = ""
    """What it told the client then."""
    grant: str = ""
    """Whose request it was; a name that opens nothing."""
    retry_at: float | None = None
    """When a bucket may serve again, if none was left."""

    def exhausted(self, error: AllBucketsExhausted) -> None:
        """Note that no bucket was left, and when one may be."""
        self.refused = EXHAUSTED
        self.told = error.message
        self.retry_at = error.retry_at

    def learn(self, request: RequestState) -> None:
        """Take what the request knows of its buckets.

        A client that has its place at the second bucket is told why not the first. A
        bucket whose turn did not come is named only when none is left.
        """
        self.history = request.history
        if not self.history and not request.strayed:
            return
        known = request.reasons().items()
        self.reasons = {
            b: f for b, f in known if self.refused or f.detail != NOT_REACHED
        }

    @property
    def last(self) -> Tried | None:
        """Return the last attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def served(self) -> bool:
        """Say whether the client was given a whole answer of a bucket."""
        return self.last is not None and self.last.served

    @property
    def bucket(self) -> str | None:
        """Return the bucket whose answer the client was given, whole or in part."""
        last = self.last
        return last.bucket if last is not None and last.given else None

    @property
    def tokens(self) -> Tokens:
        """Return the tokens of the answer that the client was given."""
        last = self.last
        return last.reading.tokens if last is not None and last.given else NO_TOKENS

    def line(self) -> dict[str, object]:
        """Return the record as it is logged: no body, no header, no secret."""
        tokens = self.tokens
        return {
            "time": round(self.time, 3),
            "request": self.request,
            "protocol": self.protocol,
            "model": self.model,
            "bucket": self.bucket,
            "status": self.status,
            "attempts": [self._attempt(one) for one in self.attempts],
            "reasons": {bucket: _reason(f) for bucket, f in self.reasons.items()},
            "tokens": {
                "input": tokens.input,
                "output": tokens.output,
                "cache_read": tokens.cache_read,
                "cache_write": tokens.cache_write,
            },
            "duration_s": round(self.duration_s, 6),
        }

    def _attempt(self, one: Tried) -> dict[str, object]:
        reason, detail = _why(one)
        told = next((f for f in self.history if f.attempt == one.number), None)
        if told is not None and reason is not None:
            reason, detail = told.reason, told.detail
        return {
            "bucket": one.bucket,
            "status": one.status,
            "reason": reason,
            "detail": detail,
            "waited_s": round(one.waited_s, 3),
        }


def _why(one: Tried) -> tuple[str | None, str]:
    """Return why an attempt did not serve; None when it did."""
    if one.hint is None:
        return "skipped", "client-gone"
    if one.hint.passes:
        return None, one.hint.detail
    return one.hint.reason, one.hint.detail


def _reason(failure: BucketFailure) -> dict[str, object]:
    return {
        "reason": failure.reason,
        "detail": failure.detail,
        "retry_at": failure.retry_at,
    }
