"""What an upstream's answer says: whose fault it is, and until when."""

from dataclasses import dataclass

from weighlock.credentials.policy.words import Detail, Fault, Reason, Scope

_REASONS: dict[Fault, Reason] = {
    "none": "skipped",
    "request": "skipped",
    "quota": "quota-exhausted",
    "credential": "expired-refresh-failed",
    "upstream": "upstream-failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One answer, classified. Made by ``classify``, ``network`` or ``stalled``."""

    fault: Fault
    detail: Detail = ""
    scope: Scope = "bucket"
    """What is at fault: the bucket for one model, all of it, or the upstream."""
    retry_at: float | None = None
    """Seconds since the epoch; None when the answer named no time."""
    status: int | None = None
    code: str = ""
    """The upstream's own word."""
    terminal: bool = False
    """Waiting a moment cannot help: money, a spent day, a dead key."""

    @property
    def passes(self) -> bool:
        """Say whether the answer goes to the client untouched."""
        return self.fault in {"none", "request"}

    @property
    def reason(self) -> Reason:
        """Return the reason that a bucket with this answer is left for."""
        return _REASONS[self.fault]


def network(code: str = "") -> Hint:
    """Return the hint of a connection that failed, broke or was cut.

    Args:
        code: A word for it, such as the error's class; never a URL.
    """
    return Hint(fault="upstream", detail="network", scope="upstream", code=code)


def stalled(code: str = "") -> Hint:
    """Return the hint of an upstream that stayed silent past the deadline."""
    return Hint(fault="upstream", detail="stalled", scope="upstream", code=code)
