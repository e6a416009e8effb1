"""What upstreams do beside the sixteen faults: odd heads, odd bodies, odd streams.

Bucket ``a`` is odd, bucket ``b`` at another upstream is well. Each row says who serves
in the end; a client is never given half an answer for a whole one.
"""

import asyncio
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from gateway_dialects import DIALECTS, TEXT, Dialect, event
from gateway_tests import Answer, Leaping, serves, serving, tables, upstream

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Odd:
    """One oddity, and what is right."""

    title: str
    answer: Callable[[Dialect], Answer]
    wire: str = "anthropic"
    by: str = "b"
    asked: int = 2
    """How often ``a`` is asked: a fault of an upstream is tried twice."""
    detail: str = "network"
    """Why ``a`` was left."""
    stream: bool = True
    status: int | None = None
    """What ``a`` answered, where the record is to say it."""


def whole(status: int, body: bytes, **headers: str) -> Callable[[Dialect], Answer]:
    return lambda _: lambda reply: reply.whole(status, body, **headers)


def raw(data: bytes) -> Callable[[Dialect], Answer]:
    """Answer with these bytes, and end the connection."""

    async def answer(reply):
        await reply.send(data)
        reply.writer.close()

    return lambda _: answer


def told(events: Callable[[Dialect], list[bytes]], **headers: str):
    """Answer with a stream of these pieces."""

    def made(dialect: Dialect) -> Answer:
        async def answer(reply):
            await reply.start(**headers)
            for one in events(dialect):
                await reply.chunk(one)
            await reply.end()

        return answer

    return made


def document(dialect: Dialect) -> bytes:
    return json.dumps(dialect.whole(TEXT)).encode()


def plain(data: Callable[[Dialect], bytes], head: bytes) -> Callable[[Dialect], Answer]:
    """Answer with a head of our own and a body; the connection's end ends it."""

    def made(dialect: Dialect) -> Answer:
        return raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + data(dialect))(dialect)

    return made


