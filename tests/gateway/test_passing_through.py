"""What passes the gateway is changed in nothing but its credentials."""

import asyncio
import gc
import json
import shutil
import ssl
import subprocess

import pytest
from gateway_dialects import ALL, DIALECTS, TEXT
from gateway_tests import CANARY, Leaping, serves, serving, tables, upstream

from weighlock.gateway.app import Visit


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", ALL)
def test_an_answer_passes_byte_for_byte(name, stream, tmp_path):
    dialect = DIALECTS[name]

    async def scene():
        clock = Leaping()
        async with upstream(dialect, clock, a=[serves(dialect)]) as up:
            config = tables(name, {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                heard = await served.ask(dialect, stream=stream)
        return heard, up.seen[0], served.records[0]

    heard, seen, record = asyncio.run(scene())
    whole = json.dumps(dialect.whole(TEXT)).encode()
    assert heard.body == (b"".join(dialect.events()) if stream else whole)
    assert seen.body == dialect.request(stream=stream)[1]
    header, before = dialect.key
    assert seen.header(header) == before + CANARY.format("a")
    assert record.served
    assert (record.tokens.input, record.tokens.output) == (100, 60)
    assert record.tokens.cache_read == 10


def test_unknown_fields_and_headers_are_kept_and_credentials_are_not(tmp_path):
    dialect = DIALECTS["anthropic"]
    body = b'{ "model":"m-1",\t"later": [1.50, "\\u00e9"], "stream" : false }'

    async def scene():
        clock = Leaping()
        async with upstream(dialect, clock, a=[serves(dialect)]) as up:
            config = tables("anthropic", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                await served.send(
                    "POST",
                    "/v1/messages?beta=true&key=" + served.token,
                    body,
                    x_api_key=served.token,
                    authorization="Bearer " + served.token,
                    cookie="session=1",
                    proxy_authorization="Basic eA==",
                    x_forwarded_for="10.0.0.1",
                    anthropic_beta="context-1m-2025-08-07,x",
                    anthropic_version="2023-06-01",
                    x_anything_new="1",
                    accept_encoding="gzip, br",
                )
        return up.seen[0], served.token

    seen, token = asyncio.run(scene())
    names = [name for name, _ in seen.headers]
    assert seen.body == body
    assert seen.path == "/v1/messages?beta=true"
    assert seen.header("anthropic-beta") == "context-1m-2025-08-07,x"
    assert seen.header("x-anything-new") == "1"
    assert seen.header("accept-encoding") == "identity"
    assert seen.header("x-api-key") == CANARY.format("a")
    away = {"authorization", "cookie", "proxy-authorization", "x-forwarded-for"}
    assert not away & set(names)
    assert token not in json.dumps(seen.headers) + seen.path


def test_an_upstreams_cookies_and_leave_for_web_pages_stay_away_from_the_client(
    tmp_path,
):
    dialect = DIALECTS["openai-chat"]

    async def scene():
        clock = Leaping()
        answer = [
            lambda reply: reply.whole(
                200,
                json.dumps(dialect.whole(TEXT)).encode(),
                set_cookie="a=b",
                x_request_id="r-1",
                access_control_allow_origin="*",
            )
        ]
        async with upstream(dialect, clock, a=answer) as up:
            config = tables("openai-chat", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                return await served.ask(dialect, stream=False)

    heard = asyncio.run(scene())
    assert heard.headers["x-request-id"] == "r-1"
    assert not {"set-cookie", "access-control-allow-origin"} & set(heard.headers)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="it makes a certificate")
def test_an_upstream_that_proves_nothing_is_told_no_key(tmp_path):
    key, proof = tmp_path / "key.pem", tmp_path / "proof.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    own = ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(proof)]
    made = ["openssl", "req", "-x509", *kind, *own]
    subprocess.run(made, check=True, capture_output=True)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(proof, key)
    heard = []

    async def listens(reader, writer):
        heard.append(await reader.read(4096))
        writer.close()

    async def scene():
        server = await asyncio.start_server(listens, "127.0.0.1", 0, ssl=tls)
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        config = tables("anthropic", {"a": url})
        async with server, serving(config, tmp_path, Leaping()) as served:
            await served.ask(DIALECTS["anthropic"], stream=False)
        return served.records[0]

    record = asyncio.run(scene())
    assert (record.status, record.reasons["a"].detail) == (503, "network")
    assert not any(heard)


def test_the_first_event_is_passed_on_before_the_second_is_there(tmp_path):
    dialect = DIALECTS["anthropic"]
    there = asyncio.Event

    async def scene():
        clock, go_on = Leaping(), there()

        async def answer(reply):
            await reply.start()
            for one in (*dialect.opening, dialect.piece("word0 ")):
                await reply.chunk(one)
            await go_on.wait()
            for one in (*dialect.closing, *dialect.sentinel):
                await reply.chunk(one)
            await reply.end()

        async with upstream(dialect, clock, a=[answer]) as up:
            config = tables("anthropic", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                path, body = dialect.request(stream=True)
                url = served.gateway.url + path
                async with served.session.post(
                    url, data=body, headers=served.keys(dialect)
                ) as heard:
                    first = b""
                    while b"word0" not in first:
                        first += await heard.content.readany()
                    go_on.set()
                    rest = await heard.content.read()
        return first, rest

    first, rest = asyncio.run(scene())
    assert b"message_stop" not in first
    assert b"message_stop" in rest


def test_models_are_listed_by_the_first_provider_of_the_clients_protocol(tmp_path):
    async def scene():
        clock = Leaping()
        chat, claude = DIALECTS["openai-chat"], DIALECTS["anthropic"]

        async def listed(reply):
            await reply.whole(200, b'{"data": []}')

        async with (
            upstream(chat, clock, a=[listed]) as one,
            upstream(claude, clock, b=[listed]) as two,
        ):
            config = tables("openai-chat", {"a": one.url})
            other = tables("anthropic", {"b": two.url})
            config["providers"] |= other["providers"]
            config["buckets"] += other["buckets"]
            async with serving(config, tmp_path, clock) as served:
                bearer = "Bearer " + served.token
                await served.send("GET", "/v1/models", authorization=bearer)
                await served.send("GET", "/v1/models", x_api_key=served.token)
        return one.seen, two.seen

    one, two = asyncio.run(scene())
    assert [seen.path for seen in (*one, *two)] == ["/v1/models", "/v1/models"]
    assert (len(one), len(two)) == (1, 1)


def test_a_request_that_is_over_leaves_nothing_for_the_collector(tmp_path):
    dialect = DIALECTS["anthropic"]

    async def scene():
        clock = Leaping()
        async with upstream(dialect, clock, a=[serves(dialect)]) as up:
            config = tables("anthropic", {"a": up.url})
            async with serving(config, tmp_path, clock) as served:
                await served.ask(dialect, stream=True)
                await served.ask(dialect, stream=False)
        return [one for one in gc.get_objects() if isinstance(one, Visit)]

    gc.collect()
    gc.disable()
    try:
        assert asyncio.run(scene()) == []
    finally:
        gc.enable()
