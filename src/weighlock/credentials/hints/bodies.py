"""Bodies of error answers: the vendor's word, its text, and until when."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import orjson

from weighlock.credentials.hints import times

MOST_BYTES = 256 * 1024
"""An error that is longer is not read."""

_AGAIN = re.compile(
    r"try again in ((?:\d+(?:\.\d+)?\s*(?:ms|h|m|s)\s*)+)", re.IGNORECASE
)
_DEPTH = 3
_ERRORS = range(400, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the body of an error says."""

    words: tuple[str, ...] = ()
    """Codes, types and reasons in lower case, the most exact one first."""
    text: str = ""
    """The message, lower case, for the few faults that have no code."""
    status: int | None = None
    """A status inside the body, of an error in a 200 answer."""
    until: float | None = None
    daily: bool = False
    """A quota of a whole day is spent (Google's QuotaFailure)."""
    present: bool = False
    """Whether there is an error at all."""


def read(body: bytes, now: float) -> Told:
    """Read an error of any of the four protocols; what is none says nothing."""
    if not body or len(body) > MOST_BYTES:
        return Told()
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Told(text=body[:4096].decode(errors="replace").lower())
    return told(document, now)


def told(document: object, now: float) -> Told:
    """Read an error that was parsed already."""
    error = _error(document)
    if error is None:
        return Told()
    details = tuple(_details(error))
    return Told(
        words=tuple(_words(error, details)),
        text=str(error.get("message") or "").lower(),
        status=_status(error),
        until=_until(error, details, now),
        daily="perday" in str(_quotas(details)).lower(),
        present=True,
    )


def _error(document: object, depth: int = 0) -> Mapping[str, object] | None:
    """Find the error object in an envelope of any protocol."""
    if isinstance(document, list) and document:
        document = document[0]
    if not isinstance(document, dict) or depth > _DEPTH:
        return None
    inner = document.get("error")
    if isinstance(inner, str) and inner:
        return {"code": inner, **document}
    if isinstance(inner, dict) and inner:
        return inner
    if document.get("type") == "response.failed":
        return _error(document.get("response"), depth + 1)
    if document.get("type") == "error":
        return {k: v for k, v in document.items() if k != "type"}
    return None


def _details(error: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    details = error.get("details")
    if isinstance(details, list):
        yield from (d for d in details if isinstance(d, dict))


def _words(
    error: Mapping[str, object], details: tuple[Mapping[str, object], ...]
) -> Iterator[str]:
    inner = [d.get("reason") for d in details]
    for value in (*inner, error.get("code"), error.get("type"), error.get("status")):
        if isinstance(value, str) and value:
            yield value.lower()


def _status(error: Mapping[str, object]) -> int | None:
    for key in ("code", "status", "status_code"):
        value = error.get(key)
        if isinstance(value, int) and value in _ERRORS:
            return value
    return None


def _until(
    error: Mapping[str, object], details: tuple[Mapping[str, object], ...], now: float
) -> float | None:
    found = [times.moment(error.get("resets_at"), now)]
    found.append(times.number(error.get("resets_in_seconds"), now))
    found += [times.moment(d.get("retryDelay"), now) for d in details]
    said = _AGAIN.search(str(error.get("message") or ""))
    found.append(times.span(said[1], now) if said else None)
    return next((at for at in found if at is not None), None)


def _quotas(details: tuple[Mapping[str, object], ...]) -> list[object]:
    kinds = (d for d in details if str(d.get("@type", "")).endswith("QuotaFailure"))
    return [d.get("violations") for d in kinds]
