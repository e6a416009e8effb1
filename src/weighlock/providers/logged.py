"""Tell what calls come to: a wrapper that knows only the context of the active call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from weighlock.credentials import Wire
from weighlock.providers.context import CallContext
from weighlock.providers.exchange import Answer, CallRefused, Tokens
from weighlock.providers.registry import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """One turn of one attempt; there is neither a secret nor a text in it."""

    what: Literal["asked", "answered", "refused", "broken"]
    runtime: str
    wire: Wire | None
    model: str
    bucket: str = ""
    attempt: int = 0
    status: int | None = None
    detail: str = ""
    """Why it was refused, or the class of the error that broke it."""
    tokens: Tokens | None = None
    """Of an answer."""


def logged(provider: Provider, tell: Callable[[CallEvent], None]) -> Provider:
    """Wrap a provider, so that every attempt is told before and after."""

    async def wrapped(ctx: CallContext) -> Answer:
        tell(_event(ctx, "asked"))
        try:
            answer = await provider(ctx)
        except CallRefused as refused:
            hint = refused.answer
            why = hint.detail or hint.code
            tell(_event(ctx, "refused", status=hint.status, detail=why))
            raise
        except BaseException as error:
            tell(_event(ctx, "broken", detail=type(error).__name__))
            raise
        tell(_event(ctx, "answered", status=200, tokens=answer.tokens))
        return answer

    return wrapped


def _event(
    ctx: CallContext,
    what: Literal["asked", "answered", "refused", "broken"],
    *,
    status: int | None = None,
    detail: str = "",
    tokens: Tokens | None = None,
) -> CallEvent:
    way = ctx.attempt
    return CallEvent(
        what=what,
        runtime=ctx.runtime,
        wire=ctx.wire,
        model=ctx.model,
        bucket=way.bucket if way else "",
        attempt=way.number if way else 0,
        status=status,
        detail=detail,
        tokens=tokens,
    )
