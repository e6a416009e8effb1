"""OpenAI Responses: what its events mean."""

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
    split,
    table,
)
from weighlock.gateway.wire.openai import error, refusal_body
from weighlock.gateway.wire.sse import named

_OPENING = frozenset({"response.created", "response.in_progress", "response.queued"})
_ENDING = frozenset({"response.completed", "response.incomplete", "response.cancelled"})


def _tokens(usage: object) -> Tokens:
    counts = table(usage)
    cached = number(table(counts.get("input_tokens_details")).get("cached_tokens"))
    told = Tokens(
        input=number(counts.get("input_tokens")),
        output=number(counts.get("output_tokens")),
    )
    return split(told, cached)


def _sign(event: Document, reading: Reading) -> Sign:
    kind = str(event.get("type"))
    if kind.endswith(".delta"):
        return Sign.CONTENT
    if kind in _OPENING:
        return Sign.HELD
    if kind in _ENDING:
        reading.count(_tokens(table(event.get("response")).get("usage")))
        reading.finished = True
        return Sign.DONE
    if kind in {"error", "response.failed"} or event.get("error"):
        return _failed(event, reading)
    return Sign.HELD if _empty(kind, event) else Sign.CONTENT


def _failed(event: Document, reading: Reading) -> Sign:
    response = table(event.get("response"))
    reading.count(_tokens(response.get("usage")))
    if event.get("error"):
        return reading.failed(error_in(event))
    bare = {key: value for key, value in event.items() if key != "type"}
    return reading.failed(table(response.get("error")) or bare)


def _empty(kind: str, event: Document) -> bool:
    """Say whether an event only opens a message that says nothing yet."""
    if kind == "response.output_item.added":
        item = table(event.get("item"))
        return item.get("type") == "message" and not item.get("content")
    if kind == "response.content_part.added":
        part = table(event.get("part"))
        return part.get("type") == "output_text" and not part.get("text")
    return False


def _whole(document: Document, reading: Reading) -> None:
    reading.count(_tokens(document.get("usage")))
    if document.get("error") and document.get("status", "failed") == "failed":
        reading.fault = fault_of(error_in(document))


def _event(refusal: Refusal) -> bytes:
    said = {"type": "error", "sequence_number": 0, **error(refusal)}
    return named("error", orjson.dumps({**said, "type": "error"}))


WIRE = Wire(
    name="openai-responses",
    sign=_sign,
    whole=_whole,
    refusal=refusal_body,
    event=_event,
)
