"""One attempt of one call: a pure function of its context, but for the sending."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import orjson

from weighlock.credentials import Wire, classify, network, stalled
from weighlock.credentials.policy.redact import Redactor
from weighlock.providers import google, messages, openai
from weighlock.providers.context import Attempt, CallContext
from weighlock.providers.exchange import Answer, CallRefused, Outgoing
from weighlock.providers.reading import table, text

MOST_SAID = 400
"""Characters of an upstream's message that are passed on."""
_JSON = MappingProxyType({"content-type": "application/json"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How one protocol is spoken: three pure functions."""

    path: Callable[[CallContext], str]
    body: Callable[[CallContext], Mapping[str, object]]
    answer: Callable[[Mapping[str, object]], Answer]
    headers: Mapping[str, str]


SPEECHES: Mapping[Wire, Speech] = MappingProxyType(
    {
        "anthropic": Speech(
            path=messages.path,
            body=messages.body,
            answer=messages.answer,
            headers=MappingProxyType({**_JSON, **messages.HEADERS}),
        ),
        "openai-responses": Speech(
            path=openai.responses_path,
            body=openai.responses_body,
            answer=openai.responses_answer,
            headers=_JSON,
        ),
        "openai-chat": Speech(
            path=openai.chat_path,
            body=openai.chat_body,
            answer=openai.chat_answer,
            headers=_JSON,
        ),
        "gemini": Speech(
            path=google.path, body=google.body, answer=google.answer, headers=_JSON
        ),
    }
)


def normalised(ctx: CallContext, wire: Wire) -> Outgoing:
    """Return the request of a call, in a protocol.

    Raises:
        MissingCallContext: The context lacks what the protocol or the way needs.
    """
    ctx.require("normalise", "model", "messages")
    speech = SPEECHES[wire]
    asked = speech.body(ctx)
    way = ctx.under_way()
    return Outgoing(
        url=way.upstream.base_url + speech.path(ctx),
        headers={**speech.headers, **way.credential.headers(wire)},
        body=orjson.dumps(asked),
    )


async def attempt(ctx: CallContext, wire: Wire) -> Answer:
    """Send a call once, and read what comes back.

    Raises:
        MissingCallContext: The context lacks something.
        CallRefused: It was refused, or could not be delivered.
    """
    out, way = normalised(ctx, wire), ctx.under_way()
    try:
        async with asyncio.timeout(ctx.timeout_s):
            came = await way.send(out)
    except TimeoutError:
        raise CallRefused(way.upstream.name, stalled()) from None
    except OSError as error:
        hint = network(type(error).__name__)
        raise CallRefused(way.upstream.name, hint) from None
    document = _document(came.body)
    hint = classify(came.status, came.headers, came.body, now=came.at)
    if hint.fault == "none" and not document:
        hint = network("not-json")
    if hint.fault != "none":
        raise CallRefused(way.upstream.name, hint, _said(document, way))
    return SPEECHES[wire].answer(document)


def _document(body: bytes) -> Mapping[str, object]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    if isinstance(found, list) and found:  # Google wraps errors so
        found = found[0]
    return table(found)


def _said(document: Mapping[str, object], way: Attempt) -> str:
    """Return the upstream's message; a credential that it repeats is taken out."""
    error = document.get("error")
    said = text(table(error).get("message")) or text(error)
    redactor = Redactor()
    redactor.learn(way.credential.secret.reveal())
    return " ".join(redactor.text(said).split())[:MOST_SAID]
