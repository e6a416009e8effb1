"""The providers by their protocol; each is a function of its context."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from weighlock.credentials import Wire
from weighlock.providers.calling import attempt
from weighlock.providers.context import CallContext, MissingCallContext
from weighlock.providers.exchange import Answer

Provider = Callable[[CallContext], Awaitable[Answer]]
"""One attempt of one call; keeps nothing."""


async def anthropic(ctx: CallContext) -> Answer:
    """Call Anthropic's Messages."""
    return await attempt(ctx, "anthropic")


async def openai_responses(ctx: CallContext) -> Answer:
    """Call OpenAI's Responses."""
    return await attempt(ctx, "openai-responses")


async def openai_chat(ctx: CallContext) -> Answer:
    """Call chat completions, as OpenAI and many others speak them."""
    return await attempt(ctx, "openai-chat")


async def gemini(ctx: CallContext) -> Answer:
    """Call Google's Gemini."""
    return await attempt(ctx, "gemini")


@dataclass(frozen=True, slots=True)
class Registry:
    """Which provider speaks which protocol; itself a provider."""

    providers: Mapping[Wire, Provider]

    async def __call__(self, ctx: CallContext) -> Answer:
        """Call the provider of a context's protocol, and hand it that very context.

        Raises:
            MissingCallContext: The context names no protocol, or one that nobody here
                speaks.
        """
        provider = None if ctx.wire is None else self.providers.get(ctx.wire)
        if provider is None:
            raise MissingCallContext(("wire",), "call")
        return await provider(ctx)


PROVIDERS = Registry(
    MappingProxyType(
        {
            "anthropic": anthropic,
            "openai-responses": openai_responses,
            "openai-chat": openai_chat,
            "gemini": gemini,
        }
    )
)


async def complete(ctx: CallContext) -> Answer:
    """Ask a model, in the protocol that the context names; one attempt.

    Args:
        ctx: With an attempt; ``Orchestrator.call(complete, ctx)`` sees to that.

    Raises:
        MissingCallContext: The context lacks something.
        CallRefused: The upstream refused, or could not be reached.
    """
    return await PROVIDERS(ctx)
