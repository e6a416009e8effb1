"""An upstream that does what it is told, a gateway before it, and a plain client."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from gateway_dialects import TEXT, WORDS, Dialect, error, event

from weighlock.config import parse
from weighlock.credentials import open_pool
from weighlock.gateway import Gateway, Grant, Record

START = 1_790_000_000.0
CANARY = "sk-CANARY-{}-0123456789abcdefghij+/="
"""The real key of a bucket: it must be found nowhere but at its upstream."""


@dataclass
class Leaping:
    """A clock whose waits are over at once; the time they took is counted."""

    at: float = START

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


@dataclass
class Seen:
    """One request as it reached the upstream."""

    bucket: str
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    at: float

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


@dataclass
class Reply:
    """What a scripted answer writes to."""

    writer: asyncio.StreamWriter
    seen: Seen

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def start(self, status: int = 200, **headers: str) -> None:
        """Begin an answer whose end is the connection's or a chunk of no length."""
        kind = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in {**kind, **given}.items()]
        head = "\r\n".join([f"HTTP/1.1 {status} X", *lines, "", ""])
        await self.send(head.encode())

    async def chunk(self, data: bytes) -> None:
        await self.send(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self) -> None:
        await self.send(b"0\r\n\r\n")

    async def whole(self, status: int, body: bytes, **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        lines = {"content-type": "application/json", **given}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        size = f"content-length: {len(body)}\r\n"
        await self.send(f"HTTP/1.1 {status} X\r\n{head}{size}\r\n".encode() + body)

    def reset(self) -> None:
        self.writer.transport.abort()


Answer = Callable[[Reply], Awaitable[None]]


@dataclass
class Upstream:
    """A provider: bucket → the answers it gives in turn, the last one for ever."""

    dialect: Dialect
    clock: Leaping
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    open: set["asyncio.Task[None]"] = field(default_factory=set)

    def asked(self, bucket: str) -> int:
        return sum(one.bucket == bucket for one in self.seen)

    async def connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.open.add(task)
        try:
            while (seen := await self._request(reader)) is not None:
                self.seen.append(seen)
                script = self.answers.get(seen.bucket) or [serves(self.dialect)]
                answer = script.pop(0) if len(script) > 1 else script[0]
                await answer(Reply(writer, seen))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.open.discard(task)
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> Seen | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        pairs = [line.partition(":") for line in lines]
        headers = [(name.lower(), value.strip()) for name, _, value in pairs]
        method, path, _ = first.split(" ")
        length = int(dict(headers).get("content-length", 0))
        body = await reader.readexactly(length)
        shown = json.dumps(headers)
        bucket = next(
            (b for b in self.answers if CANARY.format(b) in shown), "nobody's"
        )
        return Seen(bucket, method, path, headers, body, self.clock.now())


@contextlib.asynccontextmanager
async def upstream(
    dialect: Dialect, clock: Leaping, **answers: list[Answer]
) -> AsyncIterator[Upstream]:
    """Serve a script on this machine."""
    made = Upstream(dialect, clock, dict(answers))
    server = await asyncio.start_server(made.connected, "127.0.0.1", 0, limit=1 << 22)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for task in made.open:
            task.cancel()
        if made.open:
            await asyncio.wait(made.open)


# What an upstream may do


def serves(
    dialect: Dialect, *, cut: int | None = None, sentinel: bool = True
) -> Answer:
    """Answer whole, or end after ``cut`` words."""

    async def answer(reply: Reply) -> None:
        if not streams(reply):
            body = json.dumps(dialect.whole(TEXT)).encode()
            if cut is None:
                await reply.whole(200, body)
                return
            await reply.start(content_type="application/json")
            await reply.chunk(body[: len(body) * cut // len(WORDS)])
            reply.writer.close()
            return
        await reply.start()
        pieces = [dialect.piece(word) for word in WORDS]
        ends = [*dialect.closing, *(dialect.sentinel if sentinel else ())]
        told = [*dialect.opening, *pieces, *ends]
        for one in told if cut is None else told[: len(dialect.opening) + cut]:
            await reply.chunk(one)
        if cut is None:
            await reply.end()
        else:
            reply.writer.close()

    return answer


def streams(reply: Reply) -> bool:
    asked = json.loads(reply.seen.body) if reply.seen.body else {}
    return bool(asked.get("stream")) or "streamGenerate" in reply.seen.path


def says(
    dialect: Dialect, status: int, code: str = "", message: str = "no", **headers: str
) -> Answer:
    """Answer with an error."""
    body = error(dialect, status, code, message)
    return lambda reply: reply.whole(status, body, **headers)


def ends_clean(dialect: Dialect, words: int) -> Answer:
    """Cut an answer but end the transfer as if it were whole."""

    async def answer(reply: Reply) -> None:
        if not streams(reply):
            body = json.dumps(dialect.whole(TEXT)).encode()
            await reply.whole(200, body[: len(body) // 2])
            return
        await reply.start()
        for one in [*dialect.opening, *map(dialect.piece, WORDS[:words])]:
            await reply.chunk(one)
        await reply.end()

    return answer


def stalls(dialect: Dialect, words: int | None) -> Answer:
    """Fall silent: before anything (None), after the headers (0), after some words."""

    async def answer(reply: Reply) -> None:
        if words is not None and not streams(reply):
            await reply.start(content_type="application/json")
            if words:
                await reply.chunk(json.dumps(dialect.whole(TEXT)).encode()[:words])
        elif words is not None:
            await reply.start()
            for one in map(dialect.piece, WORDS[:words]):
                await reply.chunk(one)
        await asyncio.sleep(3600)

    return answer


def garbles(dialect: Dialect, at: int) -> Answer:
    """Send one event that is no JSON among good ones."""

    async def answer(reply: Reply) -> None:
        if not streams(reply):
            await reply.whole(200, b'{"id": "x", "content": [{"type": ')
            return
        await reply.start()
        told = dialect.events()
        told.insert(len(dialect.opening) + at, b'data: {"broken": \n\n')
        for one in told:
            await reply.chunk(one)
        await reply.end()

    return answer


def fails_inside(dialect: Dialect, body: bytes, words: int = 0) -> Answer:
    """Begin with 200 and tell an error in the stream."""

    async def answer(reply: Reply) -> None:
        told = json.loads(body)
        if not streams(reply):
            await reply.whole(200, body)
            return
        await reply.start()
        opening = () if dialect.name == "gemini" else dialect.opening
        for one in (*opening, *map(dialect.piece, WORDS[:words])):
            await reply.chunk(one)
        name = "error" if dialect.name in {"anthropic", "openai-responses"} else None
        if dialect.name == "openai-responses":
            told = {"type": "error", **told["error"]}
        await reply.chunk(event(told, name))
        await reply.end()

    return answer


async def resets(reply: Reply) -> None:
    reply.reset()


# A gateway before it, and its client


def settings(tables: Mapping[str, object], folder: Path) -> object:
    return parse(tables, folder / "weighlock.toml")


def tables(
    name: str, buckets: Mapping[str, str], **gateway: object
) -> dict[str, object]:
    """Make a configuration; ``buckets``: bucket → base URL, each its own provider."""
    return {
        "providers": {
            f"p-{bucket}": {"protocol": name, "base_url": url}
            for bucket, url in buckets.items()
        },
        "buckets": [
            {"id": bucket, "provider": f"p-{bucket}", "key_env": f"KEY_{bucket}"}
            for bucket in buckets
        ],
        "gateway": gateway,
    }


@dataclass
class Served:
    """A gateway that serves."""

    gateway: Gateway
    clock: object
    records: list[Record]
    token: str
    session: aiohttp.ClientSession
    closed: asyncio.Event
    sent: int = 0

    async def ask(self, dialect: Dialect, *, stream: bool = True) -> "Heard":
        path, body = dialect.request(stream=stream)
        return await self.send("POST", path, body, **self.keys(dialect))

    def keys(self, dialect: Dialect) -> dict[str, str]:
        name, before = dialect.key
        return {name: before + self.token, "content-type": "application/json"}

    async def send(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> "Heard":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        parts: list[bytes] = []
        url = aiohttp.client.URL(self.gateway.url + path, encoded=True)
        async with self.session.request(
            method, url, data=body, headers=named, allow_redirects=False
        ) as answer:
            raw = [(n.decode(), v.decode("latin-1")) for n, v in answer.raw_headers]
            heard = Heard(answer.status, dict(raw))
            try:
                parts = [part async for part in answer.content.iter_any()]
            except aiohttp.ClientPayloadError:
                heard.broken = True
            heard.body = b"".join(parts)
        await self.written()
        return heard

    async def written(self) -> None:
        """Wait for the record: it is closed after the client has its answer."""
        self.sent += 1
        while len(self.records) < self.sent:
            self.closed.clear()
            await self.closed.wait()


@dataclass
class Heard:
    """What the client got."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    broken: bool = False

    def documents(self) -> list[dict]:
        if not self.body.startswith((b"event:", b"data:", b":")):
            return [json.loads(self.body)]
        lines = (line[5:].strip() for line in self.body.split(b"\n"))
        data = [
            x
            for x, y in zip(lines, self.body.split(b"\n"), strict=True)
            if y.startswith(b"data:") and x != b"[DONE]"
        ]
        return [json.loads(one) for one in data]

    def verdict(self, dialect: Dialect) -> str:
        """Judge as the most trusting client would: whole, truncated or an error."""
        if self.broken or self.status != 200:
            return "error"
        documents = self.documents()
        if any(dialect.is_error(one) for one in documents):
            return "error"
        text = "".join(dialect.heard(one) for one in documents)
        return "whole" if text == TEXT else "truncated"


@contextlib.asynccontextmanager
async def serving(
    config: Mapping[str, object],
    folder: Path,
    clock: object,
    *,
    grant: Grant | None = None,
    **more: object,
) -> AsyncIterator[Served]:
    """Serve a configuration whose keys are canaries."""
    made = settings(config, folder)
    environ = {b.key_env: CANARY.format(b.id) for b in made.buckets}
    pool = open_pool(
        made, environ=environ, clock=clock, folder=folder / "state", random=lambda: 0.5
    )
    records: list[Record] = []
    closed = asyncio.Event()

    def observe(record: Record) -> None:
        records.append(record)
        closed.set()

    async with (
        Gateway.serve(
            made,
            environ=environ,
            clock=clock,
            pool=pool,
            observe=observe,
            **more,
        ) as gateway,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=50)) as session,
    ):
        token = gateway.token_for(grant or Grant())
        yield Served(gateway, clock, records, token, session, closed)
