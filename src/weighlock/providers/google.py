"""Google's Gemini protocol."""

from collections.abc import Mapping
from urllib.parse import quote

from weighlock.providers.context import CallContext
from weighlock.providers.exchange import Answer, Tokens
from weighlock.providers.reading import count, table, tables, text, total

_ROLES = {"user": "user", "assistant": "model"}


def path(ctx: CallContext) -> str:
    """Return where a call goes; the model is a part of it."""
    return f"/v1beta/models/{quote(ctx.model, safe='')}:generateContent"


def body(ctx: CallContext) -> dict[str, object]:
    """Say what is asked, as the protocol wants it."""
    asked: dict[str, object] = {
        "contents": [
            {"role": _ROLES[role], "parts": [{"text": said}]}
            for role, said in ctx.messages
        ]
    }
    if ctx.system:
        asked["systemInstruction"] = {"parts": [{"text": ctx.system}]}
    how = {"maxOutputTokens": ctx.max_tokens, "temperature": ctx.temperature}
    if given := {key: value for key, value in how.items() if value is not None}:
        asked["generationConfig"] = given
    asked.update(ctx.extra)
    return asked


def answer(document: Mapping[str, object]) -> Answer:
    """Read the first candidate; its thoughts are no part of the text."""
    usage = table(document.get("usageMetadata"))
    found = next(tables(document.get("candidates")), {})
    parts = tables(table(found.get("content")).get("parts"))
    blocked = table(document.get("promptFeedback")).get("blockReason")
    return Answer(
        text="".join(text(p.get("text")) for p in parts if not p.get("thought")),
        model=text(document.get("modelVersion")),
        finish=text(found.get("finishReason")) or text(blocked),
        tokens=Tokens(
            input=count(usage.get("promptTokenCount")),
            output=total(
                usage.get("candidatesTokenCount"), usage.get("thoughtsTokenCount")
            ),
            cache_read=count(usage.get("cachedContentTokenCount")),
        ),
        document=document,
    )
