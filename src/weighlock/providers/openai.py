"""OpenAI's two protocols: Responses, and chat completions, which many speak."""

from collections.abc import Mapping

from weighlock.providers.context import CallContext
from weighlock.providers.exchange import Answer, Tokens
from weighlock.providers.reading import count, table, tables, text

RESPONSES = "/v1/responses"
CHAT = "/v1/chat/completions"


def responses_path(ctx: CallContext) -> str:
    """Return where a call of Responses goes."""
    del ctx
    return RESPONSES


def responses_body(ctx: CallContext) -> dict[str, object]:
    """Say what is asked, as Responses wants it."""
    asked: dict[str, object] = {"model": ctx.model, "input": _messages(ctx)}
    if ctx.system:
        asked["instructions"] = ctx.system
    if ctx.max_tokens is not None:
        asked["max_output_tokens"] = ctx.max_tokens
    if ctx.temperature is not None:
        asked["temperature"] = ctx.temperature
    asked.update(ctx.extra)
    return asked


def responses_answer(document: Mapping[str, object]) -> Answer:
    """Read what Responses answered; its reasoning is no part of the text."""
    usage = table(document.get("usage"))
    said = [
        text(part.get("text"))
        for item in tables(document.get("output"))
        if item.get("type") == "message"
        for part in tables(item.get("content"))
        if part.get("type") == "output_text"
    ]
    why = table(document.get("incomplete_details")).get("reason")
    cached = table(usage.get("input_tokens_details")).get("cached_tokens")
    return Answer(
        text="".join(said),
        model=text(document.get("model")),
        finish=text(why) or text(document.get("status")),
        tokens=Tokens(
            input=count(usage.get("input_tokens")),
            output=count(usage.get("output_tokens")),
            cache_read=count(cached),
        ),
        document=document,
    )


def chat_path(ctx: CallContext) -> str:
    """Return where a chat completion goes."""
    del ctx
    return CHAT


def chat_body(ctx: CallContext) -> dict[str, object]:
    """Say what is asked, as chat completions want it."""
    system = [{"role": "system", "content": ctx.system}] if ctx.system else []
    asked: dict[str, object] = {
        "model": ctx.model,
        "messages": [*system, *_messages(ctx)],
    }
    if ctx.max_tokens is not None:
        asked["max_tokens"] = ctx.max_tokens
    if ctx.temperature is not None:
        asked["temperature"] = ctx.temperature
    asked.update(ctx.extra)
    return asked


def chat_answer(document: Mapping[str, object]) -> Answer:
    """Read the first choice of a chat completion."""
    usage = table(document.get("usage"))
    choice = next(tables(document.get("choices")), {})
    cached = table(usage.get("prompt_tokens_details")).get("cached_tokens")
    return Answer(
        text=text(table(choice.get("message")).get("content")),
        model=text(document.get("model")),
        finish=text(choice.get("finish_reason")),
        tokens=Tokens(
            input=count(usage.get("prompt_tokens")),
            output=count(usage.get("completion_tokens")),
            cache_read=count(cached),
        ),
        document=document,
    )


def _messages(ctx: CallContext) -> list[dict[str, str]]:
    return [{"role": role, "content": said} for role, said in ctx.messages]
