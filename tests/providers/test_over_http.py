"""Over real HTTP: one answer, however many pieces; no redirect, no cookie, no proxy."""

import asyncio
import contextlib
import json

import pytest
from aiohttp import web
from echo_upstream import START, Keys, document

from weighlock.credentials import AllBucketsExhausted, Bucket, BucketPool, Upstream
from weighlock.fakes import VirtualClock
from weighlock.providers import CallContext, Orchestrator, complete


@contextlib.asynccontextmanager
async def serving(answer):
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def called(answer, at_once=1):
    async def go():
        async with serving(answer) as url:
            upstream = Upstream(name="p", wire="anthropic", base_url=url)
            bucket = Bucket(id="a", upstream=upstream, kind="api-key")
            clock = VirtualClock(at=START)
            keys = BucketPool([bucket], {"a": Keys("k")}, clock=clock)
            ctx = CallContext(
                wire="anthropic", model="m", messages=(("user", "hi"),), max_tokens=9
            )
            async with Orchestrator(keys) as orchestrator, asyncio.TaskGroup() as group:
                calls = [
                    group.create_task(orchestrator.call(complete, ctx))
                    for _ in range(at_once)
                ]
        return [call.result() for call in calls]

    return asyncio.run(go())


def test_an_answer_that_comes_in_pieces_is_read_whole():
    data = json.dumps(document("anthropic", "x" * 9000, "m")).encode()

    async def answer(request):
        assert request.path == "/v1/messages"
        assert request.headers["x-api-key"] == "k"
        response = web.StreamResponse()
        await response.prepare(request)
        for at in range(0, len(data), 4000):
            await response.write(data[at : at + 4000])
            await asyncio.sleep(0.002)
        return response

    assert len(called(answer)[0].text) == 9000


def test_as_many_calls_go_on_at_once_as_a_program_likes():
    """A session of aiohttp has 100 connections, and what waits for one is no fault."""
    count, all_here, seen = 120, asyncio.Event(), []

    async def answer(request):
        seen.append(request.path)
        if len(seen) == count:
            all_here.set()
        await all_here.wait()
        return web.json_response(document("anthropic", "x", "m"))

    assert len(called(answer, at_once=count)) == len(seen) == count


def test_a_redirect_is_not_followed_and_no_key_goes_elsewhere():
    seen = []

    async def answer(request):
        seen.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    with pytest.RaisesGroup(AllBucketsExhausted):
        called(answer)
    assert set(seen) == {"/v1/messages"}


@pytest.mark.slow
def test_an_upstream_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr("weighlock.providers.http.SILENT_S", 0.1)

    async def answer(_):
        await asyncio.sleep(0.5)
        return web.Response()

    stalled = pytest.RaisesExc(
        AllBucketsExhausted, check=lambda e: e.reasons["a"].detail == "stalled"
    )
    with pytest.RaisesGroup(stalled):
        called(answer)
