"""When a bucket is left, when it is not, and what is said when none remains."""

import asyncio
import base64
import json

import pytest
from gateway_dialects import ALL, DIALECTS, TEXT, error, event
from gateway_tests import (
    CANARY,
    Leaping,
    fails_inside,
    resets,
    says,
    serves,
    serving,
    stalls,
    streams,
    tables,
    upstream,
)

from weighlock.credentials.policy.redact import Redactor
from weighlock.gateway import Grant


def two(name, a, b=None, *, stream=True, times=1, one_token=False, folder, **gateway):
    """Ask a gateway with buckets ``a`` and ``b`` at upstreams of their own."""
    dialect = DIALECTS[name]

    async def scene():
        clock = Leaping()
        async with (
            upstream(dialect, clock, a=a(dialect)) as one,
            upstream(dialect, clock, b=b(dialect) if b else []) as other,
        ):
            config = tables(name, {"a": one.url, "b": other.url}, **gateway)
            async with serving(config, folder, clock) as served:
                heard = []
                for _ in range(times):
                    if not one_token:  # by another one: none has a place yet
                        served.token = served.gateway.token_for(Grant())
                    heard.append(await served.ask(dialect, stream=stream))
        return heard, one, other, served

    return asyncio.run(scene())


BILLING = {
    "anthropic": (400, "invalid_request_error", "Your credit balance is too low"),
    "openai-responses": (429, "insufficient_quota", "no quota"),
    "openai-chat": (429, "insufficient_quota", "no quota"),
    "gemini": (402, "", "pay first"),
}


@pytest.mark.parametrize("name", ALL)
def test_ts02_a_bucket_without_money_is_left_and_not_asked_again(name, tmp_path):
    heard, a, _, served = two(
        name, lambda d: [says(d, *BILLING[name])], times=2, folder=tmp_path
    )
    assert [one.verdict(DIALECTS[name]) for one in heard] == ["whole", "whole"]
    assert a.asked("a") == 1
    assert served.records[0].reasons["a"].detail == "billing"
    assert served.records[1].reasons["a"].detail == "cooling-down"


def test_whoever_has_a_place_elsewhere_is_told_why_not_the_first(tmp_path):
    heard, a, b, served = two(
        "anthropic",
        lambda d: [says(d, 429, retry_after="700")],
        times=2,
        one_token=True,
        folder=tmp_path,
    )
    assert (a.asked("a"), b.asked("b")) == (1, 2)
    told = served.records[1].line()["reasons"]["a"]
    assert (told["reason"], told["detail"]) == ("quota-exhausted", "cooling-down")
    assert len(served.records[1].attempts) == 1
    assert heard[1].status == 200


def test_a_bucket_whose_turn_did_not_come_is_named_when_none_is_left(tmp_path):
    *_, served = two(
        "anthropic", lambda d: [says(d, 402)], max_attempts=1, folder=tmp_path
    )
    told = served.records[0].line()["reasons"]
    assert [told[b]["reason"] for b in "ab"] == ["quota-exhausted", "skipped"]


@pytest.mark.slow
def test_a_bucket_that_is_full_is_told_of(tmp_path):
    dialect = DIALECTS["anthropic"]

    async def scene():
        clock, came, go_on = Leaping(), asyncio.Event(), asyncio.Event()

        async def slow(reply):
            came.set()
            await go_on.wait()
            await serves(dialect)(reply)

        async with (
            upstream(dialect, clock, a=[slow]) as a,
            upstream(dialect, clock, b=[serves(dialect)]) as b,
        ):
            config = tables(dialect.name, {"a": a.url, "b": b.url})
            config["buckets"][0]["max_in_flight"] = 1
            async with serving(config, tmp_path, clock) as served:
                async with asyncio.TaskGroup() as group:
                    group.create_task(served.ask(dialect))
                    await came.wait()
                    await served.ask(dialect)
                    go_on.set()
                return served.records[0].line()

    line = asyncio.run(scene())
    assert line["bucket"] == "b"
    told = line["reasons"]["a"]
    assert (told["reason"], told["detail"]) == ("skipped", "at-capacity")


