"""One form sent to an authorisation server; aiohttp is loaded when it is."""

import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson

TIMEOUT_S = 30.0
MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; status 0: there was none."""

    status: int
    body: Mapping[str, object] = field(default_factory=dict)
    """Its JSON object; empty when it is none."""


Post = Callable[[str, Mapping[str, str], tuple[str, str] | None], Awaitable[Reply]]
"""(address, form, (client id, client secret) or None) → answer. Never raises."""


async def post(
    url: str, form: Mapping[str, str], client: tuple[str, str] | None = None
) -> Reply:
    """Send a form; follow no redirect, so that no secret goes elsewhere."""
    import aiohttp

    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    headers = {"accept": "application/json"}
    if client is not None:
        pair = base64.b64encode(":".join(client).encode()).decode()
        headers["authorization"] = f"Basic {pair}"
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.post(url, data=form, allow_redirects=False) as answer,
        ):
            data = await whole(answer.content.iter_any(), MOST_BYTES)
            return Reply(status=answer.status, body=_object(data))
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return Reply(status=0)  # the error's text may hold the address with its query


async def whole(pieces: AsyncIterator[bytes], most: int) -> bytes:
    """Return all of an answer; a single read may end after its first packet.

    Raises:
        ValueError: It is longer than that.
    """
    data = bytearray()
    async for piece in pieces:
        data += piece
        if len(data) > most:
            raise ValueError("the answer is too long")
    return bytes(data)


def _object(data: bytes) -> Mapping[str, object]:
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
