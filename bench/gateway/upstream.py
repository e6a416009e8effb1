"""A provider that costs next to nothing: a raw protocol with ready answers.

    python bench/gateway/upstream.py

prints its port and serves until it is ended. ``x-events: N/RATE`` in a request asks for
a stream of N events, RATE a second; 0 is as fast as it can.
"""

import asyncio
import json
import re

import uvloop

_TEXT = "word " * 100
WHOLE = json.dumps(
    {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": _TEXT}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 5000, "output_tokens": 100},
    }
).encode()
_ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    % len(WHOLE)
) + WHOLE
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)


def _event(data: dict[str, object]) -> bytes:
    text = f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(text), text)


_START = _event({"type": "message_start", "message": {"usage": {"input_tokens": 5000}}})
_WORD = _event(
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": "some words of an answer"},
    }
)
_STOP = (
    _event(
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 100},
        }
    )
    + _event({"type": "message_stop"})
    + b"0\r\n\r\n"
)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_EVENTS = re.compile(rb"x-events: *(\d+)/(\d+)", re.IGNORECASE)


class Provider(asyncio.Protocol):
    """Answer each whole request at once, or event by event."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request."""
        self.transport = transport
        self.data = b""

    def data_received(self, data: bytes) -> None:
        """Answer, when the request is whole."""
        self.data += data
        end = self.data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.data[:end]
        length = _LENGTH.search(head)
        if len(self.data) < end + 4 + (int(length[1]) if length else 0):
            return
        self.data = b""
        events = _EVENTS.search(head)
        if events is None:
            self.transport.write(_ANSWER)
            return
        self.transport.write(_HEAD + _START)
        self._next(int(events[1]), int(events[2]))

    def _next(self, left: int, rate: int) -> None:
        if not rate:
            self.transport.write(_WORD * left + _STOP)
        elif left and not self.transport.is_closing():
            self.transport.write(_WORD)
            loop = asyncio.get_running_loop()
            loop.call_later(1 / rate, self._next, left - 1, rate)
        else:
            self.transport.write(_STOP)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Provider, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
