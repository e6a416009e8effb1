"""One request's way through the buckets: three passes, then a wait, then the end."""

from weighlock.credentials.learning import learn
from weighlock.credentials.lease import Lease
from weighlock.credentials.notice import Notice
from weighlock.credentials.policy.asked import NOT_REACHED, Asked
from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.choose import View, obstacle, order, spared
from weighlock.credentials.policy.credential import Credential, Missing
from weighlock.credentials.policy.failure import (
    AllBucketsExhausted,
    BucketFailure,
    earliest,
)
from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.shared import Shared
from weighlock.credentials.waiting import until

SLOT_WAIT_S = 60.0
"""How long a request waits for a slot when nothing else is left."""


class RequestState:
    """Asks for leases until one served; holds everything that is the request's own."""

    def __init__(self, shared: Shared, asked: Asked, max_wait_s: float) -> None:
        self._shared = shared
        self._asked = asked
        self._max_wait_s = max_wait_s
        self._slot_wait_s = SLOT_WAIT_S
        self._buckets = shared.serves(asked.wire, asked.provider)
        self._lease: Lease | None = None
        self._waited_s = 0.0
        self._before = ""

    @property
    def history(self) -> tuple[BucketFailure, ...]:
        """Return every failure so far, in order."""
        return tuple(self._asked.history)

    @property
    def strayed(self) -> bool:
        """Say whether another bucket than the first of the profile was asked last."""
        return self._before not in {"", self._buckets[0].id}

    def reasons(self) -> dict[str, BucketFailure]:
        """Return every bucket's last concrete failure, a copy.

        Of one that was not looked at, what bars it now; ``skipped`` if nothing does.
        """
        view = self._view()
        known = self._asked.reasons(self._buckets, view.now)
        for bucket in self._buckets:
            if known[bucket.id].detail == NOT_REACHED:
                known[bucket.id] = obstacle(bucket, view) or known[bucket.id]
        return known

    async def next(self) -> Lease:
        """Return a lease of the next bucket, after whatever wait is right.

        Raises:
            AllBucketsExhausted: None is left, or the attempts are spent.
        """
        if self._lease is not None:
            self._lease.release()
        await self._first_pass()
        while self._asked.attempts < self._shared.settings.max_attempts:
            lease = await self._second_pass()
            if lease is not None:
                return lease
            if not (await self._third_pass() or await self._wait()):
                break
        raise self._exhausted()

    async def _first_pass(self) -> None:
        """Renew the token that was just refused, once in a request."""
        if self._asked.refused is None:
            return
        (name, version), self._asked.refused = self._asked.refused, None
        bucket = next(b for b in self._buckets if b.id == name)
        got = await self._shared.source(bucket).renew(version)
        if isinstance(got, Credential):
            self._asked.let(bucket.id)
            return
        if got.permanent:  # what the upstream said stays the reason
            self._rest(bucket, got)
        else:
            self._miss(bucket, got)

    async def _second_pass(self) -> Lease | None:
        """Return a lease of the first bucket that nothing bars."""
        passed: set[str] = set()
        while (bucket := self._candidate(passed)) is not None:
            passed.add(bucket.id)
            if await self._pause(bucket) and self._barred(bucket):
                continue
            if not self._shared.health.take(bucket, self._asked.model, self._now()):
                self._barred(bucket)  # another process took the probe
                continue
            if (lease := await self._lent(bucket)) is not None:
                return lease
        return None

    def _candidate(self, passed: set[str]) -> Bucket | None:
        """Return the first bucket to try; what bars those before it is recorded."""
        view = self._view()
        for bucket in order(self._buckets, self._asked, view):
            if bucket.id in self._asked.tried or bucket.id in passed:
                continue
            barred = obstacle(bucket, view) or spared(
                bucket, self._asked, view, self._shared.settings.stay_wait_s
            )
            if barred is None or bucket.id in self._asked.stays:
                return bucket
            self._asked.record(barred)
        return None

    def _barred(self, bucket: Bucket) -> bool:
        barred = obstacle(bucket, self._view())
        if barred is not None:
            self._asked.record(barred)
        return barred is not None

    async def _pause(self, bucket: Bucket) -> bool:
        """Wait as long as the bucket or its upstream asks; say if it was needed."""
        now, shared = self._now(), self._shared
        random = shared.random()
        pause = self._asked.pause_s(bucket.upstream.name, now, random)
        stay = self._asked.stays.pop(bucket.id, now)
        at = max(now + pause, stay)
        if at <= now:
            return False
        self._waited_s += await until(shared.clock, at)
        return True

    async def _lent(self, bucket: Bucket) -> Lease | None:
        """Return a lease of a bucket whose slot is taken, if it has a credential."""
        shared, asked, got = self._shared, self._asked, None
        try:
            got = await shared.source(bucket).get()
        finally:
            if not isinstance(got, Credential):
                shared.release(bucket, asked.model)
        if not isinstance(got, Credential):
            self._miss(bucket, got)
            asked.tried.add(bucket.id)
            return None
        asked.attempts += 1
        asked.tried.add(bucket.id)
        asked.prefer = None
        self._switched(bucket)
        asked.seen[bucket.id] = got.version
        self._lease = Lease(
            bucket=bucket,
            credential=got,
            attempt=asked.attempts,
            waited_s=self._waited_s,
            began=self._now(),
            ended=self._ended,
        )
        self._waited_s = 0.0
        return self._lease

    def _switched(self, bucket: Bucket) -> None:
        """Tell when it is another bucket's turn."""
        before, self._before = self._before, bucket.id
        if before not in {"", bucket.id}:
            now = self._now()
            self._shared.tell(
                Notice(what="switched", bucket=bucket.id, before=before, at=now)
            )

    async def _third_pass(self) -> bool:
        """Ask a person to log in where one is there; say whether one did."""
        asked = self._asked
        for bucket in self._buckets:
            failure = asked.reason(bucket.id)
            needs = failure is not None and failure.reason in {
                "expired-refresh-failed",
                "no-token",
            }
            if not needs or bucket.kind != "oauth" or bucket.id in asked.reauthed:
                continue
            if self._shared.login is None or not bucket.enabled:
                self._shared.reauth_required(bucket)
                continue
            if len(asked.reauthed) >= self._shared.settings.max_reauth:
                break
            asked.reauthed.add(bucket.id)
            missing = await self._shared.reauthenticate(bucket, self._lost(bucket))
            if missing is None:
                asked.let(bucket.id)
                return True
            self._miss(bucket, missing)
        return False

    def _lost(self, bucket: Bucket) -> str:
        """Return the version of the token that did not do; empty: there was none."""
        failure = self._asked.reason(bucket.id)
        refused = failure is not None and failure.detail == "revoked"
        now = self._shared.source(bucket).version() if refused else ""
        return self._asked.seen.get(bucket.id, now)

    async def _wait(self) -> bool:
        """Wait for a slot, or for the earliest reset; say whether it was worth it."""
        view, tried, shared = self._view(), self._asked.tried, self._shared
        free = frozenset(
            b.id
            for b in self._buckets
            if b.id not in tried
            and (barred := obstacle(b, view)) is not None
            and barred.detail == "at-capacity"
        )
        if free and self._slot_wait_s > 0:
            began = self._now()
            came = await shared.slots.wait(shared.clock, free, self._slot_wait_s)
            self._slot_wait_s -= self._now() - began
            self._waited_s += self._now() - began
            return came
        return await self._wait_for_reset()

    async def _wait_for_reset(self) -> bool:
        now, shared = self._now(), self._shared
        times = {
            b.id: failure.retry_at
            for b in self._buckets
            if (failure := self._asked.reason(b.id)) and failure.retry_at is not None
        }
        earliest = min(times.values(), default=None)
        if earliest is None or earliest - now > self._max_wait_s:
            return False
        self._max_wait_s = -1.0  # only once
        jitter = shared.random()
        self._waited_s += await until(shared.clock, max(earliest, now) + jitter)
        for bucket, at in times.items():
            if at <= self._now():
                self._asked.tried.discard(bucket)
        self._asked.not_before.clear()
        return True

    def _ended(self, lease: Lease, hint: Hint | None) -> None:
        """Learn what an attempt taught."""
        self._lease = None
        shared, asked, bucket = self._shared, self._asked, lease.bucket
        shared.release(bucket, asked.model)
        if hint is None:
            return
        if hint.fault == "request":
            shared.health.answered(bucket, asked.model)
        elif hint.fault == "none":
            affinity = None if asked.displaced() else asked.affinity
            shared.health.succeeded(
                bucket, asked.model, affinity=affinity, began=lease.began
            )
        else:
            learn(shared, asked, lease, hint)

    def _rest(self, bucket: Bucket, missing: Missing) -> None:
        """Bench a bucket whose token cannot be renewed any more."""
        hint = Hint(fault="credential", detail=missing.detail)
        now = self._now()
        self._shared.health.failed(bucket, self._asked.model, hint, now=now, began=now)

    def _miss(self, bucket: Bucket, missing: Missing) -> None:
        self._asked.record(
            BucketFailure(
                bucket=bucket.id,
                reason=missing.reason,
                detail=missing.detail,
                at=self._now(),
            )
        )
        self._shared.left(self._asked.reason(bucket.id))

    def _exhausted(self) -> AllBucketsExhausted:
        reasons, now = self.reasons(), self._now()
        names = dict.fromkeys(b.upstream.name for b in self._buckets)
        error = AllBucketsExhausted(
            provider=", ".join(names) or self._asked.provider or self._asked.wire,
            buckets=[b.id for b in self._buckets],
            last_error=self._asked.last,
            reasons=reasons,
            history=self._asked.history,
            retry_at=earliest(reasons.values(), now),
        )
        self._shared.tell(Notice(what="exhausted", retry_at=error.retry_at, at=now))
        return error

    def _view(self) -> View:
        return self._shared.health.view(self._asked, self._now())

    def _now(self) -> float:
        return self._shared.clock.now()
