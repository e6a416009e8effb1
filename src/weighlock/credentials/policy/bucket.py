"""A bucket: one credential with its own quota, at one upstream."""

from dataclasses import dataclass

from weighlock.credentials.policy.words import Kind, Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """One provider: where requests go, and in which protocol."""

    name: str
    """Its table's name, ``providers.<name>``."""
    wire: Wire
    base_url: str
    """Without ``/v1`` and without a slash at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One credential with its own quota. Holds no secret and no state."""

    id: str
    upstream: Upstream
    kind: Kind
    max_in_flight: int | None = None
    """Requests at once; None: no limit."""
    enabled: bool = True
