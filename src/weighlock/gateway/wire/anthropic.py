"""Anthropic Messages: what its events mean, and how it says no."""

import orjson

from weighlock.gateway.wire.model import (
    Document,
    Reading,
    Refusal,
    Sign,
    Tokens,
    Wire,
    error_in,
    fault_of,
    number,
    table,
)
from weighlock.gateway.wire.sse import named

_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    503: "overloaded_error",
}

_SERVERS = 500


def _tokens(usage: object) -> Tokens:
    counts = table(usage)
    return Tokens(
        input=number(counts.get("input_tokens")),
        output=number(counts.get("output_tokens")),
        cache_read=number(counts.get("cache_read_input_tokens")),
        cache_write=number(counts.get("cache_creation_input_tokens")),
    )


def _sign(event: Document, reading: Reading) -> Sign:
    kind = event.get("type")
    if kind == "content_block_delta":
        return Sign.CONTENT
    if kind == "error":
        return reading.failed(error_in(event))
    read = _READERS.get(str(kind))
    if read is not None:
        return read(event, reading)
    return reading.failed(error_in(event)) if event.get("error") else Sign.CONTENT


def _start(event: Document, reading: Reading) -> Sign:
    reading.count(_tokens(table(event.get("message")).get("usage")))
    return Sign.HELD


def _block(event: Document, _: Reading) -> Sign:
    block = table(event.get("content_block"))
    empty = block.get("type") == "text" and not block.get("text")
    return Sign.HELD if empty else Sign.CONTENT


def _delta(event: Document, reading: Reading) -> Sign:
    reading.count(_tokens(event.get("usage")))
    if table(event.get("delta")).get("stop_reason"):
        reading.finished = True
    return Sign.CONTENT


def _ping(_: Document, __: Reading) -> Sign:
    return Sign.HELD


def _stop(_: Document, reading: Reading) -> Sign:
    reading.finished = True
    return Sign.DONE


_READERS = {
    "message_start": _start,
    "ping": _ping,
    "content_block_start": _block,
    "message_delta": _delta,
    "message_stop": _stop,
}


def _whole(document: Document, reading: Reading) -> None:
    reading.count(_tokens(document.get("usage")))
    bare = bool(document.get("error")) and "content" not in document
    if bare or document.get("type") == "error":
        reading.fault = fault_of(error_in(document))


def _refusal(refusal: Refusal) -> bytes:
    other = "api_error" if refusal.status >= _SERVERS else "invalid_request_error"
    kind = _TYPES.get(refusal.status, other)
    error = {"type": kind, "message": refusal.message}
    return orjson.dumps({"type": "error", "error": error})


def _event(refusal: Refusal) -> bytes:
    return named("error", _refusal(refusal))


WIRE = Wire(
    name="anthropic",
    sign=_sign,
    whole=_whole,
    refusal=_refusal,
    event=_event,
    ping=named("ping", b'{"type": "ping"}'),
)
