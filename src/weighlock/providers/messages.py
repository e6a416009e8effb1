"""Anthropic's Messages protocol."""

from collections.abc import Mapping

from weighlock.providers.context import CallContext
from weighlock.providers.exchange import Answer, Tokens
from weighlock.providers.reading import count, table, tables, text, total

PATH = "/v1/messages"
HEADERS = {"anthropic-version": "2023-06-01"}


def path(ctx: CallContext) -> str:
    """Return where a call goes."""
    del ctx
    return PATH


def body(ctx: CallContext) -> dict[str, object]:
    """Say what is asked, as the protocol wants it.

    Raises:
        MissingCallContext: There is no max_tokens, which it needs.
    """
    ctx.require("normalise", "max_tokens")
    asked: dict[str, object] = {
        "model": ctx.model,
        "max_tokens": ctx.max_tokens,
        "messages": [{"role": role, "content": said} for role, said in ctx.messages],
    }
    if ctx.system:
        asked["system"] = ctx.system
    if ctx.temperature is not None:
        asked["temperature"] = ctx.temperature
    asked.update(ctx.extra)
    return asked


def answer(document: Mapping[str, object]) -> Answer:
    """Read what was answered."""
    usage = table(document.get("usage"))
    read = usage.get("cache_read_input_tokens")
    written = usage.get("cache_creation_input_tokens")
    parts = tables(document.get("content"))
    return Answer(
        text="".join(text(p.get("text")) for p in parts if p.get("type") == "text"),
        model=text(document.get("model")),
        finish=text(document.get("stop_reason")),
        tokens=Tokens(
            input=total(usage.get("input_tokens"), read, written),
            output=count(usage.get("output_tokens")),
            cache_read=count(read),
            cache_write=count(written),
        ),
        document=document,
    )
