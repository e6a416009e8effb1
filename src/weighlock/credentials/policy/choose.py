"""The second pass: in which order buckets are looked at, and what bars one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from weighlock.credentials.policy.asked import Asked
from weighlock.credentials.policy.bench import Bench
from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.failure import BucketFailure
from weighlock.credentials.policy.words import Detail, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is known about the buckets at one moment."""

    now: float
    bench: Callable[[Bucket], Bench | None]
    """The longer of the benches for the model and for all models."""
    shut_until: Callable[[Bucket], float | None]
    """Until when the upstream's breaker is open."""
    in_flight: Mapping[str, int]
    sticky: str | None = None
    """Where the last request of the same token and model was served."""


def order(buckets: Sequence[Bucket], asked: Asked, view: View) -> list[Bucket]:
    """Return the buckets in the order in which they are looked at.

    First the one with leave to go again, then one before the sticky one in the profile
    whose probe is due, then the sticky one, then the profile's order. Buckets of an
    upstream that had a fault in this request come last.
    """
    if len(buckets) == 1:
        return list(buckets)
    ids = [b.id for b in buckets]
    sticky = ids.index(view.sticky) if view.sticky in ids else -1

    def rank(index: int) -> tuple[bool, bool, bool, bool, int]:
        bucket = buckets[index]
        bench = view.bench(bucket)
        due = bench is not None and bench.standing(view.now) == "probe"
        return (
            bucket.id != asked.prefer,
            bucket.upstream.name in asked.faults,
            not (due and index < sticky),
            index != sticky,
            index,
        )

    return [buckets[i] for i in sorted(range(len(buckets)), key=rank)]


def obstacle(bucket: Bucket, view: View) -> BucketFailure | None:
    """Return what bars a bucket from being leased now, or None."""
    if not bucket.enabled:
        return _barred(bucket, view, "skipped", "disabled")
    bench = view.bench(bucket)
    if bench is not None and bench.standing(view.now) == "rests":
        quota = bench.reason == "quota-exhausted"
        detail: Detail = "cooling-down" if quota else bench.detail
        return _barred(bucket, view, bench.reason, detail, bench.earliest)
    shut = view.shut_until(bucket)
    if shut is not None:
        return _barred(bucket, view, "upstream-failed", "circuit-open", shut)
    limit = bucket.max_in_flight
    if limit is not None and view.in_flight.get(bucket.id, 0) >= limit:
        return _barred(bucket, view, "skipped", "at-capacity")
    return None


def spared(
    bucket: Bucket, asked: Asked, view: View, stay_wait_s: float
) -> BucketFailure | None:
    """Return a failure when the upstream asked this request for a longer pause."""
    left = asked.not_before.get(bucket.upstream.name, 0.0)
    if left - view.now <= stay_wait_s:
        return None
    return _barred(bucket, view, "upstream-failed", "overloaded", left)


def _barred(
    bucket: Bucket,
    view: View,
    reason: Reason,
    detail: Detail,
    retry_at: float | None = None,
) -> BucketFailure:
    return BucketFailure(
        bucket=bucket.id,
        reason=reason,
        detail=detail,
        at=view.now,
        retry_at=retry_at,
    )
