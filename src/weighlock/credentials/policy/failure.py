"""Why a bucket was left, and what is said when none is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.policy.words import Detail, Reason
from weighlock.errors import WeighlockError

FAULT_S = 60.0
"""When to come back to an upstream with a fault that named no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketFailure:
    """One bucket that did not serve one request."""

    bucket: str
    reason: Reason
    detail: Detail = ""
    status: int | None = None
    """HTTP status, when the upstream answered."""
    code: str = ""
    """The upstream's own word: ``insufficient_quota``."""
    at: float = 0.0
    """Seconds since the epoch."""
    retry_at: float | None = None
    """When it may serve again, if that is known."""
    attempt: int = 0
    """Which attempt of the request it was; 0: none was made."""
    waited_s: float = 0.0
    """How long the request waited before this attempt."""


class AllBucketsExhausted(WeighlockError):  # noqa: N818 - the name the plans give it
    """No bucket is left for a request.

    Args:
        provider: The provider, or several with commas; the protocol if there is none.
        buckets: Every bucket that could have served, in profile order.
        last_error: What the last attempt was told; None when none was made.
        reasons: Bucket → its last concrete failure; ``skipped`` if never looked at.
        history: Every failure of the request, in order.
        retry_at: The earliest moment at which one of them may serve again.
    """

    exit_code: ClassVar[int] = 7

    def __init__(
        self,
        *,
        provider: str,
        buckets: Sequence[str],
        last_error: Hint | None,
        reasons: Mapping[str, BucketFailure],
        history: Sequence[BucketFailure],
        retry_at: float | None,
    ) -> None:
        self.provider = provider
        self.buckets = tuple(buckets)
        self.last_error = last_error
        self.reasons = dict(reasons)
        self.history = tuple(history)
        self.retry_at = retry_at
        told = _message(provider, self.reasons)
        super().__init__(told, hint=_hint(self.reasons, retry_at))

    @property
    def all_quota(self) -> bool:
        """Say whether only quotas are in the way, so that waiting helps."""
        failures = self.reasons.values()
        return bool(failures) and all(f.reason == "quota-exhausted" for f in failures)


def earliest(reasons: Iterable[BucketFailure], now: float) -> float | None:
    """Return when a bucket may serve again; None when no answer names a time.

    An upstream with a passing fault is not left for as long as another's quota.
    """
    known = list(reasons)
    times = [max(f.retry_at, now) for f in known if f.retry_at is not None]
    faulty = any(f.reason == "upstream-failed" and f.retry_at is None for f in known)
    return min([*times, now + FAULT_S] if times and faulty else times, default=None)


def _message(provider: str, reasons: Mapping[str, BucketFailure]) -> str:
    told = ", ".join(f"{name}: {_words(failure)}" for name, failure in reasons.items())
    return f"no bucket of {provider} is left ({told or 'none is configured'})"


def _hint(reasons: Mapping[str, BucketFailure], retry_at: float | None) -> str:
    if not reasons:
        return "add one: weighlock bucket add"
    if retry_at is None:
        return "see: weighlock bucket list"
    again = datetime.fromtimestamp(retry_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"one may serve again at {again}; see: weighlock bucket list"


def _words(failure: BucketFailure) -> str:
    return " / ".join(word for word in (failure.reason, failure.detail) if word)
