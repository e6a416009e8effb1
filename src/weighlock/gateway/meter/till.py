"""The till: what each token's requests came to, and whether it may go on."""

from dataclasses import dataclass, field, replace

from weighlock.credentials import BucketFailure
from weighlock.gateway.door.grants import Grant
from weighlock.gateway.meter.budget import Limits, over
from weighlock.gateway.meter.ledger import Ledger
from weighlock.gateway.meter.prices import Price, Prices
from weighlock.gateway.meter.spent import Account, Meter, Spent
from weighlock.gateway.record import OVER, UNMETERED, Record, Tried
from weighlock.gateway.wire import NO_TOKENS, Refusal

_ERRORS = 400
_MOST_MODELS = 256
_LATER = frozenset({"cooling-down", "circuit-open"})
"""That a bucket still rests does not say why it does."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the requests of one token came to: the judge of an agent's turn."""

    requests: int = 0
    served: int = 0
    """Requests for an answer that got one, whole."""
    last_status: int | None = None
    """What the last request for an answer was told; None before the first."""
    last_served: bool = False
    refused: str = ""
    """Why the last one was refused by the gateway: ``all-buckets-exhausted``, …"""
    told: str = ""
    """What the client was told then."""
    retry_at: float | None = None
    """When a bucket may serve again, if none was left for the last one."""
    reasons: dict[str, BucketFailure] = field(default_factory=dict)
    """Bucket → why it was last left in a request of this token."""
    meter: Meter = field(default_factory=Meter)
    """What they came to, by bucket and model."""

    @property
    def spent(self) -> Spent:
        """Return what they came to, all together."""
        return self.meter.of()

    def add(self, record: Record) -> None:
        """Note how one more request ended; what it cost is the meter's."""
        self.last_served = record.served and record.status < _ERRORS
        self.requests += 1
        self.served += self.last_served
        self.last_status = record.status
        self.refused = record.refused
        self.told = record.told
        self.retry_at = record.retry_at
        for bucket, failure in record.reasons.items():
            if failure.reason == "skipped":
                continue
            if bucket not in self.reasons or failure.detail not in _LATER:
                self.reasons[bucket] = failure

    def copy(self) -> "Tally":
        """Return it as it is now, whatever comes later."""
        return replace(self, reasons=dict(self.reasons), meter=self.meter.copy())


class Till:
    """Counts requests for tokens, accounts and budgets."""

    def __init__(self, prices: Prices, ledger: Ledger | None) -> None:
        self.meter = Meter() if ledger is None else ledger.meter()
        self.limits = Limits()
        self._prices = prices
        self._ledger = ledger
        self._known: dict[str, Price | None] = {}
        self._tallies: dict[str, Tally] = {}

    def begin(self, grant: Grant) -> None:
        """Count for a grant from now on."""
        self._tallies[grant.id] = Tally()

    def end(self, grant: Grant) -> None:
        """Forget a grant's own sums; those of its accounts stay."""
        self._tallies.pop(grant.id, None)

    def of(self, grant: Grant) -> Tally:
        """Return what a grant's requests came to until now."""
        return self._tally(grant).copy()

    def refusal(self, grant: Grant, model: str) -> Refusal | None:
        """Say why a request may not be spent on now."""
        if grant.budget.is_none() and not self.limits.rules:
            return None
        if self._ledger is not None and self._ledger.failed:
            told = f"spending cannot be written down: {self._ledger.failed}"
            return Refusal(status=503, message=told, why=UNMETERED)
        priced = self._price(model) is not None
        reached = over(grant.budget, self._tally(grant).spent, priced=priced)
        reached = reached or self.limits.reached(grant, self.meter, priced=priced)
        if reached is None:
            return None
        return Refusal(status=429, message=reached, why=OVER)

    def count(self, grant: Grant, record: Record) -> None:
        """Add a request that is over."""
        tally = self._tally(grant)
        for one in record.attempts:
            cost = self._cost(one, record)
            if cost is None:
                continue
            account = _account(grant, one, record)
            self.meter.add(account, cost)
            tally.meter.add(account, cost)
            if self._ledger is not None:
                self._ledger.write(account, cost)
        tally.add(record)

    def _tally(self, grant: Grant) -> Tally:
        return self._tallies.get(grant.id) or Tally()

    def _price(self, model: str) -> Price | None:
        """Look a price up once; a run asks for few models."""
        if model not in self._known:
            if len(self._known) >= _MOST_MODELS:
                self._known.clear()
            self._known[model] = self._prices.of(model)
        return self._known[model]

    def _cost(self, one: Tried, record: Record) -> Spent | None:
        """Return what one attempt came to; None when nothing was begun."""
        tokens = one.reading.tokens
        refused = one.status is None or one.status >= _ERRORS
        if not tokens.known() and (refused or not one.given):
            return None
        price = self._price(record.model or "")
        cost = None if price is None else price.cost(tokens)
        last = one is record.last
        return Spent(
            requests=int(one.given),
            tokens=tokens,
            unmetered=int(not tokens.known()),
            cost=cost or 0.0,
            unpriced=int(cost is None),
            seconds=record.duration_s if last else 0.0,
            discarded=NO_TOKENS if one.given else tokens,
        )


def _account(grant: Grant, one: Tried, record: Record) -> Account:
    return Account(
        run=grant.run,
        phase=grant.phase,
        attempt=grant.attempt,
        role=grant.role,
        bucket=one.bucket,
        model=record.model or "",
    )
