"""Errors (REQ-1598-ER, IC), one request's state (SM), retry (RO, BWC, PE)."""

import asyncio
from dataclasses import replace
from typing import get_args

import pytest
from pools import (
    FAULT,
    MONEY,
    NOBODY,
    QUOTA,
    REFUSED,
    START,
    refused,
    run,
    secret,
    served,
    world,
)

from weighlock.credentials import AllBucketsExhausted, network
from weighlock.credentials.policy.words import Reason
from weighlock.errors import WeighlockError


def test_er01_er02_er04_ro05_ts04_the_end_names_provider_buckets_and_reasons():
    made = world("a", "b@far")
    error = run(refused(made.pool(), {"a": [MONEY], "b": [REFUSED]}))
    assert isinstance(error, WeighlockError)
    assert error.provider == "main, far"
    assert error.buckets == ("a", "b")
    assert error.last_error.status == 401
    assert "a: quota-exhausted / billing" in error.message
    assert "b: expired-refresh-failed / rejected-key" in error.message


def test_er01_the_history_holds_every_failure_in_order():
    made = world("a", "b")
    short = replace(QUOTA, retry_at=START + 1)
    error = run(refused(made.pool(), {"a": [short, QUOTA], "b": [MONEY]}))
    told = [(f.bucket, f.detail, f.attempt) for f in error.history]
    assert told == [("a", "throttled", 1), ("a", "quota", 2), ("b", "billing", 3)]


def test_se02_ic02_reasons_are_a_copy():
    made = world("a")
    _, state = run(served(made.pool(), {"a": [FAULT]}))
    state.reasons().clear()
    assert state.reasons()["a"].reason == "upstream-failed"


def test_ic07_ic10_ic11_what_an_upstream_answered_is_kept_if_it_answered():
    made = world("a", "b")
    spent = replace(QUOTA, code="usage_limit")
    _, state = run(served(made.pool(), {"a": [spent], "b": [network("reset")]}))
    told = [(f.status, f.code) for f in state.history]
    assert told == [(429, "usage_limit"), (None, "reset")]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_ts01_sm04_every_reason_is_one_that_a_bucket_can_be_left_for(reason):
    """Each word of the vocabulary is reached by some request; none is kept for show."""
    names, answers, login = REACHED[reason]
    made = world(*names, max_attempts=2)
    made.login = login and (lambda _: login(made.time))
    for name in (n.strip("!") for n in names if n.endswith("!")):
        made.sources[name].has = NOBODY
    error = run(refused(made.pool(), answers))
    assert reason in {f.reason for f in error.reasons.values()}


async def _fails(_):
    raise RuntimeError("no")


REACHED = {
    "quota-exhausted": (["a"], {"a": [QUOTA]}, None),
    "expired-refresh-failed": (["a"], {"a": [REFUSED]}, None),
    "reauth-failed": (["a!"], {}, _fails),
    "reauth-timeout": (["a!"], {}, lambda time: time.sleep(1e6)),
    "no-token": (["a!"], {}, None),
    "upstream-failed": (["a"], {"a": [FAULT] * 2}, None),
    "skipped": (["a", "b", "c"], {"a": [QUOTA], "b": [QUOTA]}, None),
}
"""Reason → buckets, what they answer, and what a login comes to."""


def test_pe03_a_bucket_that_has_no_token_is_looked_at_once_in_a_request():
    made = world("a!", "b!")
    looked = []
    for name, source in made.sources.items():
        source.has = NOBODY
        source.get = _noting(looked, name, source)
    run(refused(made.pool(), {}))
    assert looked == ["a", "b"]


def test_a_bucket_that_was_never_looked_at_is_skipped():
    made = world("a", "b", "c", max_attempts=2)
    error = run(refused(made.pool(), {"a": [QUOTA], "b": [QUOTA]}))
    assert error.reasons["c"].reason == "skipped"


def test_sm01_to_sm03_ts05_two_requests_know_nothing_of_each_other():
    made = world("a", "b")
    pool = made.pool()

    async def both():
        one, two = pool.request("anthropic"), pool.request("anthropic")
        first, second = await one.next(), await two.next()
        first.failed(replace(FAULT, retry_at=None))
        second.succeeded()
        return one.reasons(), two.reasons()

    one, two = run(both())
    assert one["a"].reason == "upstream-failed"
    assert two["a"].reason == "skipped"


def test_ec05_a_late_failure_of_a_token_that_was_renewed_teaches_nothing():
    made = world("a!", "b")

    async def late():
        request = made.pool().request("anthropic")
        lease = await request.next()
        made.sources["a"].has = secret("a-2", "oauth")
        lease.failed(REFUSED)
        again = await request.next()
        return again.bucket.id, again.credential.version

    assert run(late()) == ("a", "a-2")
    assert dict(made.book.read()) == {}
    assert [n.what for n in made.notices] == ["stale"]


def test_ro01_the_first_429_is_enough():
    made = world("a", "b")
    assert run(served(made.pool(), {"a": [QUOTA]}))[0] == ["a", "b"]


def test_ro02_so_is_the_first_402():
    made = world("a", "b")
    assert run(served(made.pool(), {"a": [MONEY]}))[0] == ["a", "b"]


def test_ro04_pauses_at_a_faulty_upstream_double_from_one_second():
    made = world("a", "b", "c", "d", max_attempts=5)
    made.random = 1.0
    run(refused(made.pool(), {n: [FAULT] * 9 for n in "abcd"}))
    assert made.time.now() == pytest.approx(START + 1 + 2 + 4 + 8, abs=0.2)


def test_ro05_attempts_are_counted_over_all_buckets():
    made = world("a", "b", "c", max_attempts=2)
    error = run(refused(made.pool(), {n: [FAULT] * 9 for n in "abc"}))
    assert [f.attempt for f in error.history] == [1, 2] or len(error.history) == 1


def test_bwc04_one_bucket_with_a_spent_quota_ends_at_once():
    made = world("a")
    error = run(refused(made.pool(), {"a": [QUOTA]}))
    assert error.reasons["a"].reason == "quota-exhausted"
    assert made.time.now() == START


def test_pe02_buckets_behind_the_first_good_one_are_not_looked_at():
    made = world("a!", "b!", "c!")
    looked = []
    for name, source in made.sources.items():
        source.get = _noting(looked, name, source)
    assert run(served(made.pool(), {}))[0] == ["a"]
    assert looked == ["a"]


def _noting(looked, name, source):
    async def get():
        looked.append(name)
        return source.has

    return get


def test_who_goes_away_gives_the_slot_back_and_teaches_nothing():
    made = world("a")
    pool = made.pool()

    async def leave():
        with await pool.request("anthropic").next():
            pass

    run(leave())
    assert pool.doors()[0].in_flight == 0
    assert dict(made.book.read()) == {}


def test_who_is_cancelled_while_waiting_holds_no_slot():
    made = world("a!")
    pool = made.pool()

    async def never():
        await asyncio.Event().wait()

    made.sources["a"].get = never

    async def story():
        task = asyncio.ensure_future(pool.request("anthropic").next())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})

    run(story())
    assert pool.doors()[0].in_flight == 0


def test_ec03_nothing_to_try_is_the_end_and_not_a_loop():
    made = world("a!", "b!")
    for source in made.sources.values():
        source.has = NOBODY
    with pytest.raises(AllBucketsExhausted):
        run(served(made.pool(), {}))
