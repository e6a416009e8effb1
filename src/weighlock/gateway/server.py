"""The listening side: a socket of this machine, uvicorn behind it, nothing logged."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from weighlock.errors import RefusedError
from weighlock.gateway.app import LEAVING, App
from weighlock.gateway.door.guard import HEADER_LIMIT

_BACKLOG = 1024
_GRACE_S = 2
"""How long requests may go on when the gateway is told to stop."""
_KEPT_S = 75
HEAD_S = 30.0
"""How long a client may take to say what it wants."""
_SILENT = 1_000
"""Above every level: texts of the server may hold addresses with keys in them."""


class _Joined:
    """A transport that sends the head of an answer together with its first part.

    Two writes are two packets, and the client is woken twice. A head that nothing
    follows, of an answer without a body, waits only for the loop's next turn.
    """

    __slots__ = ("_head", "_loop", "_to", "is_closing")

    def __init__(self, to: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._to = to
        self._loop = loop
        self._head = b""
        self.is_closing = to.is_closing

    def write(self, data: bytes) -> None:
        """Send bytes; keep those of a head for a moment."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(b"HTTP/1.1 "):
            self._head = data
            self._loop.call_soon(self._flush)
            return
        self._to.write(data)

    def close(self) -> None:
        """Send what is left, and close."""
        self._flush()
        self._to.close()

    def _flush(self) -> None:
        if self._head:
            data, self._head = self._head, b""
            self._to.write(data)


class _Bounded(HttpToolsProtocol):
    """Drops a connection whose request line and headers do not end, or not soon."""

    _heading = 0
    _leaving: Sequence[Callable[[], None]] = ()
    _slow: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever; let answers go out in one piece."""
        super().connection_made(transport)
        self.transport = _Joined(transport, self.loop)  # type: ignore[assignment]
        self._slow = self.loop.call_later(HEAD_S, transport.close)

    def data_received(self, data: bytes) -> None:
        """Count what comes before the headers are complete."""
        self._heading += len(data)
        super().data_received(data)
        if self._heading > 0 and self._slow is None:
            self._slow = self.loop.call_later(HEAD_S, self.transport.close)
        if self._heading > 2 * HEADER_LIMIT and not self.transport.is_closing():
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Stop counting: what follows is a body, which has a limit of its own."""
        super().on_headers_complete()
        self._heading = -(1 << 62)
        self._in_time()
        self._leaving = []
        scope: dict[str, object] = self.scope  # type: ignore[assignment]
        scope[LEAVING] = self._leaving

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever answers that nobody waits any more."""
        super().connection_lost(exc)
        self._in_time()
        for leave in self._leaving:
            leave()

    def on_message_complete(self) -> None:
        """Count anew for the next request of the connection."""
        super().on_message_complete()
        self._heading = 0

    def _in_time(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None


class _Embedded(uvicorn.Server):
    """A server inside a program that has its own signals."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and say so."""
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Wait for the end; the ticks of the original only date its headers."""
        await self.stop.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield


def listen(port: int) -> socket.socket:
    """Return a socket that only this machine can reach.

    Raises:
        RefusedError: Another program has the port.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
    except OSError as error:
        found.close()
        raise RefusedError(
            f"port {port} cannot be had: {error.strerror}",
            hint="give another with --port, or 0 for any",
        ) from error
    return found


@contextlib.asynccontextmanager
async def serving(app: App, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an application until the block is left; then no request is left either."""
    config = uvicorn.Config(
        app,
        http=_Bounded,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level=_SILENT,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEPT_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Embedded(config)
    work = asyncio.ensure_future(server.serve(sockets=[listener]))
    await server.ready.wait()
    try:
        yield
    finally:
        server.stop.set()
        await work
