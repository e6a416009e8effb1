"""Requests as fast, as many or as patient as asked, and what they cost a process."""

import asyncio
import json
import socket
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

BODY = json.dumps(
    {
        "model": "m",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "x" * 20_000}],
    }
).encode()
_END = b"0\r\n\r\n"
_WORD = b"some words of an answer"
"""What every event of a stream says, whoever has passed it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where requests go, and whose time they cost."""

    port: int
    pid: int
    token: str = ""
    path: str = "/v1/messages"
    headers: str = "anthropic-version: 2023-06-01\r\n"

    def request(self, events: str = "") -> bytes:
        """Return the bytes of one request; ``N/RATE`` asks for a stream of N events."""
        body = BODY
        if events:
            many, rate = events.split("/")
            body = BODY.replace(b'"m",', b'"m", "stream": true,')
            body = body.replace(b'"xx', f'"events {many} at {rate} x'.encode())
        head = (
            f"POST {self.path} HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n"
            f"authorization: Bearer {self.token or 'none'}\r\n{self.headers}"
            "content-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def cpu(self) -> float:
        """Return the processor time that the process has used, in seconds."""
        return time.clock_gettime(~self.pid << 3 | 2)  # clock_getcpuclockid of Linux

    def memory(self) -> float:
        """Return its resident memory in MB."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        line = next(x for x in text.splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def whole(data: bytes) -> bool:
    """Say whether an answer is all there.

    Raises:
        RuntimeError: It is none of status 200.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return False
    start = head.lower()
    if not start.startswith(b"http/1.1 200"):
        raise RuntimeError(data[:2000].decode("latin-1"))
    _, named, length = start.partition(b"\r\ncontent-length:")
    return len(rest) >= int(length.split(b"\r\n")[0]) if named else rest.endswith(_END)


def latency(place: Place, times: int) -> float:
    """Return the median of one request after the other on one connection."""
    request = place.request()
    with socket.create_connection(("127.0.0.1", place.port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return statistics.median(_answered(wire, request) for _ in range(times))


def _answered(wire: socket.socket, request: bytes) -> float:
    began = perf_counter()
    wire.sendall(request)
    data = wire.recv(65536)
    while not whole(data):
        if not (more := wire.recv(65536)):
            raise ConnectionError("closed early")
        data += more
    return perf_counter() - began


class Client(asyncio.Protocol):
    """Sends one request after the other; an answer ends where ``ends`` says."""

    def __init__(self, request: bytes, times: int, ends: "asyncio.Future[int]") -> None:
        self.request, self.left, self.ends = request, times, ends
        self.data, self.events = b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Send the next one when the answer is whole."""
        self.data += data
        try:
            if not whole(self.data):
                return
        except RuntimeError as error:
            self.transport.close()
            self.ends.set_exception(error)
            return
        self.events += self.data.count(_WORD)
        self.data = b""
        self.left -= 1
        if self.left:
            self.transport.write(self.request)
        else:
            self.transport.close()
            self.ends.set_result(self.events)

    def connection_lost(self, error: Exception | None) -> None:
        """Say so when the answers were not all there."""
        if not self.ends.done():
            self.ends.set_exception(error or ConnectionError("closed early"))


async def together(place: Place, connections: int, times: int, events: str = "") -> int:
    """Send so many requests on so many connections; return the events that came."""
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(connections)]
    request = place.request(events)
    for end in ends:
        await loop.create_connection(
            lambda end=end: Client(request, times, end), "127.0.0.1", place.port
        )
    return sum([await end for end in ends])
