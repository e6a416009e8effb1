"""Who is let in, where to, how much of it, and for how long."""

import asyncio
import gc
import json
from dataclasses import replace

import pytest
from gateway_dialects import DIALECTS
from gateway_tests import Leaping, serves, serving, tables, upstream

from weighlock.gateway import Budget, Gateway, Grant, Price, Prices
from weighlock.gateway.door.grants import Grants

NAME = "anthropic"
DIALECT = DIALECTS[NAME]
BODY = DIALECT.request(stream=False)[1]
LOOK = b"HEAD / HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\nconnection: close\r\n\r\n"


def visit(folder, *visits, grant=None, answers=None, **more):
    """Serve one bucket; let each visit in turn ask; return what they heard."""

    async def scene():
        clock = Leaping()
        async with upstream(DIALECT, clock, a=answers or [serves(DIALECT)]) as up:
            config = tables(NAME, {"a": up.url})
            async with serving(config, folder, clock, grant=grant, **more) as served:
                heard = [await one(served) for one in visits]
        return heard, up, served

    return asyncio.run(scene())


def post(path="/v1/messages", body=BODY, method="POST", **headers):
    return lambda served: served.send(
        method, path, body, **{**served.keys(DIALECT), **headers}
    )


def bare(**headers):
    return lambda served: served.send("POST", "/v1/messages", BODY, **headers)


def test_nobody_comes_in_without_a_token_that_was_given_out(tmp_path):
    shown = [
        {},
        {"x_api_key": "wl-run-nobody"},
        {"x_api_key": ""},
        {"authorization": "Basic eDp5"},
        {"x_api_key": "one", "authorization": "Bearer another"},
    ]
    heard, up, _ = visit(tmp_path, *(bare(**one) for one in shown))
    assert [one.status for one in heard] == [401] * len(shown)
    assert json.loads(heard[0].body)["error"]["type"] == "authentication_error"
    assert not up.seen


def test_the_token_is_taken_the_way_every_client_shows_it(tmp_path):
    def ask(path="", **keys):
        def asked(served):
            shown = {k: v.format(served.token) for k, v in keys.items()}
            where = "/v1/messages" + path.format(served.token)
            return served.send("POST", where, BODY, **shown)

        return asked

    heard, up, served = visit(
        tmp_path,
        ask(authorization="Bearer {}"),
        ask(x_api_key="{}"),
        ask(x_goog_api_key="{}"),
        ask("?key={}"),
        ask("?key=", x_api_key="", authorization="Bearer {}"),
    )
    assert [one.status for one in heard] == [200] * 5
    assert not [one for one in up.seen if served.token in repr(one)]


