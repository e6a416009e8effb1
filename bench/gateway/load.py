"""Requests as fast, as many or as patient as asked, and what they cost a process."""

import asyncio
import json
import os
import socket
import statistics
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
_TICKS = os.sysconf("SC_CLK_TCK")
_END = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where requests go, and whose time they cost."""

    port: int
    pid: int
    token: str = ""

    def request(self, events: str = "") -> bytes:
        """Return the bytes of one request."""
        body = BODY.replace(b'"m",', b'"m", "stream": true,') if events else BODY
        more = f"x-events: {events}\r\n" if events else ""
        head = (
            f"POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\n"
            f"x-api-key: {self.token}\r\nanthropic-version: 2023-06-01\r\n"
            f"content-type: application/json\r\n{more}"
            f"content-length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def cpu(self) -> float:
        """Return the processor time that the process has used, in seconds."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """Return its resident memory in MB."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        line = next(x for x in text.splitlines() if x.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def latency(place: Place, times: int) -> float:
    """Return the median of one request after the other on one connection."""
    request = place.request()
    with socket.create_connection(("127.0.0.1", place.port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        whole = _first(wire, request)
        taken = []
        for _ in range(times):
            began = perf_counter()
            wire.sendall(request)
            left = whole
            while left > 0:
                left -= len(wire.recv(65536))
            taken.append(perf_counter() - began)
    return statistics.median(taken)


def _first(wire: socket.socket, request: bytes) -> int:
    """Send one request; return how many bytes every answer has."""
    wire.sendall(request)
    data = wire.recv(65536)
    while b"\r\n\r\n" not in data:
        data += wire.recv(65536)
    head, _, rest = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    lines = head.lower().split(b"\r\n")
    length = next(int(x.split(b":")[1]) for x in lines if b"content-length" in x)
    while len(rest) < length:
        rest += wire.recv(65536)
    return len(head) + 4 + length


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
        head = self.data.find(b"\r\n\r\n")
        if head < 0:
            return
        start = self.data[:head].lower()
        assert start.startswith(b"http/1.1 200"), start
        at = start.find(b"content-length: ")
        if at >= 0:
            length = int(start[at + 16 :].split(b"\r\n")[0])
            if len(self.data) < head + 4 + length:
                return
        elif not self.data.endswith(_END):
            return
        self.events += self.data.count(b"text_delta")
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
