"""Benches: how long a bucket rests, and when one real request may try it early."""

from dataclasses import dataclass, replace
from typing import Literal

from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.policy.words import Detail, Reason

FIRST_S = 30.0
MOST_S = 1800.0
"""A bench without a hint: 30 s, doubled each time in a row, up to half an hour."""
BILLING_S = 3600.0
"""Money does not come back by itself; a probe notices when somebody has paid."""
MOST_STRIKES = 16
CLOCK_S = 60.0
"""A bench that begins further ahead was written before the clock was set back."""
FOREVER = 32_503_680_000.0
"""The year 3000: until the credential is another one. JSON knows no infinity."""

Standing = Literal["free", "probe", "rests"]
"""``probe``: it rests, but the next request may try it, and only that one."""

ANY = "*"
"""Every model of a bucket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """One bucket, for one model or for all, that rests."""

    since: float
    until: float
    probe_at: float
    """From then on one request may try it; moved on when one does."""
    reason: Reason
    detail: Detail
    strikes: int = 0
    """How many times in a row it was benched without a word about how long."""

    def standing(self, now: float) -> Standing:
        """Say whether it may be used now."""
        if now >= self.until:
            return "free"
        return "probe" if now >= self.probe_at or self._ahead(now) else "rests"

    def moved(self, now: float) -> "Bench":
        """Return it as if it had begun now, if the clock was set back meanwhile."""
        if not self._ahead(now):
            return self
        over = self.until >= FOREVER
        until = self.until if over else self.until - self.since + now
        return replace(self, since=now, until=until)

    def _ahead(self, now: float) -> bool:
        return now < self.since - CLOCK_S

    @property
    def earliest(self) -> float | None:
        """Return when it may serve again; None: only with another credential."""
        return None if self.until >= FOREVER else self.until


def benched(
    old: Bench | None, hint: Hint, *, now: float, began: float, probe_after_s: float
) -> Bench:
    """Return the bench after a fault; it only ever gets longer.

    Args:
        old: The bench until now.
        hint: A fault of quota or credential.
        now: Seconds since the epoch.
        began: When the attempt began: what began before the bench adds no strike.
        probe_after_s: A longer bench is tried this often.
    """
    fresh = old is None or began >= old.since
    strikes = old.strikes if old else 0
    named = _named(hint, now)
    if named is not None:
        until = named
    elif fresh:
        until = now + min(FIRST_S * 2**strikes, MOST_S)
        strikes = min(strikes + 1, MOST_STRIKES)
    else:
        until = now
    if old is not None and old.until > until:
        return replace(old, strikes=strikes, probe_at=max(old.probe_at, now))
    return Bench(
        since=now if fresh or old is None else old.since,
        until=until,
        probe_at=now + probe_after_s,
        reason=hint.reason,
        detail=hint.detail,
        strikes=strikes,
    )


def _named(hint: Hint, now: float) -> float | None:
    """Return until when, if the answer or the kind of fault says so."""
    if hint.fault == "credential":
        return FOREVER
    if hint.retry_at is None and hint.detail == "billing":
        return now + BILLING_S
    return hint.retry_at


def claimed(bench: Bench | None, now: float, probe_after_s: float) -> Bench | None:
    """Return the bench with its probe taken, or as it is when none is due."""
    if bench is None or bench.standing(now) != "probe":
        return bench
    return replace(bench.moved(now), probe_at=now + probe_after_s)


def cleared(bench: Bench | None, began: float) -> Bench | None:
    """Return what a success leaves of a bench: nothing, unless it began before."""
    return bench if bench is not None and began < bench.since else None
