"""The ways in which vendors write a moment or a span, as seconds since the epoch."""

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

CEILING_S = 31 * 86_400.0
"""No hint is believed past a month."""

_EPOCH = 1e9
"""A number from here on is a moment, not a span."""
_EPOCH_MS = 1e11
_UNITS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|us|µs|ns|d|h|m|s)", re.ASCII)
_SPAN = re.compile(rf"(?:{_PART.pattern}\s*)+", re.ASCII)


def number(text: object, now: float) -> float | None:
    """Read seconds from now, or seconds or milliseconds since the epoch."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    if value >= _EPOCH_MS:
        return _sane(value / 1000, now)
    return _sane(value if value >= _EPOCH else now + value, now)


def milliseconds(text: object, now: float) -> float | None:
    """Read milliseconds from now."""
    try:
        value = float(text) if isinstance(text, str | int | float) else math.nan
    except ValueError:
        return None
    return _sane(now + value / 1000, now) if math.isfinite(value) else None


def span(text: object, now: float) -> float | None:
    """Read ``6m0s``, ``1h2m``, ``250ms``, ``37.5s`` (Go and Google), from now."""
    if not isinstance(text, str) or not _SPAN.fullmatch(text.strip()):
        return None
    parts = _PART.findall(text)
    return _sane(now + sum(float(n) * _UNITS.get(u, 0.0) for n, u in parts), now)


def date(text: object, now: float) -> float | None:
    """Read an HTTP date or an RFC 3339 moment; one without a zone is UTC."""
    if not isinstance(text, str):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.strip())
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return _sane(aware.timestamp(), now)
    return None


def moment(text: object, now: float) -> float | None:
    """Read whatever it is: a number, a span, a date."""
    for read in (number, span, date):
        if (found := read(text, now)) is not None:
            return found
    return None


def _sane(at: float, now: float) -> float:
    return min(max(at, now), now + CEILING_S)
