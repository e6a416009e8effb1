"""What a pool knows about its buckets: benches, breakers, slots, where one was served.

Nothing of a single request is kept here.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from weighlock.credentials.book import Book
from weighlock.credentials.policy.asked import Asked
from weighlock.credentials.policy.bench import ANY, Bench, benched, claimed, cleared
from weighlock.credentials.policy.breaker import Breaker
from weighlock.credentials.policy.bucket import Bucket
from weighlock.credentials.policy.choose import View
from weighlock.credentials.policy.hint import Hint

MOST_AFFINITIES = 4096
_WORST = {"free": 0, "probe": 1, "rests": 2}


@dataclass(slots=True, kw_only=True)
class Health:
    """The state of a pool; synchronous, so that no two requests interleave in it."""

    book: Book
    account: Callable[[str], str]
    """Bucket → what its benches are kept under."""
    probe_after_s: float
    in_flight: Counter[str] = field(default_factory=Counter)
    breakers: dict[tuple[str, str], Breaker] = field(default_factory=dict)
    """(upstream, model) → breaker; those that are closed and clean are not kept."""
    served: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    """(affinity, model) → bucket that served last."""

    def view(self, asked: Asked, now: float) -> View:
        """Return what one request may know now."""
        benches = self.book.read()

        def bench(bucket: Bucket) -> Bench | None:
            if not benches:  # nearly always; keys cost a fingerprint each
                return None
            found = (benches.get(key) for key in self._keys(bucket, asked.model))
            return max(
                (b for b in found if b is not None),
                key=lambda b: (_WORST[b.standing(now)], b.until),
                default=None,
            )

        def shut_until(bucket: Bucket) -> float | None:
            breaker = self.breakers.get((bucket.upstream.name, asked.model))
            return breaker.shut_until(now) if breaker else None

        return View(
            now=now,
            bench=bench,
            shut_until=shut_until,
            in_flight=self.in_flight,
            sticky=self.served.get((asked.affinity, asked.model)),
        )

    def take(self, bucket: Bucket, model: str, now: float) -> bool:
        """Take a slot, and the probe or the trial if this is one.

        Returns:
            False when another process took the probe first.
        """
        benches = self.book.read()
        if benches and not all(
            self._probe(key, now, benches.get(key)) for key in self._keys(bucket, model)
        ):
            return False
        place = (bucket.upstream.name, model)
        if place in self.breakers:
            self.breakers[place] = self.breakers[place].tried(now)
        self.in_flight[bucket.id] += 1
        return True

    def release(self, bucket: Bucket, model: str) -> None:
        """Give the slot back; a trial that said nothing is over."""
        self.in_flight[bucket.id] -= 1
        place = (bucket.upstream.name, model)
        if place in self.breakers:
            self.breakers[place] = self.breakers[place].left()

    def failed(
        self, bucket: Bucket, model: str, hint: Hint, *, now: float, began: float
    ) -> None:
        """Bench a bucket, or count a fault of its upstream."""
        place = (bucket.upstream.name, model)
        if hint.fault == "upstream":
            breaker = self.breakers.get(place, Breaker())
            self.breakers[place] = breaker.faulted(now, hint.detail, began)
            return
        self.breakers.pop(place, None)  # it answered
        scope = model if hint.scope == "model" else ANY
        self.book.change(
            self._key(bucket, scope),
            lambda old: benched(
                old, hint, now=now, began=began, probe_after_s=self.probe_after_s
            ),
        )

    def succeeded(
        self, bucket: Bucket, model: str, *, affinity: str | None, began: float
    ) -> None:
        """Clear the benches and the breaker, and remember where it was served.

        ``affinity`` is None for who is here only until another upstream is well, and
        empty for who said no name: the order of the profile is theirs.
        """
        self.breakers.pop((bucket.upstream.name, model), None)
        benches = self.book.read()
        for key in self._keys(bucket, model) if benches else ():
            bench = benches.get(key)
            if bench is not None and cleared(bench, began) is None:
                self.book.change(key, lambda old: cleared(old, began))
        if not affinity:
            return
        self.served[(affinity, model)] = bucket.id
        self.served.move_to_end((affinity, model))
        if len(self.served) > MOST_AFFINITIES:
            self.served.popitem(last=False)

    def answered(self, bucket: Bucket, model: str) -> None:
        """Note that an upstream is alive: it refused a request for what it says."""
        self.breakers.pop((bucket.upstream.name, model), None)

    def forget(self, bucket: str) -> int:
        """Clear the benches of a bucket; return how many there were."""
        return self.book.forget(f"{bucket}/")

    def _probe(self, key: str, now: float, bench: Bench | None) -> bool:
        """Take the probe of a bench that has one due; False when another was first."""
        if bench is None or bench.standing(now) != "probe":
            return True
        taken: list[bool] = []

        def claim(old: Bench | None) -> Bench | None:
            taken.append(old is None or old.standing(now) != "rests")
            return claimed(old, now, self.probe_after_s)

        self.book.change(key, claim)
        return all(taken)

    def _keys(self, bucket: Bucket, model: str) -> tuple[str, str]:
        return self._key(bucket, model), self._key(bucket, ANY)

    def _key(self, bucket: Bucket, model: str) -> str:
        return f"{bucket.id}/{self.account(bucket.id)}/{model}"
