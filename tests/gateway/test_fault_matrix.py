"""Sixteen faults of providers, in four protocols: whole, refused, never half a truth.

The faults are those of the public Failover Bench (its catalogue, methodology v0.1),
told in our own words and extended to protocols beside OpenAI chat. Bucket ``a`` has the
fault, bucket ``b`` at another upstream is well. Each cell is tried three times: a live
stream, an assured stream, an answer in one piece.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from gateway_dialects import ALL, DIALECTS, OUT, Dialect, error
from gateway_tests import (
    CANARY,
    Answer,
    Heard,
    Leaping,
    Served,
    Upstream,
    garbles,
    resets,
    says,
    serves,
    serving,
    stalls,
    tables,
    upstream,
)

from weighlock.gateway import Record

pytestmark = pytest.mark.slow

MODES = {"live": True, "assured": True, "one piece": False}
"""Delivery, or an answer that is no stream."""
ECHO = f"the key {CANARY.format('a')} did not do"
DEADLINE_S = 2.0
"""What a silent upstream is given here. The one that is well needs much less."""


@dataclass
class Cell:
    """What one try of one fault came to."""

    heard: list[Heard]
    records: list[Record]
    a: Upstream
    b: Upstream
    billed: dict[str, int | None]
    """Bucket → tokens that were counted as written by it."""
    leaked: str
    """Where a secret was found; empty: nowhere."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault, and what is right."""

    title: str
    a: Callable[[Dialect], list[Answer]]
    b: Callable[[Dialect], list[Answer]] = lambda dialect: [serves(dialect)]
    by: str = "b"
    """Which bucket serves."""
    live: tuple[str, ...] = ("whole",)
    """What a live stream may come to; the others are always whole."""
    refused: bool = False
    """Whether it is the request's own fault, which is told as it is."""
    asked: tuple[int, int] = (1, 1)
    """How often ``a`` may be asked."""
    detail: str = ""
    """What is said of the first attempt."""
    deadlines: bool = False


_EARLY_OR_LATE = ("error", "whole")
"""A break may come before the client was given anything: then another bucket serves."""


def _refuses_prefill(dialect: Dialect) -> list[Answer]:
    async def answer(reply):
        if b'"assistant"' in reply.seen.body or b'"role": "model"' in reply.seen.body:
            await reply.whole(400, error(dialect, 400, message="no prefill"))
        else:
            await serves(dialect)(reply)

    return [answer]


def _too_long(dialect: Dialect) -> bytes:
    code = "context_length_exceeded" if dialect.name.startswith("openai") else ""
    return error(dialect, 400, code, "the prompt is too long")


def _filtered(dialect: Dialect) -> bytes:
    code = "content_policy_violation" if dialect.name.startswith("openai") else ""
    return error(dialect, 400, code, "the prompt is not allowed")


FAULTS = {
    "S01": Fault(
        title="429 with a time, then well",
        a=lambda d: [says(d, 429, message=ECHO, retry_after="2"), serves(d)],
        by="a",
        asked=(2, 2),
        detail="throttled",
    ),
    "S02": Fault(
        title="429 without a time, always",
        a=lambda d: [says(d, 429, message=ECHO)],
        detail="quota",
    ),
    "S03": Fault(
        title="500 once, then well",
        a=lambda d: [says(d, 500, message=ECHO), serves(d)],
        by="a",
        asked=(2, 2),
        detail="overloaded",
    ),
    "S04": Fault(
        title="503 always",
        a=lambda d: [says(d, 503, message=ECHO)],
        asked=(1, 2),
        detail="overloaded",
    ),
    "S05": Fault(
        title="the connection is reset before an answer, then well",
        a=lambda d: [resets, serves(d)],
        by="a",
        asked=(2, 2),
        detail="network",
    ),
    "S06": Fault(
        title="no answer at all",
        a=lambda d: [stalls(d, None)],
        detail="stalled",
        deadlines=True,
    ),
    "S07": Fault(
        title="headers at once, the first event never",
        a=lambda d: [stalls(d, 0)],
        detail="stalled",
        deadlines=True,
    ),
    "S08": Fault(
        title="the stream is cut after 40 of 60 words",
        a=lambda d: [serves(d, cut=40)],
        live=_EARLY_OR_LATE,
        asked=(1, 2),
        detail="network",
    ),
    "S09": Fault(
        title="the stream falls silent after 20 words",
        a=lambda d: [stalls(d, 20)],
        live=_EARLY_OR_LATE,
        detail="stalled",
        deadlines=True,
    ),
    "S10": Fault(
        title="one event is no JSON",
        a=lambda d: [garbles(d, 10)],
        live=_EARLY_OR_LATE,
        asked=(1, 2),
        detail="network",
    ),
    "S11": Fault(
        title="the protocol's last event is missing",
        a=lambda d: [serves(d, sentinel=False)],
        by="a",
    ),
    "S12": Fault(
        title="the prompt is too long",
        a=lambda d: [lambda reply: reply.whole(400, _too_long(d))],
        by="a",
        refused=True,
    ),
    "S13": Fault(
        title="a filter refuses the prompt",
        a=lambda d: [lambda reply: reply.whole(400, _filtered(d))],
        by="a",
        refused=True,
    ),
    "S14": Fault(
        title="the stream is cut, and the next upstream continues no answer",
        a=lambda d: [serves(d, cut=40)],
        b=_refuses_prefill,
        live=_EARLY_OR_LATE,
        asked=(1, 2),
        detail="network",
    ),
    "S16": Fault(
        title="503 always; the answer is counted for who gave it",
        a=lambda d: [says(d, 503, message=ECHO)],
        asked=(1, 2),
        detail="overloaded",
    ),
}


