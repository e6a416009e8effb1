"""Tokens: what a login gives, as it is kept and as an answer states it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from weighlock.credentials.policy.credential import Secret

DEFAULT_LIFE_S = 3600.0
"""Of a token whose answer names none (RFC 6749, 5.1 only recommends it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """An access token with what renews it."""

    access: Secret
    refresh: Secret | None
    obtained_at: float | None
    """Seconds since the epoch, at issue."""
    expires_at: float | None
    """None: the file does not say, so it counts as expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """Why there are no tokens: a word of RFC 6749, or of ours. Never a body."""

    code: str
    permanent: bool = False
    """Asking again cannot help."""


def answered(
    body: Mapping[str, object], now: float, before: Secret | None = None
) -> Tokens | Denied:
    """Read a token answer.

    Args:
        body: Its JSON.
        now: When it was asked for.
        before: The refresh token until now; kept when the answer has no other.
    """
    access = body.get("access_token")
    kind = body.get("token_type", "bearer")
    if not isinstance(access, str) or not _safe(access):
        return Denied(code="no_access_token")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        return Denied(code="token_type", permanent=True)
    refresh = body.get("refresh_token")
    given = isinstance(refresh, str) and bool(refresh)
    return Tokens(
        access=Secret(access),
        refresh=Secret(str(refresh)) if given else before,
        obtained_at=now,
        expires_at=now + (seconds(body.get("expires_in")) or DEFAULT_LIFE_S),
    )


def seconds(value: object) -> float | None:
    """Return a positive number of seconds that an answer states, also as text."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None


def to_table(tokens: Tokens) -> dict[str, object]:
    """Return what is kept; the one place that writes secrets down."""
    return {
        "access": tokens.access.reveal(),
        "refresh": tokens.refresh.reveal() if tokens.refresh else None,
        "obtained_at": tokens.obtained_at,
        "expires_at": tokens.expires_at,
    }


def from_table(table: object) -> Tokens | None:
    """Read what was kept; None when it makes no sense."""
    if not isinstance(table, dict):
        return None
    access, refresh = table.get("access"), table.get("refresh")
    if not isinstance(access, str) or not _safe(access):
        return None
    return Tokens(
        access=Secret(access),
        refresh=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        obtained_at=seconds(table.get("obtained_at")),
        expires_at=seconds(table.get("expires_at")),
    )


def _safe(text: str) -> bool:
    """Say whether a text can stand in a header."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text
