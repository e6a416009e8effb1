"""What one request has seen so far: its own tried set, reasons, history and budget."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.failure import BucketFailure
from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.policy.words import Detail, Wire

NOT_REACHED: Detail = "not-reached"
BASE_S = 1.0
CAP_S = 30.0


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request; no other request ever sees it."""

    wire: Wire
    model: str
    affinity: str
    provider: str = ""
    """The one upstream that may serve it; empty: any that speaks the protocol."""
    attempts: int = 0
    tried: set[str] = field(default_factory=set)
    """Buckets that were leased and have no leave to be leased again."""
    again: set[tuple[str, str]] = field(default_factory=set)
    """(bucket, why) of every leave that was given; each is given once."""
    prefer: str | None = None
    """The bucket that has leave to be leased again, and goes first."""
    faults: dict[str, int] = field(default_factory=dict)
    """Upstream → its faults in this request."""
    not_before: dict[str, float] = field(default_factory=dict)
    """Upstream → when it asked to be left alone until."""
    stays: dict[str, float] = field(default_factory=dict)
    """Bucket → until when it asked to be waited for."""
    refused: tuple[str, str] | None = None
    """(bucket, version) of a token to renew before anything else."""
    seen: dict[str, str] = field(default_factory=dict)
    """Bucket → version of the credential that it was leased with."""
    reauthed: set[str] = field(default_factory=set)
    history: list[BucketFailure] = field(default_factory=list)
    last: Hint | None = None
    _reasons: dict[str, BucketFailure] = field(default_factory=dict)

    def record(self, failure: BucketFailure) -> None:
        """Keep a failure; a concrete reason is never overwritten by a lesser one."""
        old = self._reasons.get(failure.bucket)
        if old is not None and _weight(failure) < _weight(old):
            return
        if old is not None and _same(old, failure):
            return
        self._reasons[failure.bucket] = failure
        self.history.append(failure)

    def reason(self, bucket: str) -> BucketFailure | None:
        """Return the last concrete failure of a bucket."""
        return self._reasons.get(bucket)

    def reasons(
        self, buckets: Iterable[Bucket], now: float
    ) -> dict[str, BucketFailure]:
        """Return every bucket's failure, a copy; ``skipped`` if never looked at."""
        return {
            b.id: self._reasons.get(b.id)
            or BucketFailure(bucket=b.id, reason="skipped", detail=NOT_REACHED, at=now)
            for b in buckets
        }

    def displaced(self) -> bool:
        """Say whether an upstream's passing fault is why another bucket serves.

        Then the request goes back when the upstream is well; its cache is there. One
        that was silent is not tried again at the price of its silence.
        """
        return any(
            f.reason == "upstream-failed" and f.detail != "stalled"
            for f in self.history
        )

    def leave(self, bucket: str, why: str) -> bool:
        """Give a bucket leave to be leased once more, once for each reason why."""
        if (bucket, why) in self.again:
            return False
        self.again.add((bucket, why))
        return True

    def let(self, bucket: str) -> None:
        """Let a bucket be leased again, before all others."""
        self.tried.discard(bucket)
        self.prefer = bucket

    def pause_s(self, upstream: str, now: float, random: float) -> float:
        """Return how long to wait before an upstream that had faults here.

        Full jitter: a random part of 1 s, doubled with each fault, at most 30 s.
        """
        faults = self.faults.get(upstream, 0)
        if not faults:
            return 0.0
        backoff = random * min(BASE_S * 2.0 ** (faults - 1), CAP_S)
        return max(backoff, self.not_before.get(upstream, now) - now)


def _weight(failure: BucketFailure) -> int:
    """Rank: never looked at, an obstacle, what an upstream or a login really said."""
    if failure.reason == "skipped":
        return 0
    return 1 if failure.detail in {"cooling-down", "circuit-open"} else 2


def _same(old: BucketFailure, new: BucketFailure) -> bool:
    return _weight(new) < 2 and (old.reason, old.detail) == (new.reason, new.detail)  # noqa: PLR2004