async def _try(fault: Fault, name: str, mode: str, folder) -> Cell:
    dialect, clock = DIALECTS[name], Leaping()
    wait = {"first_event_s": DEADLINE_S, "idle_s": DEADLINE_S}
    folder.mkdir(parents=True)
    async with (
        upstream(dialect, clock, a=fault.a(dialect)) as a,
        upstream(dialect, clock, b=fault.b(dialect)) as b,
    ):
        config = tables(
            name,
            {"a": a.url, "b": b.url},
            delivery="assured" if mode == "assured" else "live",
            **(wait if fault.deadlines else {}),
        )
        spending = folder / "spending.jsonl"
        async with serving(config, folder, clock, ledger=spending) as served:
            heard = [await served.ask(dialect, stream=MODES[mode])]
            # whoever failed, the next one is served
            heard.append(await served.ask(dialect, stream=False))
            leaked = _leaks(served, heard, folder)
            billed = {
                account.bucket: spent.tokens.output
                for account, spent in served.gateway.meter.by("bucket").items()
            }
    return Cell(heard, served.records, a, b, billed, leaked)


def _leaks(served: Served, heard: list[Heard], folder) -> str:
    """Look for keys and the token in all that left the gateway or lies on the disk."""
    told = [b"%r" % one.headers.items() + one.body for one in heard]
    told += [json.dumps(record.line()).encode() for record in served.records]
    told += [repr(record).encode() for record in served.records]
    files = [path for path in folder.rglob("*") if path.is_file()]
    places = {f"output {i}": data for i, data in enumerate(told)}
    places |= {str(path): path.read_bytes() for path in files}
    found = [
        place
        for place, data in places.items()
        if b"CANARY" in data or served.token.encode() in data
    ]
    return ", ".join(found)


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """Try the cells of a protocol once, side by side: most of the time is waiting."""
    folder = tmp_path_factory.mktemp("matrix")
    out: dict[tuple[str, str, str], Cell] = {}

    async def one(key: tuple[str, str, str], room: asyncio.Semaphore) -> None:
        async with room:
            out[key] = await _try(FAULTS[key[0]], *key[1:], folder / "-".join(key))

    async def everything(name: str) -> None:
        room = asyncio.Semaphore(16)
        async with asyncio.TaskGroup() as group:
            for fault in FAULTS:
                for mode in MODES:
                    group.create_task(one((fault, name, mode), room))

    def found(fault: str, name: str, mode: str) -> Cell:
        if (fault, name, mode) not in out:
            asyncio.run(everything(name))
        return out[fault, name, mode]

    return found


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_ends_in_a_whole_answer_or_an_honest_error(fault, name, cells):
    expected, dialect = FAULTS[fault], DIALECTS[name]
    for mode in MODES:
        cell = cells(fault, name, mode)
        first = cell.heard[0]
        wanted = expected.live if mode == "live" else ("whole",)
        if expected.refused:
            told = {"S12": _too_long, "S13": _filtered}[fault](dialect)
            assert (first.status, first.body) == (400, told), mode
        else:
            assert first.verdict(dialect) in wanted, mode
        least, most = expected.asked
        again = expected.by == "a"
        assert least <= cell.a.asked("a") - again <= most + 2, mode
        assert not cell.leaked, mode


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_record_says_who_served_and_why_the_first_did_not(fault, name, cells):
    expected = FAULTS[fault]
    for mode in MODES:
        cell = cells(fault, name, mode)
        record, first = cell.records[0], cell.heard[0]
        broke = not expected.refused and first.verdict(DIALECTS[name]) == "error"
        assert record.bucket == ("a" if broke else expected.by), mode
        tried = record.attempts
        assert expected.asked[0] <= sum(t.bucket == "a" for t in tried), mode
        assert sum(t.bucket == "a" for t in tried) <= expected.asked[1], mode
        told = record.line()["attempts"][0]["detail"]
        assert (told if expected.detail else "") == expected.detail, mode
        if expected.refused:
            assert len(tried) == 1, mode


@pytest.mark.parametrize("name", ALL)
def test_an_answer_is_counted_once_for_the_bucket_that_gave_it(name, cells):
    for mode in MODES:
        assert cells("S16", name, mode).billed == {"b": 2 * OUT}, mode


@pytest.mark.parametrize("name", ALL)
def test_a_time_that_an_upstream_names_is_waited_for(name, cells):
    for mode in MODES:
        first, second, *_ = cells("S01", name, mode).a.seen
        assert second.at - first.at >= 2, mode


@pytest.mark.parametrize("name", ALL)
def test_s15_an_upstream_that_flaps_is_left_alone_and_taken_again(name, tmp_path):
    dialect, clock = DIALECTS[name], Leaping()
    began = clock.now()

    async def flaps(reply):
        down = clock.now() - began < 60
        await (says(dialect, 503) if down else serves(dialect))(reply)

    async def scene():
        served_by, asked = [], []
        async with (
            upstream(dialect, clock, a=[flaps]) as a,
            upstream(dialect, clock, b=[serves(dialect)]) as b,
        ):
            config = tables(name, {"a": a.url, "b": b.url})
            async with serving(config, tmp_path, clock) as served:
                for number in range(24):
                    clock.at = max(clock.at, began + 4 * number)
                    before = a.asked("a")
                    heard = await served.ask(dialect)
                    assert heard.verdict(dialect) == "whole"
                    served_by.append(served.records[-1].bucket)
                    asked.append(a.asked("a") - before)
        return served_by, asked

    served_by, asked = asyncio.run(scene())
    assert set(served_by[:14]) == {"b"}
    assert served_by[-1] == "a"
    assert sum(asked[:14]) < 12
