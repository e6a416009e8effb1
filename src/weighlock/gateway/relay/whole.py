"""An answer that is one document: it is given when it is whole, or not at all."""

import asyncio

import aiohttp
import orjson

from weighlock.gateway.relay.broken import Broken
from weighlock.gateway.relay.upstream import Answer
from weighlock.gateway.wire import Reading, Sign, Wire

BODY_LIMIT = 64 * 1024 * 1024
"""Bytes of an answer that are held."""


_COARSE_S = 0.25


def extend(limit: asyncio.Timeout, at: float) -> None:
    """Move a deadline, if it would move by more than a moment: timers are not free."""
    when = limit.when()
    if when is None or abs(at - when) > _COARSE_S:
        limit.reschedule(at)


async def body(response: Answer, limit: asyncio.Timeout, idle_s: float) -> bytes:
    """Read all of an answer.

    Raises:
        Broken: It was cut, or is too large to be held.
    """
    loop = asyncio.get_running_loop()
    parts: list[bytes] = []
    size = 0
    try:
        while part := await response.content.readany():
            parts.append(part)
            size += len(part)
            if size > BODY_LIMIT:
                raise Broken("oversized-answer")
            if response.content.at_eof():
                break
            extend(limit, loop.time() + idle_s)
    except (aiohttp.ClientError, OSError) as error:
        raise Broken(type(error).__name__) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def understand(data: bytes, wire: Wire, reading: Reading) -> None:
    """Read the document of an answer of status 200.

    Raises:
        Broken: It is not one whole JSON document: it was cut, or is another's page.
    """
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Broken("malformed-answer") from None
    if isinstance(document, list):
        _understand_all(document, wire, reading)
    elif isinstance(document, dict) and document:
        wire.whole(document, reading)
    else:
        raise Broken("malformed-answer")


def _understand_all(chunks: list[object], wire: Wire, reading: Reading) -> None:
    """Read the chunks of a Gemini stream that was asked for as one array."""
    for chunk in chunks:
        if not isinstance(chunk, dict):
            raise Broken("malformed-answer")
        if wire.sign(chunk, reading) is Sign.FAULT:
            return
    if not reading.finished:
        raise Broken("cut")
