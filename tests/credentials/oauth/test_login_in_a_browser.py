"""The authorisation code with PKCE and a loopback redirect (RFC 7636, RFC 8252)."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from oauth_server import AuthServer, Browser, Hurry, get, redirect_of

from weighlock.credentials.oauth.login import log_in
from weighlock.errors import AgentError


def logged_in(server=None, show=None, **client):
    """Log in against a fresh server; return the tokens, the server and the browser."""
    server, browser = server or AuthServer(), Browser()

    async def go():
        async with server.serving():
            tokens = await log_in(
                server.client(**client), Hurry(), show or browser.show
            )
            if browser.went:
                await browser.went
            return tokens

    return asyncio.run(go()), server, browser


def test_a_login_ends_with_tokens_and_a_page_that_says_so():
    tokens, server, browser = logged_in()
    assert tokens.access.reveal().startswith("access-")
    assert tokens.refresh is not None
    assert tokens.expires_at - tokens.obtained_at == server.life
    assert "close this window" in browser.page


def test_the_code_is_redeemed_with_the_proof_that_we_asked():
    _, server, _ = logged_in()
    [form] = server.forms
    assert len(form["code_verifier"]) >= 43
    assert form["client_id"] == "client-1"
    assert urlsplit(form["redirect_uri"]).hostname == "127.0.0.1"


def test_a_client_with_a_secret_proves_itself_by_http_basic():
    ours = {"secret": "s:3 c"}
    _, server, _ = logged_in(**ours)
    assert server.basic[0].startswith("Basic ")
    assert "client_id" not in server.forms[0]
    assert "s:3 c" not in str(server.forms)


def test_only_the_answer_with_our_state_counts():
    seen = []

    def show(address, _):
        seen.append(asyncio.ensure_future(strangers(address)))

    async def strangers(address):
        back, state = redirect_of(address)
        wrong = [
            await get(f"{back}?code=evil&state=guess"),
            await get(f"{back}?code=evil"),
            await get(f"{back}?code=a&code=b&state={state}"),
            await get(f"{back.replace('/callback', '/')}?code=evil&state={state}"),
        ]
        return wrong, await get(address)

    logged_in(show=show)
    wrong, right = seen[0].result()
    assert [status for status, _ in wrong] == [400, 400, 400, 404]
    assert right[0] == 200


def test_a_refusal_is_seen_before_a_code_in_the_same_answer():
    def show(address, _):
        back, state = redirect_of(address)
        task = get(f"{back}?error=access_denied&code=x&state={state}")
        show.task = asyncio.ensure_future(task)

    with pytest.raises(AgentError, match="access_denied"):
        logged_in(show=show)


def test_what_a_server_says_is_never_printed_as_it_is():
    def show(address, _):
        back, state = redirect_of(address)
        show.task = asyncio.ensure_future(get(f"{back}?error=%1b%5b2J&state={state}"))

    with pytest.raises(AgentError) as told:
        logged_in(show=show)
    assert "\x1b" not in str(told.value)


def test_nobody_waits_for_ever_for_a_person():
    class Late(Hurry):
        async def sleep(self, seconds):
            self.at += seconds

    async def go():
        async with AuthServer().serving() as server:
            await log_in(server.client(), Late(), lambda *_: None)

    with pytest.raises(AgentError, match="nobody logged in within 300 s"):
        asyncio.run(go())


def test_a_query_in_the_authorisation_address_stays():
    sent = []

    def show(address, _):
        sent.append(address)
        back, state = redirect_of(address)
        show.task = asyncio.ensure_future(get(f"{back}?error=no&state={state}"))

    with pytest.raises(AgentError):
        logged_in(show=show, authorize_url="https://id.example/go?tenant=7")
    query = parse_qs(urlsplit(sent[0]).query)
    assert query["tenant"] == ["7"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"] == ["models"]