JSON = b"content-type: application/json\r\n"
SERVED = {"by": "a", "asked": 1, "detail": ""}
LEFT = {"asked": 1, "detail": "quota"}
MONEY = {"asked": 1, "detail": "billing"}
ODD = [
    Odd(title="429 with half an error", answer=whole(429, b'{"error": {"ty'), **LEFT),
    Odd(title="429 with a page", answer=whole(429, b"<html>slow down"), **LEFT),
    Odd(
        title="429 with a long wait",
        answer=whole(429, b"", retry_after="9" * 20),
        **LEFT,
    ),
    Odd(
        title="429 with a wait that is over",
        answer=whole(429, b"", retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
        detail="throttled",
    ),
    Odd(
        title="429 in a coat of gzip",
        answer=whole(
            429,
            gzip.compress(b'{"error": {"code": "insufficient_quota"}}'),
            content_encoding="gzip",
        ),
        **MONEY,
    ),
    Odd(
        title="an error in an array",
        answer=whole(
            429, b'[{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}]'
        ),
        wire="gemini",
        **LEFT,
    ),
    Odd(
        title="an error nested too deep", answer=whole(429, b'{"error":' * 3000), **LEFT
    ),
    Odd(
        title="an upstream that sends elsewhere", answer=whole(307, b"", location="/x")
    ),
    Odd(title="no content", answer=whole(204, b"")),
    Odd(title="a page for an answer", answer=whole(200, b"<html>log in")),
    Odd(title="no HTTP", answer=raw(b"SSH-2.0-x\r\n")),
    Odd(title="half a head", answer=raw(b"HTTP/1.1 200 OK\r\ncontent-ty")),
    Odd(
        title="a flood of headers",
        answer=raw(b"HTTP/1.1 200 OK\r\n" + b"x: %s\r\n" % (b"y" * 900) * 2000),
    ),
    Odd(title="another protocol", answer=raw(b"HTTP/1.1 101 S\r\nupgrade: x\r\n\r\n")),
    Odd(
        title="two lengths",
        answer=plain(document, b"content-length: 5\r\ncontent-length: 7\r\n"),
        stream=False,
    ),
    Odd(
        title="a chunk without a length",
        answer=plain(document, b"transfer-encoding: chunked\r\n"),
    ),
    Odd(
        title="interim answers first",
        answer=lambda d: _after(b"HTTP/1.1 103 Hints\r\nlink: x\r\n\r\n", serves(d)),
        **SERVED,
    ),
    Odd(
        title="a whole answer without a length",
        answer=plain(document, JSON),
        stream=False,
        **SERVED,
    ),
    Odd(
        title="half an answer without a length",
        answer=plain(lambda d: document(d)[:-30], JSON),
        stream=False,
    ),
    Odd(
        title="a stream as a file",
        answer=plain(
            lambda d: b"".join(d.events()), b"content-type: text/event-stream\r\n"
        ),
        **SERVED,
    ),
    Odd(
        title="a coat of gzip though none was wanted",
        answer=lambda d: (
            lambda reply: reply.whole(
                200,
                gzip.compress(b"".join(d.events())),
                content_type="text/event-stream",
                content_encoding="gzip",
            )
        ),
        **SERVED,
    ),
    Odd(
        title="half a coat of gzip",
        answer=told(
            lambda d: [gzip.compress(b"".join(d.events()))[:20]],
            content_encoding="gzip",
        ),
    ),
    Odd(
        title="line ends of all kinds, comments, fields that mean nothing",
        answer=told(
            lambda d: [
                b": hello\r\n\r\n",
                *[
                    e.replace(b"\n", (b"\r\n", b"\n")[i % 2])
                    for i, e in enumerate(d.events())
                ],
                b"id: 7\n\n",
            ]
        ),
        wire="openai-responses",
        **SERVED,
    ),
    Odd(
        title="pieces that end anywhere",
        answer=told(lambda d: _cut(b"".join(d.events()), 7)),
        wire="openai-chat",
        **SERVED,
    ),
    Odd(
        title="no blank line at the end",
        answer=told(lambda d: [b"".join(d.events()).rstrip()]),
        wire="gemini",
        **SERVED,
    ),
    Odd(
        title="an event that is cut",
        answer=told(lambda d: [*d.opening, d.piece("x")[:-10]]),
        wire="openai-chat",
    ),
    Odd(
        title="bytes that are no text",
        answer=told(lambda d: [d.piece("x").replace(b"x", b"\xff\xfe"), *d.events()]),
        wire="openai-chat",
    ),
    Odd(title="an event that is null", answer=told(lambda _: [b"data: null\n\n"])),
    Odd(
        title="an error without a word",
        answer=told(lambda d: [*d.opening, event({"type": "error"}, "error")]),
        detail="overloaded",
    ),
    Odd(
        title="an error beside a choice",
        answer=told(
            lambda _: [event({"choices": [{"delta": {}}], "error": {"code": 502}})]
        ),
        wire="openai-chat",
        detail="overloaded",
    ),
    Odd(
        title="an array of chunks in place of a stream, cut",
        answer=lambda d: lambda reply: reply.whole(200, _array(d)),
        wire="gemini",
    ),
]


def _cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def _after(data: bytes, answer: Answer) -> Answer:
    async def both(reply):
        await reply.send(data)
        await answer(reply)

    return both


def _array(dialect: Dialect) -> bytes:
    return json.dumps([json.loads(one[6:]) for one in dialect.events()[:20]]).encode()


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.title)
def test_what_is_odd_is_passed_on_whole_or_left_for_another(odd, tmp_path):
    dialect = DIALECTS[odd.wire]

    async def scene():
        clock = Leaping()
        async with (
            upstream(dialect, clock, a=[odd.answer(dialect)]) as a,
            upstream(dialect, clock, b=[serves(dialect)]) as b,
        ):
            config = tables(odd.wire, {"a": a.url, "b": b.url})
            async with serving(config, tmp_path, clock) as served:
                heard = await served.ask(dialect, stream=odd.stream)
            return heard, a.asked("a"), served.records[0]

    heard, asked, record = asyncio.run(scene())
    assert heard.verdict(dialect) == "whole"
    assert (record.bucket, asked) == (odd.by, odd.asked)
    assert odd.status in {None, record.line()["attempts"][0]["status"]}
    assert {b: f.detail for b, f in record.reasons.items()}.get("a", "") == odd.detail


@pytest.mark.parametrize("name", DIALECTS)
def test_wherever_a_stream_is_cut_nobody_takes_it_for_whole(name, tmp_path):
    """Cut at places that have nothing to do with events; half of them end politely."""
    dialect = DIALECTS[name]
    told = b"".join(dialect.events())
    cuts = [*range(3, len(told), 211), *range(len(told) - 200, len(told), 13)]

    async def scene():
        clock, ways = Leaping(), iter(enumerate(cuts))

        async def answer(reply):
            number, cut = next(ways)
            await reply.start()
            await reply.chunk(told[:cut])
            await (reply.end() if number % 2 else reply.writer.drain())
            reply.writer.close()

        async with upstream(dialect, clock, a=[answer]) as up:
            config = tables(name, {"a": up.url}, max_attempts=1)
            async with serving(config, tmp_path, clock) as served:
                heard = []
                for _ in cuts:  # each after the breaker has let go
                    clock.at += 120
                    heard.append(await served.ask(dialect))
        return heard

    verdicts = [one.verdict(dialect) for one in asyncio.run(scene())]
    assert set(verdicts) <= {"error", "whole"}
    assert "whole" not in verdicts[: len(range(3, len(told), 211)) - 2]
