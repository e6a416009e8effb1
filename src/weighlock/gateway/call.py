"""One request as it is relayed, and the way back to its client."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from weighlock.gateway.door.grants import Grant
from weighlock.gateway.wire import Refusal, Wire

Message = dict[str, Any]
"""A message of ASGI, whose values are of many types."""
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a client asks for, with nothing of its credentials left."""

    id: str
    wire: Wire
    method: str
    path: bytes
    """Path and query, byte for byte, without keys."""
    headers: Pairs
    body: bytes
    model: str
    streams: bool
    generates: bool
    grant: Grant

    @property
    def quota(self) -> str:
        """Return what a quota of this request belongs to: the model, where it answers.

        Vendors count what only counts tokens, embeds or lists apart: that it is spent
        says nothing of the model's own quota.
        """
        if self.generates:
            return self.model
        asked = self.path.partition(b"?")[0].rpartition(b"/")[2]
        return f"{self.model} ({asked.decode()})"


class Cut(Exception):  # noqa: N818 - it is what happens to the client
    """An answer ends without an end; the server drops the connection."""


class Out:
    """The way back: what was sent so far, and the one clean end."""

    __slots__ = ("_send", "busy", "ended", "started", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.ended = False
        self.busy = False
        """Whether an answer is on its way: no ping may come between."""
        self.status = 0

    async def start(self, status: int, headers: Pairs) -> None:
        """Send the status; from here on it cannot change."""
        self.started = True
        self.status = status
        await self._send(
            {"type": "http.response.start", "status": status, "headers": headers}
        )

    async def write(self, data: bytes) -> None:
        """Send a part of the body."""
        await self._send(
            {"type": "http.response.body", "body": data, "more_body": True}
        )

    async def end(self, data: bytes = b"") -> None:
        """Send the last part: the answer is whole."""
        self.ended = True
        await self._send({"type": "http.response.body", "body": data})

    async def answer(
        self, wire: Wire, status: int, headers: Pairs, body: bytes
    ) -> None:
        """Send an answer in one go.

        Raises:
            Cut: A stream has begun already, and this is none: its status is past.
        """
        if self.started:
            told = f"the upstream answered {status}: {_shown(body)}"
            await self.write(wire.event(Refusal(status=status, message=told)))
            raise Cut
        length = (b"content-length", b"%d" % len(body))
        await self.start(status, [*headers, length])
        await self.end(body)

    async def refuse(self, wire: Wire, refusal: Refusal) -> None:
        """Say no in the words of a protocol."""
        headers = [(b"content-type", b"application/json")]
        if refusal.retry_after_s is not None:
            headers.append((b"retry-after", b"%d" % refusal.retry_after_s))
        if refusal.why:
            headers.append((b"x-gateway-error", refusal.why.encode()))
        await self.answer(wire, refusal.status, headers, wire.refusal(refusal))


_SHOWN = 500


def _shown(body: bytes) -> str:
    return body[:_SHOWN].decode("utf-8", "replace")
