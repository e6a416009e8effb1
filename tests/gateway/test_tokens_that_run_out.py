"""A bucket that logs in: its token is renewed, unseen by whoever asks."""

import asyncio
import json

import pytest
from gateway_dialects import DIALECTS
from gateway_tests import CANARY, says, serves, serving, settings, tables, upstream

from weighlock.cli.clock import SystemClock
from weighlock.credentials import Secret
from weighlock.credentials.oauth.store import FileStore, place
from weighlock.credentials.oauth.tokens import Tokens

DIALECT = DIALECTS["anthropic"]
OLD, NEW = CANARY.format("a") + "-old", CANARY.format("a") + "-new"


async def together(served, number):
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(served.ask(DIALECT, stream=False)) for _ in range(number)
        ]
    return [task.result() for task in asked]


def ask(folder, *, lifetime, age, times=1, at_once=0):
    """Ask through one bucket whose token is so old; return what was heard and seen."""
    clock = SystemClock()

    async def looks(reply):
        good = NEW in str(reply.seen.headers)
        await (serves(DIALECT) if good else says(DIALECT, 401))(reply)

    async def gives(reply):
        body = {"access_token": NEW, "token_type": "bearer", "expires_in": 3600}
        await reply.whole(200, json.dumps(body).encode())

    async def scene():
        async with (
            upstream(DIALECT, clock, a=[looks]) as up,
            upstream(DIALECT, clock, **{"nobody's": [gives]}) as issuer,
        ):
            config = tables("anthropic", {"a": up.url})
            del config["buckets"][0]["key_env"]
            config["buckets"][0]["oauth"] = "own"
            url = issuer.url + "/token"
            own = {"client_id": "me", "token_url": url, "device_url": url}
            config["oauth"] = {"own": own}
            client = settings(config, folder).oauth["own"]
            store = FileStore(place(folder / "state", "a", client))
            issued = clock.now() - age
            tokens = Tokens(
                access=Secret(OLD),
                refresh=Secret("CANARY-refresh"),
                obtained_at=issued,
                expires_at=issued + lifetime,
            )
            store.save(tokens)
            async with serving(config, folder, clock) as served:
                heard = await together(served, at_once)
                heard += [await served.ask(DIALECT, stream=False) for _ in range(times)]
                if not times and not at_once:
                    while store.load().access.reveal() == OLD:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
            told = repr([(h.headers, h.body) for h in heard])
            lines = [record.line() for record in served.records]
        return heard, up.seen, issuer.seen, told + json.dumps(lines)

    return asyncio.run(scene())


def test_a_token_that_is_refused_is_renewed_and_the_same_bucket_serves(tmp_path):
    heard, seen, asked, told = ask(tmp_path, lifetime=3600, age=10, times=2)
    assert [one.status for one in heard] == [200, 200]
    assert [one.header("authorization")[-3:] for one in seen] == ["old", "new", "new"]
    assert len(asked) == 1
    assert "CANARY" not in told


@pytest.mark.slow
def test_ten_that_are_refused_at_once_wait_for_one_renewal(tmp_path):
    heard, seen, asked, _ = ask(tmp_path, lifetime=3600, age=10, times=0, at_once=10)
    assert [one.status for one in heard] == [200] * 10
    assert len(asked) == 1
    assert len(seen) == 20


def test_a_token_that_ran_out_is_renewed_before_it_is_used(tmp_path):
    heard, seen, asked, _ = ask(tmp_path, lifetime=3600, age=4000)
    assert heard[0].status == 200
    assert (len(seen), len(asked)) == (1, 1)


def test_a_token_is_renewed_ahead_of_time_while_nobody_asks(tmp_path):
    _, seen, asked, _ = ask(tmp_path, lifetime=3600, age=3400, times=0)
    assert (len(seen), len(asked)) == (0, 1)
