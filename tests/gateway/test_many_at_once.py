"""Many streams at once: each client is given its own answer, whole."""

import asyncio
from dataclasses import dataclass, field

import aiohttp
import pytest
from gateway_dialects import DIALECTS
from gateway_tests import Leaping, serving, tables, upstream

pytestmark = pytest.mark.slow

DIALECT = DIALECTS["anthropic"]
STREAMS, WORDS = 200, 40


def told(number):
    """Return the events of one stream; no two streams have a word in common."""
    pieces = [DIALECT.piece(f"{number}-{word} ") for word in range(WORDS)]
    return [*DIALECT.opening, *pieces, *DIALECT.closing]


@dataclass
class Together:
    """An upstream whose streams go on when all of them are open."""

    open: list[int] = field(default_factory=list)
    every: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, reply):
        number = int(reply.seen.header("x-number"))
        self.open.append(number)
        if len(self.open) == STREAMS:
            self.every.set()
        events = told(number)
        await reply.start()
        await reply.chunk(b"".join(events[:4]))
        await self.every.wait()
        rest = b"".join(events[4:])
        for at in range(0, len(rest), 97 + number):  # cut where no event ends
            await reply.chunk(rest[at : at + 97 + number])
            await asyncio.sleep(0)
        await reply.end()


async def asked(served):
    """Ask for every stream at once; return what each client heard."""
    path, body = DIALECT.request(stream=True)
    keys = served.keys(DIALECT)
    async with asyncio.TaskGroup() as group:
        going = [
            group.create_task(
                served.send("POST", path, body, x_number=str(number), **keys)
            )
            for number in range(STREAMS)
        ]
    return [one.result() for one in going]


def test_two_hundred_streams_at_once_are_each_whole_and_their_own(tmp_path):
    async def scene():
        clock, script = Leaping(), Together()
        every = aiohttp.TCPConnector(limit=0)
        async with (
            upstream(DIALECT, clock, a=[script.answer]) as up,
            serving(tables("anthropic", {"a": up.url}), tmp_path, clock) as served,
            aiohttp.ClientSession(connector=every) as served.session,
        ):
            heard = await asked(served)
        return heard, script.open, served.records

    heard, seen, records = asyncio.run(scene())
    assert sorted(seen) == list(range(STREAMS))
    wrong = [n for n, one in enumerate(heard) if one.body != b"".join(told(n))]
    assert wrong == []
    assert {one.status for one in heard} == {200}
    assert len(records) == STREAMS
    assert all(record.served for record in records)
