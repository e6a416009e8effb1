"""What every protocol's reader says of an answer: tokens, signs, faults."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal

import orjson

ProtocolName = Literal["anthropic", "openai-responses", "openai-chat", "gemini"]

Document = Mapping[str, object]
"""A JSON object of a body or an event, as it came."""


class Sign(IntEnum):
    """What one event of a stream means to whoever relays it, by weight."""

    HELD = 0
    """Says nothing yet: a ping, a role, an empty message. An error may still follow."""
    CONTENT = 1
    DONE = 2
    """The last event of the protocol: the answer is whole."""
    FAULT = 3
    """An error inside a stream that began with 200; it is in ``Reading.fault``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of one answer by kind, no token in two of them; None is unknown."""

    input: int | None = None
    """Read at the full price: what came from a cache is not among them."""
    output: int | None = None
    """Written, thinking included."""
    cache_read: int | None = None
    cache_write: int | None = None

    def known(self) -> bool:
        """Say whether the provider told anything."""
        return self.input is not None or self.output is not None

    def plus(self, other: "Tokens") -> "Tokens":
        """Return the sum; unknown and a number make the number."""
        if other is NO_TOKENS:
            return self
        return Tokens(
            input=_sum(self.input, other.input),
            output=_sum(self.output, other.output),
            cache_read=_sum(self.cache_read, other.cache_read),
            cache_write=_sum(self.cache_write, other.cache_write),
        )

    def over(self, other: "Tokens") -> "Tokens":
        """Return these counts, and the other's where these say nothing."""
        if other is NO_TOKENS:
            return self
        return Tokens(
            input=_first(self.input, other.input),
            output=_first(self.output, other.output),
            cache_read=_first(self.cache_read, other.cache_read),
            cache_write=_first(self.cache_write, other.cache_write),
        )


NO_TOKENS = Tokens()


def _sum(one: int | None, two: int | None) -> int | None:
    return two if one is None else one if two is None else one + two


def _first(one: int | None, two: int | None) -> int | None:
    return two if one is None else one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error that came inside an answer of status 200."""

    status: int
    """The status it would have had as a plain answer."""
    body: bytes
    """``{"error": …}``, as such an answer would have carried it."""


@dataclass(slots=True)
class Reading:
    """What is known of one answer so far."""

    tokens: Tokens = NO_TOKENS
    finished: bool = False
    """The content is whole, though the protocol's last event may be missing."""
    fault: Fault | None = None
    open: set[int] = field(default_factory=set)
    """Alternatives that began and have not ended."""

    def count(self, tokens: Tokens) -> None:
        """Take counts that are cumulative: the later one holds."""
        self.tokens = tokens.over(self.tokens)

    def failed(self, error: Document) -> Sign:
        """Take an error out of a stream."""
        self.fault = fault_of(error)
        return Sign.FAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer of our own, in the words of a protocol."""

    status: int
    message: str
    retry_after_s: int | None = None
    why: str = ""
    """Value of the header ``x-gateway-error``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One protocol as functions of documents."""

    name: ProtocolName
    sign: Callable[[Document, Reading], Sign]
    """Read one event of a stream."""
    whole: Callable[[Document, Reading], None]
    """Read an answer that is one document; a fault goes to ``Reading.fault``."""
    refusal: Callable[[Refusal], bytes]
    """Say no in the body that this protocol's clients understand."""
    event: Callable[[Refusal], bytes]
    """Say the same inside a stream that has begun."""
    ping: bytes = b": wait\n\n"
    """What keeps a waiting client awake and means nothing; empty where some clients
    take any line that is no data for a fault."""


def table(value: object) -> Document:
    """Return a JSON object, an empty one when it is none."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[object]:
    """Return a JSON array, an empty one when it is none."""
    return value if isinstance(value, list) else []


def number(value: object) -> int | None:
    """Return a count that is not negative, else None."""
    return value if type(value) is int and value >= 0 else None


def without(whole: int | None, part: int | None) -> int | None:
    """Take a part that a provider counts among the whole out of it."""
    return None if whole is None else max(0, whole - (part or 0))


def split(tokens: Tokens, cached: int | None) -> Tokens:
    """Move what was read from a cache out of the input."""
    return replace(tokens, input=without(tokens.input, cached), cache_read=cached)


_STATUS = {
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "usage_limit_reached": 429,
    "billing_hard_limit_reached": 429,
    "credits_required": 429,
    "RESOURCE_EXHAUSTED": 429,
    "billing_error": 402,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "UNAUTHENTICATED": 401,
    "permission_error": 403,
    "PERMISSION_DENIED": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "NOT_FOUND": 404,
    "request_too_large": 413,
    "context_length_exceeded": 400,
    "content_policy_violation": 400,
    "content_filter": 400,
    "invalid_prompt": 400,
    "cyber_policy": 400,
    "bio_policy": 400,
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "api_error": 500,
    "server_error": 500,
    "INTERNAL": 500,
    "slow_down": 503,
    "server_is_overloaded": 503,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
    "timeout_error": 504,
    "overloaded_error": 529,
    "invalid_request_error": 400,
}
"""A provider's word for an error → the status it sends with it."""


def error_in(document: Document) -> Document:
    """Return the error of a document, which may be no more than a text."""
    found = document.get("error")
    return found if isinstance(found, dict) else {"message": str(found or "")}


UNKNOWN_FAULT = 500
_STATUSES = range(400, 600)


def fault_of(error: Document) -> Fault:
    """Give an error that came inside an answer the status it stands for."""
    named = [error.get(key) for key in ("code", "status", "status_code", "type")]
    numbers = (n for n in named if type(n) is int and n in _STATUSES)
    digits = (int(n) for n in named if isinstance(n, str) and n.isdecimal())
    words = (_STATUS[n] for n in named if isinstance(n, str) and n in _STATUS)
    found = (n for source in (numbers, digits, words) for n in source)
    status = next((n for n in found if n in _STATUSES), UNKNOWN_FAULT)
    return Fault(status=status, body=orjson.dumps({"type": "error", "error": error}))
