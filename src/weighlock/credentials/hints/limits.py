"""Headers that say until when: one row per form, in the order they are believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from weighlock.credentials.hints import times
from weighlock.credentials.policy.words import Scope

Headers = Mapping[str, str]
"""Names in lower case."""

_ANTHROPIC = ("requests", "tokens", "input-tokens", "output-tokens")
_UNIFIED = "anthropic-ratelimit-unified"
_WINDOWS = ("5h", "7d", "7d_opus", "7d_sonnet", "overage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Until when, and for what."""

    until: float
    """Seconds since the epoch."""
    scope: Scope


def from_headers(headers: Headers, now: float) -> Wait | None:
    """Return what the first header says that says anything."""
    for scope, read in _ORDER:
        if (until := read(headers, now)) is not None:
            return Wait(until=until, scope=scope)
    return None


def account_wide(headers: Headers) -> bool:
    """Say whether a window of the whole account is spent, not one model's."""
    return headers.get(f"{_UNIFIED}-status", "").lower() == "rejected"


def _retry_after_ms(headers: Headers, now: float) -> float | None:
    return times.milliseconds(headers.get("retry-after-ms"), now)


def _retry_after(headers: Headers, now: float) -> float | None:
    return times.moment(headers.get("retry-after"), now)


def _unified(headers: Headers, now: float) -> float | None:
    """Read Anthropic's account windows; observed by clients, not documented."""
    if not account_wide(headers):
        return None
    whole = times.moment(headers.get(f"{_UNIFIED}-reset"), now)
    if whole is not None:
        return whole
    spent = (
        times.moment(headers.get(f"{_UNIFIED}-{window}-reset"), now)
        for window in _WINDOWS
        if headers.get(f"{_UNIFIED}-{window}-status", "").lower() == "rejected"
    )
    return max((at for at in spent if at is not None), default=None)


def _anthropic(headers: Headers, now: float) -> float | None:
    """Read the minute windows of which nothing remains (RFC 3339)."""
    spent = (
        times.moment(headers.get(f"anthropic-ratelimit-{what}-reset"), now)
        for what in _ANTHROPIC
        if _none_left(headers.get(f"anthropic-ratelimit-{what}-remaining"))
    )
    return max((at for at in spent if at is not None), default=None)


def _openai(headers: Headers, now: float) -> float | None:
    """Read ``6m0s`` of what is spent; when nothing is said to be, the longest.

    A request may need more tokens than remain, so that "remaining" is not 0.
    """
    found: dict[bool, list[float]] = {True: [], False: []}
    for what in ("requests", "tokens"):
        at = times.moment(headers.get(f"x-ratelimit-reset-{what}"), now)
        if at is not None:
            left = headers.get(f"x-ratelimit-remaining-{what}")
            found[_none_left(left)].append(at)
    return max(found[True] or found[False], default=None)


def _none_left(text: str | None) -> bool:
    try:
        return text is not None and float(text) <= 0
    except ValueError:
        return False


_ORDER: tuple[tuple[Scope, Callable[[Headers, float], float | None]], ...] = (
    ("model", _retry_after_ms),
    ("model", _retry_after),
    ("bucket", _unified),
    ("model", _anthropic),
    ("model", _openai),
)