@pytest.mark.parametrize("name", ALL)
def test_a_key_that_is_refused_is_left_until_it_is_another_one(name, tmp_path):
    heard, a, _, served = two(name, lambda d: [says(d, 401)], times=2, folder=tmp_path)
    assert [one.verdict(DIALECTS[name]) for one in heard] == ["whole", "whole"]
    assert a.asked("a") == 1
    reason = served.records[1].reasons["a"]
    assert (reason.reason, reason.detail) == ("expired-refresh-failed", "rejected-key")


@pytest.mark.parametrize("status", [400, 403, 404, 413, 422])
@pytest.mark.parametrize("name", ALL)
def test_a_request_error_is_passed_on_untouched_and_tried_once(name, status, tmp_path):
    heard, a, b, _ = two(name, lambda d: [says(d, status)], folder=tmp_path)
    assert (heard[0].status, heard[0].body) == (status, error(DIALECTS[name], status))
    assert (a.asked("a"), b.asked("b")) == (1, 0)


@pytest.mark.parametrize("name", ALL)
def test_an_error_inside_a_stream_that_began_well_still_fails_over(name, tmp_path):
    heard, a, _, served = two(
        name,
        lambda d: [
            fails_inside(d, error(d, 503, "server_error" if d.name[0] == "o" else ""))
        ],
        folder=tmp_path,
    )
    assert heard[0].verdict(DIALECTS[name]) == "whole"
    assert served.records[0].bucket == "b"
    assert served.records[0].reasons["a"].detail == "overloaded"
    assert a.asked("a") <= 2


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", DIALECTS)
def test_an_error_without_a_type_in_an_answer_of_200_is_one_all_the_same(
    name, stream, tmp_path
):
    told = b'{"error": {"message": "slow down", "code": 429}}'

    async def answer(reply):
        if streams(reply):
            await reply.start()
            await reply.chunk(b"data: " + told + b"\n\n")
            await reply.end()
        else:
            await reply.whole(200, told)

    heard, a, _, served = two(name, lambda _: [answer], folder=tmp_path, stream=stream)
    assert heard[0].verdict(DIALECTS[name]) == "whole"
    assert served.records[0].reasons["a"].detail == "quota"
    assert a.asked("a") == 1


@pytest.mark.slow
@pytest.mark.parametrize("ping", [b": wait\n\n", b'data: {"type": "ping"}\n\n'])
def test_an_upstream_that_only_pings_is_left_like_one_that_is_silent(ping, tmp_path):
    async def answer(reply):
        await reply.start()
        while True:
            await reply.chunk(ping)
            await asyncio.sleep(0.05)

    heard, a, _, served = two(
        "anthropic", lambda _: [answer], folder=tmp_path, first_event_s=1, idle_s=1
    )
    assert heard[0].verdict(DIALECTS["anthropic"]) == "whole"
    assert served.records[0].reasons["a"].detail == "stalled"
    assert a.asked("a") == 1


@pytest.mark.slow
def test_opening_events_that_repeat_a_large_request_are_held_back_too(tmp_path):
    """OpenAI's name all instructions and tools, twice, before the first word."""
    dialect, large = DIALECTS["openai-responses"], "x" * 70_000

    async def answer(reply):
        await reply.start()
        for kind in ("response.created", "response.in_progress"):
            told = {"type": kind, "response": {"id": "r", "instructions": large}}
            await reply.chunk(event(told, kind))
            await asyncio.sleep(0.02)
        fault = {"error": {"code": "rate_limit_exceeded", "message": "no"}}
        await reply.chunk(event({"type": "response.failed", "response": fault}))
        await reply.end()

    async def scene():
        clock = Leaping()
        async with (
            upstream(dialect, clock, a=[answer]) as a,
            upstream(dialect, clock, b=[serves(dialect)]) as b,
        ):
            config = tables(dialect.name, {"a": a.url, "b": b.url})
            async with serving(config, tmp_path, clock) as served:
                body = {"model": "m", "stream": True, "instructions": large}
                return await served.send(
                    "POST",
                    dialect.path,
                    json.dumps(body).encode(),
                    **served.keys(dialect),
                )

    assert asyncio.run(scene()).verdict(dialect) == "whole"


