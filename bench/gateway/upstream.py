"""A provider that costs next to nothing: a raw protocol with ready answers.

    python bench/gateway/upstream.py

prints its port and serves until it is ended. A message with ``events N at RATE`` is
answered by a stream of N events, RATE a second; 0 is as fast as it can.
"""

import asyncio
import json
import re
from dataclasses import dataclass

import uvloop

_TEXT = "word " * 100
_WORD = "some words of an answer"
_USAGE = {"input_tokens": 5000, "output_tokens": 100}
_COUNTS = {"prompt_tokens": 5000, "completion_tokens": 100, "total_tokens": 5100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is said in one protocol, ready to be sent."""

    whole: bytes
    start: bytes
    word: bytes
    stop: bytes


def _whole(document: dict[str, object]) -> bytes:
    body = json.dumps(document).encode()
    head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:"
    return f"{head} {len(body)}\r\n\r\n".encode() + body


def _chunk(text: str) -> bytes:
    return b"%x\r\n%s\r\n" % (len(text), text.encode())


def _event(data: dict[str, object]) -> bytes:
    return _chunk(f"event: {data['type']}\ndata: {json.dumps(data)}\n\n")


def _part(delta: dict[str, str], reason: str | None, **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    part = {**_CHAT, "object": "chat.completion.chunk", "choices": [choice], **more}
    return _chunk(f"data: {json.dumps(part)}\n\n")


_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_END = b"0\r\n\r\n"
_CHAT = {"id": "chatcmpl-1", "created": 1_700_000_000, "model": "m"}
_SAID = {"role": "assistant", "content": _TEXT}

MESSAGES = Answers(
    whole=_whole(
        {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": "m",
            "content": [{"type": "text", "text": _TEXT}],
            "stop_reason": "end_turn",
            "usage": _USAGE,
        }
    ),
    start=_HEAD + _event({"type": "message_start", "message": {"usage": _USAGE}}),
    word=_event(
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": _WORD},
        }
    ),
    stop=_event(
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 100},
        }
    )
    + _event({"type": "message_stop"})
    + _END,
)
CHAT = Answers(
    whole=_whole(
        {
            **_CHAT,
            "object": "chat.completion",
            "choices": [{"index": 0, "message": _SAID, "finish_reason": "stop"}],
            "usage": _COUNTS,
        }
    ),
    start=_HEAD + _part({"role": "assistant", "content": ""}, None),
    word=_part({"content": _WORD}, None),
    stop=_part({}, "stop", usage=_COUNTS) + _chunk("data: [DONE]\n\n") + _END,
)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_EVENTS = re.compile(rb"events (\d+) at (\d+) ")


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
        length = _LENGTH.search(self.data, 0, end)
        if len(self.data) < end + 4 + (int(length[1]) if length else 0):
            return
        events = _EVENTS.search(self.data, end)
        answers = (
            CHAT if b"/chat/" in self.data[: self.data.find(b"\r\n")] else MESSAGES
        )
        self.data = b""
        if events is None:
            self.transport.write(answers.whole)
            return
        self.transport.write(answers.start)
        self._next(answers, int(events[1]), int(events[2]))

    def _next(self, answers: Answers, left: int, rate: int) -> None:
        if not rate:
            self.transport.write(answers.word * left + answers.stop)
        elif left and not self.transport.is_closing():
            self.transport.write(answers.word)
            loop = asyncio.get_running_loop()
            loop.call_later(1 / rate, self._next, answers, left - 1, rate)
        else:
            self.transport.write(answers.stop)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Provider, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
