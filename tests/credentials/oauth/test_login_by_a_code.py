"""The device flow (RFC 8628)."""

import asyncio

import pytest
from aiohttp import web
from oauth_server import AuthServer, Hurry

from weighlock.credentials.oauth.login import log_in
from weighlock.errors import AgentError

PENDING = (400, {"error": "authorization_pending"})
SLOWER = (400, {"error": "slow_down"})


def by_code(answers, body=None):
    """Log in by a code; return the tokens, what was shown, and how long we slept."""
    server, clock, shown = AuthServer(answers=list(answers)), Hurry(), []
    if body is not None:
        server.device = _answers(body)

    async def go():
        async with server.serving():
            return await log_in(
                server.client(), clock, lambda *a: shown.append(a), device=True
            )

    try:
        return asyncio.run(go()), shown, clock.slept
    except AgentError as error:
        return error, shown, clock.slept


def _answers(body):
    async def answer(_):
        return web.json_response(body)

    return answer


def test_a_person_is_shown_where_to_type_which_code():
    tokens, shown, _ = by_code([])
    assert tokens.access.reveal().startswith("access-")
    assert [code for _, code in shown] == ["WDJB-MJHT"]
    assert shown[0][0].endswith("/activate")


def test_it_asks_at_the_interval_until_the_code_was_typed_in():
    _, _, slept = by_code([PENDING, PENDING])
    assert slept == [5, 5, 5]


def test_slow_down_adds_five_seconds_for_good():
    _, _, slept = by_code([PENDING, SLOWER, PENDING])
    assert slept == [5, 5, 10, 10]


def test_a_fault_of_the_server_ends_no_login():
    tokens, _, slept = by_code([(503, {})])
    assert tokens.access.reveal().startswith("access-")
    assert slept == [5, 10]


@pytest.mark.parametrize("word", ["access_denied", "expired_token", "invalid_client"])
def test_a_refusal_ends_it(word):
    error, _, slept = by_code([(400, {"error": word})])
    assert word in str(error)
    assert len(slept) == 1


def test_a_code_that_ran_out_is_not_asked_for_again():
    code = {"device_code": "x", "user_code": "y", "verification_uri": "https://a"}
    error, _, slept = by_code([PENDING] * 9, {**code, "expires_in": "30"})
    assert "expired_token" in str(error)
    assert sum(slept) <= 30


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device_code": "x", "user_code": "y"},
        {"device_code": "x", "user_code": "\x1b[2J", "verification_uri": "https://a"},
        {"device_code": "x", "user_code": "y", "verification_uri": "file:///etc"},
    ],
)
def test_what_no_person_should_be_shown_is_not_shown(body):
    error, shown, _ = by_code([], body)
    assert "no_device_code" in str(error)
    assert shown == []
