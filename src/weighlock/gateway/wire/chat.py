"""OpenAI chat completions: what its chunks mean."""

from weighlock.gateway.wire.model import (
    Document,
    Reading,
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
from weighlock.gateway.wire.openai import refusal_body
from weighlock.gateway.wire.sse import plain


def _tokens(usage: object) -> Tokens:
    counts = table(usage)
    cached = number(table(counts.get("prompt_tokens_details")).get("cached_tokens"))
    told = Tokens(
        input=number(counts.get("prompt_tokens")),
        output=number(counts.get("completion_tokens")),
    )
    return split(told, cached)


def _sign(chunk: Document, reading: Reading) -> Sign:
    if chunk.get("error"):
        return reading.failed(error_in(chunk))
    used = chunk.get("usage")
    if used:
        reading.count(_tokens(used))
    choices = rows(chunk.get("choices"))
    says = [_choice(table(choice), reading) for choice in choices]
    if choices:
        reading.finished = not reading.open
    return Sign.CONTENT if used or any(says) else Sign.HELD


def _choice(choice: Document, reading: Reading) -> bool:
    index = number(choice.get("index")) or 0
    if choice.get("finish_reason"):
        reading.open.discard(index)
        return True
    reading.open.add(index)
    said = table(choice.get("delta")).items()
    return bool(choice.get("text")) or any(v for k, v in said if k != "role")


def _whole(document: Document, reading: Reading) -> None:
    reading.count(_tokens(document.get("usage")))
    if document.get("error") and not document.get("choices"):
        reading.fault = fault_of(error_in(document))


WIRE = Wire(
    name="openai-chat",
    sign=_sign,
    whole=_whole,
    refusal=refusal_body,
    event=lambda refusal: plain(refusal_body(refusal)),
)
