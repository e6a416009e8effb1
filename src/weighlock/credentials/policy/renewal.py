"""When a token is renewed before it runs out, and when that is given up."""

from dataclasses import dataclass

SHORTEST_S = 300.0
"""A token that lives shorter is renewed when it is used, never by a timer."""
SHARE = 0.80
JITTER = 0.05
RETRY_S = 60.0
MOST_FAILURES = 3
SLICE_S = 60.0
"""The longest single sleep, so that a machine that was suspended notices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """The timer of one token."""

    version: str
    """The token it was set for; another one sets it anew."""
    due: float | None
    """Seconds since the epoch; None: no timer."""
    failures: int = 0


def due_at(
    obtained_at: float | None, expires_at: float | None, random: float
) -> float | None:
    """Return when to renew: at 80 % of the lifetime at issue, up to 5 % earlier.

    Args:
        obtained_at: When the token was issued.
        expires_at: When it runs out.
        random: From 0 to 1.
    """
    if obtained_at is None or expires_at is None:
        return None
    life = expires_at - obtained_at
    if not life >= SHORTEST_S:  # also what is no number
        return None
    return obtained_at + SHARE * life - random * JITTER * life


def after_failure(old: Renewal, now: float, *, permanent: bool) -> Renewal:
    """Return the timer after a failure: 60 s, 120 s, then none."""
    failures = old.failures + 1
    given_up = permanent or failures >= MOST_FAILURES
    due = None if given_up else now + RETRY_S * 2 ** (failures - 1)
    return Renewal(version=old.version, due=due, failures=failures)
