"""An answer → whose fault it is. The first row that fits decides."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from weighlock.credentials.hints import bodies, limits
from weighlock.credentials.hints.bodies import Told
from weighlock.credentials.policy.hint import Hint
from weighlock.credentials.policy.words import Detail, Fault, Scope

_MONEY = frozenset(
    {
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
        "billing_error",
        "credits_required",
        "insufficient_credits",
        "insufficient_balance",
    }
)
_MONEY_TEXT = re.compile(r"credit balance is too low|insufficient (?:balance|credits)")
_ACCOUNT = frozenset({"usage_limit_reached", "usage_limit_exceeded"})
"""A window of the account, whatever the model."""
_SPENT = _ACCOUNT | {
    "daily_limit_exceeded",
    "quota_exceeded",
    "rate_limit_error",
    "rate_limit_exceeded",
    "resource_exhausted",
    "too_many_requests",
}
"""A quota; some vendors and proxies say so with status 403."""
_DEAD = frozenset(
    {
        "account_deactivated",
        "api_key_expired",
        "api_key_invalid",
        "authentication_error",
        "expired_api_key",
        "expired_token",
        "invalid_api_key",
        "invalid_token",
        "key_expired",
        "key_revoked",
        "revoked_api_key",
        "token_expired",
        "token_invalidated",
        "token_revoked",
        "unauthenticated",
    }
)
_GOOGLE_DEAD = frozenset({"api_key_invalid", "api_key_expired"})
"""Google says these with status 400."""
_KEY = r"(?:api[ _-]?key|access token|oauth token|auth token|token|credentials?)"
_GONE = (
    r"(?:revoked|expired|deactivated|disabled|suspended|leaked|deleted"
    r"|no longer valid)"
)
_DEAD_TEXT = re.compile(
    rf"\b{_KEY}\b[^.;]{{0,60}}\b{_GONE}\b|\b{_GONE}\b[^.;]{{0,20}}\b{_KEY}\b"
    r"|\b(?:invalid|incorrect) api[ _-]?key\b|\binvalid (?:bearer|access|oauth) token\b"
)
_IN_STREAM: tuple[tuple[int, frozenset[str]], ...] = (
    (402, _MONEY),
    (429, _SPENT),
    (401, _DEAD),
    (403, frozenset({"permission_error", "permission_denied"})),
    (
        400,
        frozenset(
            {
                "context_length_exceeded",
                "content_filter",
                "content_policy_violation",
                "failed_precondition",
                "invalid_argument",
                "invalid_prompt",
                "invalid_request_error",
                "not_found",
                "not_found_error",
                "request_too_large",
                "string_above_max_length",
            }
        ),
    ),
)
"""Status that an error in a 200 answer stands for; an unknown one is the upstream's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    status: int
    headers: Mapping[str, str]
    told: Told

    def says(self, words: frozenset[str]) -> bool:
        return any(word in words for word in self.told.words)


def classify(
    status: int, headers: Mapping[str, str], body: bytes, *, now: float
) -> Hint:
    """Say whose fault an answer is.

    Args:
        status: HTTP status.
        headers: In any case.
        body: Of an error, whole; of a success, nothing is needed.
        now: Seconds since the epoch.
    """
    if _fine(status) and not body:
        return Hint(fault="none", status=status)
    return _judged(status, headers, bodies.read(body, now), now)


def classify_event(document: object, *, now: float) -> Hint:
    """Say whose fault a parsed event of a 200 stream is; ``none`` when no error.

    Args:
        document: The event's JSON: ``error``, ``response.failed``, a chunk.
        now: Seconds since the epoch.
    """
    return _judged(200, {}, bodies.told(document, now), now)


def _judged(status: int, headers: Mapping[str, str], told: Told, now: float) -> Hint:
    if _fine(status):
        if not told.present:
            return Hint(fault="none", status=status)
        seen = _Seen(status=_stands_for(told), headers={}, told=told)
    else:
        lower = {name.lower(): value for name, value in headers.items()}
        seen = _Seen(status=status, headers=lower, told=told)
    row = next(row for row in _ROWS if row.fits(seen))
    wait = limits.from_headers(seen.headers, now)
    waits = row.fault in {"quota", "upstream"}
    return Hint(
        fault=row.fault,
        detail=row.detail,
        scope=_scope(row, seen, wait),
        retry_at=(wait.until if wait else told.until) if waits else None,
        status=status,
        code=next(iter(told.words), ""),
        terminal=row.terminal or (row.fault == "quota" and told.daily),
    )


def _fine(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def _stands_for(told: Told) -> int:
    for status, words in _IN_STREAM:
        if any(word in words for word in told.words):
            return status
    return told.status or 500


def _scope(row: "_Row", seen: _Seen, wait: limits.Wait | None) -> Scope:
    if row.fault != "quota" or row.detail == "billing":
        return row.scope
    whole = limits.account_wide(seen.headers) or seen.says(_ACCOUNT)
    return "bucket" if whole else wait.scope if wait else row.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    fits: Callable[[_Seen], bool]
    fault: Fault
    detail: Detail = ""
    scope: Scope = "bucket"
    terminal: bool = False


def _money(seen: _Seen) -> bool:
    if seen.status == HTTPStatus.PAYMENT_REQUIRED:
        return True
    if seen.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}:
        return bool(_MONEY_TEXT.search(seen.told.text)) or seen.says(_MONEY)
    return seen.status == HTTPStatus.TOO_MANY_REQUESTS and seen.says(_MONEY)


def _spent(seen: _Seen) -> bool:
    if seen.status == HTTPStatus.FORBIDDEN:
        return seen.says(_SPENT)
    return seen.status == HTTPStatus.TOO_MANY_REQUESTS


def _dead(seen: _Seen) -> bool:
    if seen.status == HTTPStatus.BAD_REQUEST:
        return seen.says(_GOOGLE_DEAD)
    dead = seen.says(_DEAD) or bool(_DEAD_TEXT.search(seen.told.text))
    return seen.status == HTTPStatus.UNAUTHORIZED or (
        seen.status == HTTPStatus.FORBIDDEN and dead
    )


_ROWS = (
    _Row(fits=_money, fault="quota", detail="billing", terminal=True),
    _Row(fits=_spent, fault="quota", detail="quota", scope="model"),
    _Row(fits=_dead, fault="credential", detail="rejected-key", terminal=True),
    _Row(
        fits=lambda s: (
            s.status == HTTPStatus.REQUEST_TIMEOUT
            or s.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        ),
        fault="upstream",
        detail="overloaded",
        scope="upstream",
    ),
    _Row(
        fits=lambda s: (
            s.status < HTTPStatus.BAD_REQUEST
        ),  # nothing of ours is sent to another address
        fault="upstream",
        detail="network",
        scope="upstream",
    ),
    _Row(fits=lambda _: True, fault="request"),
)
