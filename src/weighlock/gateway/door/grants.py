"""Virtual tokens: what one attempt may ask for, and for how long.

Real keys never enter an agent's environment; it is given a token of its own. Only the
token's digest is kept, so what is in memory or in a log opens nothing. A digest is
looked up whole: how long that takes tells nothing about the token.
"""

import fnmatch
import hashlib
import secrets
from dataclasses import dataclass, field

from weighlock.gateway.wire import ProtocolName

PREFIX = "wl-run-"
_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one token may spend; None is no limit."""

    money: float | None = None
    """US dollars."""
    tokens: int | None = None
    """Tokens of every kind together."""
    minutes: float | None = None
    """Minutes in which requests were being served, summed."""

    def is_none(self) -> bool:
        """Say whether nothing is limited."""
        return self.money is self.tokens is self.minutes is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token allows, and whom its requests are counted for."""

    run: str = ""
    phase: str = ""
    attempt: int = 0
    role: str = ""
    protocols: frozenset[ProtocolName] | None = None
    """None: every protocol that is configured."""
    provider: str = ""
    """The one upstream that requests may go to; empty: any that speaks theirs."""
    models: tuple[str, ...] | None = None
    """Patterns such as ``claude-*``; None: every model."""
    budget: Budget = Budget()
    expires_at: float | None = None
    """Seconds since the epoch."""
    max_in_flight: int = 256
    """Requests at once: an agent that loops must not take every bucket."""
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    """A name for logs; it opens nothing."""

    def allows(self, model: str) -> bool:
        """Say whether requests for a model are let through."""
        if self.models is None:
            return True
        return any(fnmatch.fnmatchcase(model, pattern) for pattern in self.models)


class Grants:
    """The tokens that are valid, by their digests."""

    def __init__(self) -> None:
        self._grants: dict[bytes, Grant] = {}

    def issue(self, grant: Grant) -> str:
        """Make a token for a grant; it is told once and kept by nobody here."""
        token = PREFIX + secrets.token_urlsafe(_BYTES)
        self._grants[_digest(token)] = grant
        return token

    def find(self, token: str, now: float) -> Grant | None:
        """Return the grant of a token that is valid at this moment."""
        grant = self.grant(token)
        if grant is None or grant.expires_at is None or now < grant.expires_at:
            return grant
        return None

    def grant(self, token: str) -> Grant | None:
        """Return the grant of a token, expired or not."""
        return self._grants.get(_digest(token))

    def revoke(self, token: str) -> Grant | None:
        """Make a token worthless; return what it allowed."""
        return self._grants.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
