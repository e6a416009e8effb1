"""The connection upstream: one pool for each address, no cookies, no redirects.

Of aiohttp this uses what opens, keeps and reads connections, and not the session above
it: preparing a request that is passed on as it came takes the session longer than all
that the gateway does besides.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import StreamReader
from multidict import CIMultiDictProxy
from yarl import URL

from weighlock.gateway.call import Call, Pairs
from weighlock.gateway.relay.broken import Broken

HEADER_LIMIT = 64 * 1024
"""Bytes of one line or header of an answer."""
_KEPT_S = 15.0
"""How long an idle connection is kept; upstreams close theirs after a minute or so."""
_READ_BYTES = 64 * 1024
"""How much of an answer waits to be read before the upstream has to wait."""
_MOST_PLACES = 256
_REDIRECTS = range(300, 400)
_INTERIM = frozenset({100, *range(102, 200)})


class Answer:
    """An upstream's answer whose headers are there, and the way to its body."""

    __slots__ = ("_connection", "content", "headers", "raw_headers", "status")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.status = 0
        self.headers: CIMultiDictProxy[str]
        self.raw_headers: tuple[tuple[bytes, bytes], ...] = ()
        self.content: StreamReader

    async def begin(self, protocol: ResponseHandler) -> None:
        """Wait for the headers.

        Raises:
            Broken: It is no answer of HTTP.
        """
        message, content = await _message(protocol)
        while message.code in _INTERIM:
            message, content = await _message(protocol)
        self.status, self.content = message.code, content
        self.headers, self.raw_headers = message.headers, message.raw_headers
        content.on_eof(self.release)

    def release(self) -> None:
        """Let another request have the connection, if all of this answer was read.

        An answer that came before its request was sent leaves a rest of it behind.
        """
        transport = self._connection.transport
        if transport is not None and transport.get_write_buffer_size():
            self._connection.close()
        else:
            self._connection.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the connection; it is closed if something is left of the answer."""
        self.release()


async def _message(
    protocol: ResponseHandler,
) -> tuple[aiohttp.http.RawResponseMessage, StreamReader]:
    try:
        return await protocol.read()
    except HttpProcessingError:
        raise Broken("malformed-head") from None


@dataclass(frozen=True, slots=True)
class _Place:
    """An upstream's address as connections and requests need it."""

    request: aiohttp.ClientRequest
    """Names the connection; it is never sent."""
    path: bytes
    """What goes before every path."""
    host: bytes


class Client:
    """Requests upstream. Connections are shared by address, never by credential."""

    def __init__(self, *, connect_s: float) -> None:
        self._connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEPT_S)
        self._timeout = aiohttp.ClientTimeout(total=None, connect=connect_s)
        self._places: dict[str, _Place] = {}

    async def send(self, call: Call, base_url: str, keys: Mapping[str, str]) -> Answer:
        """Send a request and return when the answer's headers are there.

        Raises:
            Broken: The upstream sends the client elsewhere; a key does not follow.
        """
        place = self._places.get(base_url) or self._place(base_url)
        connection = await self._connected(place)
        answer = Answer(connection)
        try:
            await self._exchange(connection, answer, _head(call, place, keys), call)
        except BaseException:
            connection.close()
            raise
        return answer

    async def _connected(self, place: _Place) -> Connection:
        try:
            return await self._connector.connect(place.request, [], self._timeout)
        except TimeoutError as error:
            raise aiohttp.ConnectionTimeoutError from error

    async def _exchange(
        self, connection: Connection, answer: Answer, head: bytes, call: Call
    ) -> None:
        protocol = connection.protocol
        if protocol is None or protocol.transport is None:
            raise aiohttp.ServerDisconnectedError
        protocol.set_response_params(
            read_until_eof=True,
            read_bufsize=_READ_BYTES,
            max_line_size=HEADER_LIMIT,
            max_field_size=HEADER_LIMIT,
        )
        protocol.transport.write(head + call.body)
        await answer.begin(protocol)
        if answer.status in _REDIRECTS:
            raise Broken("redirect", answer.status)

    def _place(self, base_url: str) -> _Place:
        """Read an address; there are few."""
        if len(self._places) >= _MOST_PLACES:
            self._places.clear()
        url = URL(base_url, encoded=True)
        request = aiohttp.ClientRequest("POST", url, loop=asyncio.get_running_loop())
        self._places[base_url] = place = _Place(
            request=request,
            path=url.raw_path.rstrip("/").encode(),
            host=request.headers["host"].encode(),
        )
        return place

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()


def _head(call: Call, place: _Place, keys: Mapping[str, str]) -> bytes:
    """Write the head of a request.

    Raises:
        Broken: Something in it would end a line, and begin one of its own.
    """
    own: Pairs = [(b"host", place.host)]
    own += [(name.encode(), value.encode()) for name, value in keys.items()]
    if call.body or call.method == "POST":
        own.append((b"content-length", b"%d" % len(call.body)))
    first = b"%b %b%b HTTP/1.1" % (call.method.encode(), place.path, call.path)
    lines = [first, *[b"%b: %b" % pair for pair in own + call.headers], b"", b""]
    head = b"\r\n".join(lines)
    ends = len(lines) - 1
    if head.count(b"\r") != ends or head.count(b"\n") != ends or b"\0" in head:
        raise Broken("malformed-request")
    return head
