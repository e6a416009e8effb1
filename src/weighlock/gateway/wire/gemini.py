"""Gemini's generateContent: what its chunks mean, and how it says no."""

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
    rows,
    split,
    table,
)
from weighlock.gateway.wire.sse import plain

_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
}
_SERVERS = 500
_RETRY = "type.googleapis.com/google.rpc.RetryInfo"


def _tokens(usage: object) -> Tokens:
    counts = table(usage)
    told = [number(counts.get(key)) for key in _KINDS]
    read, used, written, thought = told
    whole = None if read is None else read + (used or 0)
    output = None if written is thought is None else (written or 0) + (thought or 0)
    cached = number(counts.get("cachedContentTokenCount"))
    return split(Tokens(input=whole, output=output), cached)


_KINDS = (
    "promptTokenCount",
    "toolUsePromptTokenCount",
    "candidatesTokenCount",
    "thoughtsTokenCount",
)


def _sign(chunk: Document, reading: Reading) -> Sign:
    if chunk.get("error"):
        return reading.failed(error_in(chunk))
    reading.count(_tokens(chunk.get("usageMetadata")))
    candidates = rows(chunk.get("candidates"))
    says = [_candidate(table(one), reading) for one in candidates]
    blocked = bool(table(chunk.get("promptFeedback")).get("blockReason"))
    if candidates or blocked:
        reading.finished = not reading.open
    return Sign.CONTENT if blocked or any(says) else Sign.HELD


def _candidate(candidate: Document, reading: Reading) -> bool:
    index = number(candidate.get("index")) or 0
    if candidate.get("finishReason"):
        reading.open.discard(index)
        return True
    reading.open.add(index)
    parts = rows(table(candidate.get("content")).get("parts"))
    return any(any(table(part).values()) for part in parts)


def _whole(document: Document, reading: Reading) -> None:
    reading.count(_tokens(document.get("usageMetadata")))
    if document.get("error"):
        reading.fault = fault_of(error_in(document))


def _refusal(refusal: Refusal) -> bytes:
    other = "INTERNAL" if refusal.status >= _SERVERS else "INVALID_ARGUMENT"
    status = _STATUS.get(refusal.status, other)
    error: dict[str, object] = {
        "code": refusal.status,
        "message": refusal.message,
        "status": status,
    }
    if refusal.retry_after_s is not None:
        delay = f"{refusal.retry_after_s}s"
        error["details"] = [{"@type": _RETRY, "retryDelay": delay}]
    return orjson.dumps({"error": error})


WIRE = Wire(
    name="gemini",
    sign=_sign,
    whole=_whole,
    refusal=_refusal,
    event=lambda refusal: plain(_refusal(refusal)),
    ping=b"",
)