def test_web_pages_and_other_names_for_this_machine_are_turned_away(tmp_path):
    strange = [
        {"host": "evil.example"},
        {"host": "127.0.0.1"},
        {"host": "localhost:1"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1"},
    ]
    heard, up, _ = visit(tmp_path, *(post(**headers) for headers in strange))
    assert [one.status for one in heard] == [403] * len(strange)
    assert not up.seen


def test_only_paths_of_the_list_reach_an_upstream(tmp_path):
    asked = {
        ("POST", "/v1/files"): 404,
        ("GET", "/v1/organizations/usage"): 404,
        ("POST", "/v1/messages/batches"): 404,
        ("POST", "/v1/messages/"): 404,
        ("POST", "//v1/messages"): 404,
        ("POST", "/v1/models/../files"): 404,
        ("POST", "/v1/%6dessages"): 404,
        ("POST", "/v1beta/models/m:deleteEverything"): 404,
        ("POST", "/v1beta/models/..%2f..%2fkeys:generateContent"): 404,
        ("POST", "/v1/responses"): 404,
        ("GET", "/v1/messages"): 405,
        ("GET", "/v1/responses"): 405,  # Codex tries a WebSocket there first
        ("DELETE", "/v1/models"): 405,
        ("PUT", "/v1/messages"): 405,
    }
    heard, up, _ = visit(tmp_path, *(post(p, method=m) for m, p in asked))
    assert [one.status for one in heard] == list(asked.values())
    assert not up.seen
    told = json.loads(heard[-1].body)["error"]
    assert told["type"] == "invalid_request_error"  # nobody is to try that again


def test_a_token_is_worthless_when_it_is_revoked_or_has_expired(tmp_path):
    async def later(served):
        served.clock.at += 61
        return await served.ask(DIALECT)

    async def revoked(served):
        served.token = served.gateway.token_for(Grant())
        first = await served.ask(DIALECT)
        served.gateway.revoke(served.token)
        assert first.status == 200
        return await served.ask(DIALECT)

    grant = Grant(expires_at=Leaping().at + 60)
    heard, up, _ = visit(tmp_path, post(), later, revoked, grant=grant)
    assert [one.status for one in heard] == [200, 401, 401]
    assert len(up.seen) == 2


def test_revoking_a_token_ends_what_it_is_being_answered(tmp_path):
    async def endless(reply):
        await reply.start()
        await reply.chunk(DIALECT.piece("word "))
        await asyncio.sleep(3600)

    async def asked(served):
        path, body = DIALECT.request(stream=True)
        async with served.session.post(
            served.gateway.url + path, data=body, headers=served.keys(DIALECT)
        ) as answer:
            await answer.content.readany()
            served.gateway.revoke(served.token)
            try:
                await answer.content.read()
            except Exception as error:  # noqa: BLE001 - however it is told
                return type(error).__name__
        return "a clean end"

    heard, *_ = visit(tmp_path, asked, answers=[endless])
    assert heard == ["ClientPayloadError"]


def test_a_token_is_for_its_protocols_models_and_provider_alone(tmp_path):
    other = Grant(protocols=frozenset({"gemini"}))
    heard, up, _ = visit(tmp_path, post(), grant=other)
    assert heard[0].status == 403
    models = Grant(models=("claude-*",))
    unnamed, listed = post(body=b"{}"), post("/v1/models", None, "GET")
    heard, more, _ = visit(tmp_path / "2", post(), unnamed, listed, grant=models)
    assert [one.status for one in heard] == [403, 403, 200]
    assert [one.path for one in (*up.seen, *more.seen)] == ["/v1/models"]
    heard, none, _ = visit(tmp_path / "3", post(), grant=Grant(provider="p-other"))
    assert (heard[0].status, none.seen) == (503, [])


def test_the_token_itself_is_kept_nowhere(tmp_path):
    _, _, served = visit(tmp_path, post())
    held = [o for o in gc.get_objects() if isinstance(o, Grants | Gateway)]
    assert held
    assert not [o for o in held if served.token in repr(slots(o))]


def slots(thing, depth=3):
    """Return what an object holds, and what that holds."""
    inner = vars(thing) if hasattr(thing, "__dict__") else {}
    return {k: slots(v, depth - 1) if depth else v for k, v in inner.items()} or thing


def test_a_token_may_have_only_so_many_requests_at_once(tmp_path):
    async def both(served):
        go_on = asyncio.Event()

        async def held(reply):
            await go_on.wait()
            await serves(DIALECT)(reply)

        served.up.answers["a"] = [held]
        async with asyncio.TaskGroup() as group:
            first = group.create_task(served.ask(DIALECT))
            while not served.up.seen:  # noqa: ASYNC110 - a script has no event for it
                await asyncio.sleep(0.001)
            path, body = DIALECT.request(stream=True)
            async with served.session.post(
                served.gateway.url + path, data=body, headers=served.keys(DIALECT)
            ) as second:
                status = second.status
            go_on.set()
        return first.result().status, status

    async def scene():
        clock = Leaping()
        async with upstream(DIALECT, clock, a=[serves(DIALECT)]) as up:
            config = tables(NAME, {"a": up.url})
            grant = Grant(max_in_flight=1)
            async with serving(config, tmp_path, clock, grant=grant) as served:
                served.up = up
                return await both(served)

    assert asyncio.run(scene()) == (200, 429)


BUDGETS = {
    "tokens": (Budget(tokens=100), Prices(), "tokens is spent"),
    "money": (Budget(money=0.0001), Prices(own={"m-1": Price(1, 10, 0.1)}), "is spent"),
    "unknown": (Budget(money=5.0), Prices(), "price is not known"),
}


@pytest.mark.parametrize("name", BUDGETS)
def test_a_budget_that_is_spent_says_so_and_is_no_quota(name, tmp_path):
    budget, prices, words = BUDGETS[name]
    heard, up, served = visit(
        tmp_path, post(), post(), grant=Grant(budget=budget), prices=prices
    )
    assert heard[1].status == 429
    assert heard[1].headers["x-gateway-error"] == "budget-exhausted"
    assert words in json.loads(heard[1].body)["error"]["message"]
    assert len(up.seen) == (0 if name == "unknown" else 1)
    assert "retry-after" not in heard[1].headers
    del served


def test_a_ledger_that_cannot_be_written_stops_what_has_a_budget(tmp_path):
    budgeted = Grant(budget=Budget(tokens=1_000_000))
    no_disk = tmp_path / "a-folder"
    no_disk.mkdir()
    heard, up, _ = visit(tmp_path, post(), post(), grant=budgeted, ledger=no_disk)
    assert [one.status for one in heard] == [200, 503]
    assert heard[1].headers["x-gateway-error"] == "unmetered"
    heard, *_ = visit(tmp_path / "2", post(), post(), ledger=no_disk)
    assert [one.status for one in heard] == [200, 200]
    assert len(up.seen) == 1


def test_what_was_spent_outlives_the_process(tmp_path):
    grant = Grant(run="r1", phase="03", attempt=2, role="Dev")
    file = tmp_path / "spending.jsonl"
    visit(tmp_path / "1", post(), grant=grant, ledger=file)
    _, _, served = visit(tmp_path / "2", post(), grant=grant, ledger=file)
    (account, spent), *rest = served.gateway.meter.accounts.items()
    assert not rest
    assert replace(account, model="") == type(account)(
        run="r1", phase="03", attempt=2, role="Dev", bucket="a"
    )
    assert (spent.requests, spent.tokens.output, spent.unpriced) == (2, 120, 2)
    assert file.stat().st_mode & 0o777 == 0o600


def test_headers_and_bodies_have_limits(tmp_path):
    big = post(x_large="x" * 7000, x_larger="y" * 7000)
    many = post(**{f"x_{n}": "x" * 7000 for n in range(12)})
    heard, up, _ = visit(tmp_path, big, many)
    assert [one.status for one in heard] == [200, 431]
    assert len(up.seen) == 1


def test_a_body_that_does_not_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("weighlock.gateway.app.BODY_LIMIT", 1000)
    fits = BODY + b" " * (1000 - len(BODY))
    heard, up, _ = visit(tmp_path, post(body=fits + b" "), post(body=fits))
    assert [one.status for one in heard] == [413, 200]
    assert len(up.seen) == 1


def by_hand(*parts):
    """Send bytes as they are, each after an answer; return all that comes back."""

    async def sent(served):
        port = served.gateway.url.rpartition(":")[2]
        reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
        heard = b""
        for number, part in enumerate(parts):
            heard += await reader.readuntil(b"\r\n\r\n") if number else b""
            writer.write(part.replace(b"PORT", port.encode()))
        heard += await asyncio.wait_for(reader.read(), 20)
        writer.close()
        return heard

    return sent


def test_whoever_is_slow_to_say_what_it_wants_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("weighlock.gateway.server.HEAD_S", 0.05)
    begun = b"POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1:PORT\r\nx-"
    asked = LOOK.replace(b"connection: close", b"x-and: more")
    heard, up, _ = visit(tmp_path, by_hand(b""), by_hand(begun), by_hand(asked, begun))
    assert [one[:15] for one in heard] == [b"", b"", b"HTTP/1.1 200 OK"]
    assert up.seen == []


def test_an_answer_without_a_body_is_sent_at_once(tmp_path):
    other = LOOK.replace(b"HEAD /", b"HEAD /v1/messages")
    garbled = b"no request at all\r\n\r\n"
    heard, _, _ = visit(tmp_path, *(by_hand(one) for one in (LOOK, other, garbled)))
    assert [one[9:12] for one in heard] == [b"200", b"401", b"400"]


def test_the_gateway_listens_on_this_machine_alone():
    from weighlock.gateway.server import listen

    with listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"
