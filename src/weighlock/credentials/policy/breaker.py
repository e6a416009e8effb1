"""The circuit breaker of an upstream: after five faults in a row it is left alone."""

from dataclasses import dataclass, replace

from weighlock.credentials.policy.words import Detail

FAULTS = 5
FIRST_S = 5.0
MOST_S = 30.0
TRIAL_S = 30.0
"""A trial that says nothing for so long counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What is known about one upstream and model; a new one is closed."""

    faults: int = 0
    """In a row."""
    opened: int = 0
    """Times in a row."""
    until: float = 0.0
    """Open until then; afterwards one request at a time tries."""
    trial_until: float = 0.0
    detail: Detail = "overloaded"

    def shut_until(self, now: float) -> float | None:
        """Return until when nothing may be sent, or None when something may."""
        if self.faults < FAULTS:
            return None
        until = max(self.until, self.trial_until)
        ahead = until > now + max(MOST_S, TRIAL_S)  # the clock was set back
        return until if now < until and not ahead else None

    def tried(self, now: float) -> "Breaker":
        """Return it with a request under way: the one trial, if it was open."""
        return replace(self, trial_until=now + TRIAL_S) if self.opened else self

    def left(self) -> "Breaker":
        """Return it after a trial that ended without an answer."""
        return replace(self, trial_until=0.0)

    def faulted(self, now: float, detail: Detail, began: float) -> "Breaker":
        """Return it after a fault.

        Args:
            now: Seconds since the epoch.
            detail: What the upstream did.
            began: When the attempt began: one from before it opened opens no longer.
        """
        faults = self.faults + 1
        if faults < FAULTS:
            return replace(self, faults=faults, detail=detail)
        if self.opened and began < self.until:
            return replace(self, faults=faults, trial_until=0.0)
        return Breaker(
            faults=faults,
            opened=self.opened + 1,
            until=now + min(FIRST_S * 2**self.opened, MOST_S),
            detail=detail,
        )