def test_a_quota_for_counting_tokens_is_not_the_models(tmp_path):
    """Anthropic counts them apart; a spent one says nothing of the other."""
    dialect = DIALECTS["anthropic"]

    async def answer(reply):
        if reply.seen.path.endswith("count_tokens"):
            await says(dialect, 429, retry_after="60")(reply)
        else:
            await serves(dialect)(reply)

    async def scene():
        clock = Leaping()
        async with upstream(dialect, clock, a=[answer]) as up:
            config = tables("anthropic", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                path, body = dialect.request(stream=False)
                keys = served.keys(dialect)
                count = f"{path}/count_tokens"
                statuses = [
                    (await served.send("POST", where, body, **keys)).status
                    for where in (count, path, count)
                ]
        return statuses, len(up.seen)

    assert asyncio.run(scene()) == ([429, 200, 429], 2)


def test_an_empty_document_is_no_answer(tmp_path):
    heard, *_ = two(
        "anthropic",
        lambda _: [lambda reply: reply.whole(200, b"{}")],
        folder=tmp_path,
        stream=False,
    )
    assert heard[0].verdict(DIALECTS["anthropic"]) == "whole"


def test_a_stream_that_only_says_that_it_is_over_is_no_answer(tmp_path):
    async def answer(reply):
        await reply.start()
        await reply.chunk(b"data: [DONE]\n\n")
        await reply.end()

    heard, _, _, served = two("openai-chat", lambda _: [answer], folder=tmp_path)
    assert heard[0].verdict(DIALECTS["openai-chat"]) == "whole"
    assert served.records[0].bucket == "b"


@pytest.mark.parametrize("name", ALL)
def test_after_the_first_word_nothing_is_tried_again(name, tmp_path):
    dialect = DIALECTS[name]

    async def scene():
        clock, heard_word = Leaping(), asyncio.Event()

        async def breaks(reply):
            await reply.start()
            for one in (*dialect.opening, dialect.piece("word0 ")):
                await reply.chunk(one)
            await heard_word.wait()
            reply.writer.close()

        async with (
            upstream(dialect, clock, a=[breaks]) as a,
            upstream(dialect, clock, b=[serves(dialect)]) as b,
        ):
            config = tables(name, {"a": a.url, "b": b.url})
            async with serving(config, tmp_path, clock) as served:
                path, body = dialect.request(stream=True)
                got, broken = b"", False
                async with served.session.post(
                    served.gateway.url + path, data=body, headers=served.keys(dialect)
                ) as answer:
                    try:
                        async for part in answer.content.iter_any():
                            got += part
                            heard_word.set()
                    except Exception as error:  # noqa: BLE001 - however it is told
                        broken = type(error).__name__ == "ClientPayloadError"
        return got, broken, b.asked("b")

    got, broken, asked = asyncio.run(scene())
    lines = [line[5:] for line in got.split(b"\n") if line.startswith(b"data:")]
    assert broken
    assert asked == 0
    assert dialect.is_error(json.loads(lines[-1]))


ENDS = {
    "quota": lambda d: [says(d, 429, retry_after="700")],
    "money": lambda d: [says(d, 402)],
    "key": lambda d: [says(d, 401)],
    "down": lambda d: [says(d, 503)],
    "gone": lambda _: [resets],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("one", ENDS)
def test_exhaustion_is_never_told_as_a_login_that_failed(name, one, tmp_path):
    dialect = DIALECTS[name]
    for index, other in enumerate(ENDS):
        heard, *_ = two(name, ENDS[one], ENDS[other], folder=tmp_path / str(index))
        quota = {one, other} <= {"quota", "money"}
        assert heard[0].status == (429 if quota else 503), other
        assert heard[0].headers["x-gateway-error"] == "all-buckets-exhausted"
        assert dialect.is_error(json.loads(heard[0].body))
        assert ("retry-after" in heard[0].headers) or not quota
        assert not heard[0].broken


def test_the_earliest_reset_is_what_a_client_is_told_to_wait_for(tmp_path):
    heard, *_ = two(
        "anthropic",
        lambda d: [says(d, 429, retry_after="700")],
        lambda d: [says(d, 429, retry_after="90")],
        folder=tmp_path,
    )
    assert heard[0].headers["retry-after"] == "90"
    assert json.loads(heard[0].body)["error"]["type"] == "rate_limit_error"


def test_a_key_that_an_upstream_repeats_is_masked_in_every_form(tmp_path):
    key = CANARY.format("a")
    coded = base64.b64encode(b"user:" + key.encode()).decode()
    heard, *_ = two(
        "openai-chat",
        lambda d: [says(d, 400, message=f"{key} and {coded}")],
        folder=tmp_path,
    )
    assert heard[0].status == 400
    assert b"CANARY" not in heard[0].body
    assert base64.b64encode(b"CANARY")[1:-3] not in heard[0].body
    assert b"[redacted]" in heard[0].body


@pytest.mark.parametrize(
    "form",
    [
        "ab/cd+ef=gh&ij",
        "ab\\/cd+ef=gh&ij",
        "ab/cd%2Bef%3Dgh%26ij",
        "ab%2fcd%2bef%3dgh%26ij",
        "ab/cd+ef=gh&amp;ij",
    ],
)
def test_a_key_is_masked_as_programs_write_it(form):
    redactor = Redactor()
    redactor.learn("ab/cd+ef=gh&ij")
    assert redactor.text(f"-{form}-") == "-[redacted]-"


def test_a_client_that_goes_away_ends_what_is_asked_upstream(tmp_path):
    dialect = DIALECTS["anthropic"]

    async def scene():
        clock, gone = Leaping(), asyncio.Event()

        async def long(reply):
            await reply.start()
            try:
                while True:
                    await reply.chunk(dialect.piece("word "))
                    await asyncio.sleep(0.01)
            finally:
                gone.set()

        async with upstream(dialect, clock, a=[long]) as up:
            config = tables("anthropic", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                path, body = dialect.request(stream=True)
                async with served.session.post(
                    served.gateway.url + path, data=body, headers=served.keys(dialect)
                ) as answer:
                    await answer.content.readany()
                    answer.close()
                await asyncio.wait_for(gone.wait(), 30)
                await served.written()
        return served.records[0]

    record = asyncio.run(scene())
    assert record.attempts[0].hint is None
    assert record.line()["attempts"][0]["detail"] == "client-gone"
    assert not record.reasons


def test_a_spent_token_is_not_taken_from_the_record_of_a_failed_attempt(tmp_path):
    dialect = DIALECTS["anthropic"]
    heard, _, _, served = two(
        "anthropic", lambda d: [serves(d, cut=40)], delivery="assured", folder=tmp_path
    )
    broken = served.gateway.meter.of(bucket="a")
    assert heard[0].verdict(dialect) == "whole"
    assert (broken.requests, broken.discarded.input) == (0, 100 * broken_tries(served))
    assert served.records[0].tokens.output == 60


def broken_tries(served):
    return sum(one.bucket == "a" for one in served.records[0].attempts)


def test_every_stream_of_many_is_whole_and_its_own(tmp_path):
    dialect = DIALECTS["openai-chat"]

    async def scene():
        clock = Leaping()

        async def echoes(reply):
            number = json.loads(reply.seen.body)["n"]
            await reply.start()
            for word in (*dialect.opening, *[dialect.piece(f"{number} ")] * 50):
                await reply.chunk(word)
                await asyncio.sleep(0)
            for one in (*dialect.closing, *dialect.sentinel):
                await reply.chunk(one)
            await reply.end()

        async with upstream(dialect, clock, a=[echoes]) as up:
            config = tables("openai-chat", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:

                async def ask(number):
                    body = json.dumps({"model": "m", "stream": True, "n": number})
                    return await served.send(
                        "POST", dialect.path, body.encode(), **served.keys(dialect)
                    )

                tasks = []
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(ask(n)) for n in range(60)]
        return [task.result() for task in tasks]

    for number, heard in enumerate(asyncio.run(scene())):
        text = "".join(map(dialect.heard, heard.documents()))
        assert (text, heard.broken) == (f"{number} " * 50, False)


@pytest.mark.slow
def test_an_assured_stream_that_falls_silent_is_replayed_elsewhere(tmp_path):
    heard, _, b, _ = two(
        "anthropic",
        lambda d: [stalls(d, 20)],
        delivery="assured",
        idle_s=0.5,
        folder=tmp_path,
    )
    text = "".join(map(DIALECTS["anthropic"].heard, heard[0].documents()))
    assert (text, b.asked("b")) == (TEXT, 1)
