"""What a failed attempt teaches: whom to bench, and whether to go there again."""

from dataclasses import replace

from weighlock.credentials.lease import Lease
from weighlock.credentials.notice import Notice
from weighlock.credentials.policy.asked import Asked
from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.choose import obstacle
from weighlock.credentials.policy.failure import BucketFailure
from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.shared import Shared


def learn(shared: Shared, asked: Asked, lease: Lease, said: Hint) -> None:
    """Take in why an attempt failed.

    A refusal of a credential that was renewed meanwhile teaches nothing: the bucket may
    just be tried again.
    """
    bucket, now = lease.bucket, shared.clock.now()
    hint = _settled(shared, said, bucket, now)
    asked.last = hint
    current = shared.source(bucket).version()
    if hint.fault != "upstream" and current != lease.credential.version:
        asked.let(bucket.id)
        shared.tell(Notice(what="stale", bucket=bucket.id, at=now))
        return
    retry_at = _blame(shared, asked, lease, hint)
    asked.record(
        BucketFailure(
            bucket=bucket.id,
            reason=hint.reason,
            detail=hint.detail,
            status=hint.status,
            code=hint.code,
            at=now,
            retry_at=hint.retry_at or retry_at,
            attempt=lease.attempt,
            waited_s=lease.waited_s,
        )
    )
    shared.left(asked.reason(bucket.id))


def _settled(shared: Shared, hint: Hint, bucket: Bucket, now: float) -> Hint:
    """Say what only the pool knows: a token is revoked, a wait is a short one."""
    if hint.fault == "credential" and bucket.kind == "oauth":
        return replace(hint, detail="revoked")
    if hint.detail == "quota" and _short(shared, hint, now):
        return replace(hint, detail="throttled")
    return hint


def _short(shared: Shared, hint: Hint, now: float) -> bool:
    """Say whether the wait that was asked for is one worth staying for."""
    if hint.retry_at is None or hint.terminal:
        return False
    return hint.retry_at - now <= shared.settings.stay_wait_s


def _blame(shared: Shared, asked: Asked, lease: Lease, hint: Hint) -> float | None:
    """Bench the bucket or its upstream, and give leave to go there again.

    Returns:
        When the bucket may serve again, by our own rules.
    """
    bucket, now = lease.bucket, shared.clock.now()
    renewable = hint.fault == "credential" and bucket.kind == "oauth"
    if renewable and asked.leave(bucket.id, "renewed"):
        asked.refused = (bucket.id, lease.credential.version)
        return None
    shared.health.failed(bucket, asked.model, hint, now=now, began=lease.began)
    if hint.fault == "upstream":
        _blame_upstream(shared, asked, bucket, hint)
    stay = hint.retry_at if hint.fault == "quota" else None
    if (
        stay is not None
        and _short(shared, hint, now)
        and asked.leave(bucket.id, "stay")
    ):
        asked.stays[bucket.id] = stay
        asked.let(bucket.id)
    barred = obstacle(bucket, shared.health.view(asked, now))
    return barred.retry_at if barred else None


def _blame_upstream(shared: Shared, asked: Asked, bucket: Bucket, hint: Hint) -> None:
    upstream = bucket.upstream.name
    asked.faults[upstream] = asked.faults.get(upstream, 0) + 1
    if hint.retry_at is not None:
        asked.not_before[upstream] = hint.retry_at
    patient = hint.retry_at is None or _short(shared, hint, shared.clock.now())
    if hint.detail != "stalled" and patient and asked.leave(bucket.id, "retry"):
        asked.let(bucket.id)
