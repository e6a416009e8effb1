"""Model calls from Python: stateless providers, and buckets that they go on with.

A provider is a function of one frozen context; nothing is configured anywhere else, and
nothing is kept between two calls::

    ctx = CallContext(
        wire="anthropic", model="m", messages=(("user", "Hi"),), max_tokens=64
    )
    async with Orchestrator(pool) as orchestrator:
        answer = await orchestrator.call(complete, ctx)

What holds: no default of a process, no model, parameter or credential that outlives its
call (REQ-SP4-001, 002); everything travels in the context (003), through the registry
and ``logged`` alike (004); calls at once see nothing of each other (005).
"""

from weighlock.providers.agent import ModelAgent
from weighlock.providers.context import Attempt, CallContext, MissingCallContext, Send
from weighlock.providers.exchange import (
    Answer,
    CallRefused,
    Incoming,
    Outgoing,
    Tokens,
)
from weighlock.providers.logged import CallEvent, logged
from weighlock.providers.orchestrator import Orchestrator
from weighlock.providers.registry import (
    PROVIDERS,
    Provider,
    Registry,
    anthropic,
    complete,
    gemini,
    openai_chat,
    openai_responses,
)

__all__ = [
    "PROVIDERS",
    "Answer",
    "Attempt",
    "CallContext",
    "CallEvent",
    "CallRefused",
    "Incoming",
    "MissingCallContext",
    "ModelAgent",
    "Orchestrator",
    "Outgoing",
    "Provider",
    "Registry",
    "Send",
    "Tokens",
    "anthropic",
    "complete",
    "gemini",
    "logged",
    "openai_chat",
    "openai_responses",
]
