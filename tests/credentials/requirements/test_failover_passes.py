"""The three passes (REQ-1598-FL): which bucket is next, and why not the others."""

import asyncio
from dataclasses import replace

import pytest
from pools import (
    BAD,
    FAULT,
    MONEY,
    NOBODY,
    OLD,
    QUOTA,
    REFUSED,
    START,
    limited,
    refused,
    run,
    secret,
    served,
    world,
)

from weighlock.credentials import AllBucketsExhausted, Hint, stalled


def reasons(error):
    return {name: (f.reason, f.detail) for name, f in error.reasons.items()}


def test_fl13_buckets_are_tried_in_the_order_of_the_file():
    made = world("a", "b", "c")
    tried, _ = run(served(made.pool(), {"a": [QUOTA], "b": [MONEY]}))
    assert tried == ["a", "b", "c"]


def test_fl11_every_bucket_keeps_the_reason_it_was_left_for():
    made = world("a", "b", "c")
    error = run(refused(made.pool(), {n: [QUOTA] for n in "abc"}))
    assert reasons(error) == dict.fromkeys("abc", ("quota-exhausted", "quota"))


def test_fl03_ro03_ro04_a_switch_between_credentials_waits_for_nothing():
    made = world("a", "b", "c")
    late = replace(QUOTA, retry_at=START + 300)
    tried, _ = run(served(made.pool(), {"a": [late], "b": [REFUSED]}))
    assert tried == ["a", "b", "c"]
    assert made.time.now() == START


def test_a_short_wait_keeps_the_bucket_once_and_its_cache_with_it():
    made = world("a", "b")
    short = replace(QUOTA, retry_at=START + 3)
    tried, _ = run(served(made.pool(), {"a": [short]}))
    assert tried == ["a", "a"]
    assert START + 3 <= made.time.now() < START + 4


def test_a_second_short_wait_is_not_waited_for():
    made = world("a", "b")
    waits = [replace(QUOTA, retry_at=START + 2), replace(QUOTA, retry_at=START + 4)]
    tried, state = run(served(made.pool(), {"a": waits}))
    assert tried == ["a", "a", "b"]
    assert state.reasons()["a"].detail == "throttled"


def test_a_terminal_quota_is_left_at_the_first_word():
    made = world("a", "b")
    soon = replace(MONEY, retry_at=START + 1)
    assert run(served(made.pool(), {"a": [soon]}))[0] == ["a", "b"]


def test_a_bucket_that_rests_is_not_asked_again_by_the_next_request():
    made = world("a", "b")
    pool = made.pool()
    late = replace(QUOTA, retry_at=START + 7200)
    run(served(pool, {"a": [late]}, model="m"))
    tried, state = run(served(pool, {}, model="m"))
    assert tried == ["b"]
    told = state.reasons()["a"]
    assert (told.reason, told.detail) == ("quota-exhausted", "cooling-down")
    assert told.retry_at == START + 7200


def test_a_quota_of_one_model_leaves_the_others_alone():
    made = world("a", "b")
    pool = made.pool()
    run(served(pool, {"a": [QUOTA]}, model="big"))
    assert run(served(pool, {}, model="small", affinity="other"))[0] == ["a"]


def test_cl07_pe01_the_bucket_that_failed_is_renewed_and_used_again():
    made = world("a!", "b")
    made.sources["a"].renewal = secret("a-2", "oauth")
    tried, _ = run(served(made.pool(), {"a": [REFUSED]}))
    assert tried == ["a", "a"]


def test_cl02_what_the_upstream_said_stays_where_renewing_fails():
    made = world("a!", "b")
    tried, state = run(served(made.pool(), {"a": [REFUSED]}))
    assert tried == ["a", "b"]
    told = state.reasons()["a"]
    assert (told.reason, told.detail) == ("expired-refresh-failed", "revoked")
    left = [(n.bucket, n.reason) for n in made.notices if n.what == "left"]
    assert left == [("a", "expired-refresh-failed")]


def test_cl07_once_in_a_request():
    made = world("a!", "b")
    made.sources["a"].renewal = secret("a-2", "oauth")
    tried, state = run(served(made.pool(), {"a": [REFUSED, REFUSED]}))
    assert tried == ["a", "a", "b"]
    told = state.reasons()["a"]
    assert (told.reason, told.detail) == ("expired-refresh-failed", "revoked")


def test_fl17_a_token_that_cannot_be_renewed_is_passed_over():
    made = world("a!", "b")
    made.sources["a"].has = OLD
    tried, state = run(served(made.pool(), {}))
    assert tried == ["b"]
    assert state.reasons()["a"].reason == "expired-refresh-failed"


def test_fl06_without_a_person_the_third_pass_only_asks_for_one():
    made = world("a!")
    made.sources["a"].has = NOBODY
    error = run(refused(made.pool(), {}))
    assert reasons(error) == {"a": ("no-token", "not-logged-in")}
    assert [n.what for n in made.notices] == ["left", "reauth-required", "exhausted"]


def test_sm06_an_affinity_is_a_preference_and_not_a_chain():
    made = world("a", "b")
    pool = made.pool()
    run(served(pool, {"a": [QUOTA]}, affinity="x", model="m"))
    made.time.at += 40
    assert run(served(pool, {}, affinity="x", model="m"))[0] == ["b"]
    assert run(served(pool, {"b": [MONEY]}, affinity="x", model="m"))[0] == ["b", "a"]
    assert run(served(pool, {}, affinity="y", model="m"))[0] == ["a"]


def test_fl15_without_a_bucket_of_the_protocol_it_ends_at_once():
    error = run(refused(world("a").pool(), {}, wire="gemini"))
    assert (error.buckets, error.reasons) == ((), {})
    assert not error.all_quota


def test_fl16_bwc01_ts03_one_bucket_behaves_like_plain_retry():
    made = world("a")
    tried, _ = run(served(made.pool(), {"a": [FAULT]}))
    assert tried == ["a", "a"]
    assert made.time.now() == pytest.approx(START + 0.5, abs=0.05)


@pytest.mark.parametrize("hint", [BAD, Hint(fault="request", status=403)])
def test_a_request_that_is_wrong_leaves_no_bucket(hint):
    made = world("a", "b")

    async def once():
        with await made.pool().request("anthropic").next() as lease:
            assert hint.passes
            lease.succeeded(hint)
            return lease.bucket.id

    assert run(once()) == "a"
    assert dict(made.book.read()) == {}


def test_ro04_a_fault_of_an_upstream_is_tried_there_once_more_then_elsewhere():
    made = world("a", "b", "c@far")
    tried, _ = run(served(made.pool(), {"a": [FAULT] * 9, "b": [FAULT] * 9}))
    assert tried == ["a", "a", "c"]


def test_after_silence_the_same_bucket_is_not_tried_again():
    made = world("a", "b@far")
    assert run(served(made.pool(), {"a": [stalled()]}))[0] == ["a", "b"]


def test_a_full_bucket_is_passed_over_and_waited_for_if_it_is_the_last():
    made = limited(world("a", "b"), a=1, b=1)
    pool = made.pool()

    async def three():
        first = await pool.request("anthropic").next()
        second = await pool.request("anthropic").next()
        third = asyncio.ensure_future(pool.request("anthropic").next())
        await asyncio.sleep(0)
        second.succeeded()
        return first.bucket.id, second.bucket.id, (await third).bucket.id

    assert run(three()) == ("a", "b", "b")


def test_a_long_bench_is_tried_by_one_real_request_every_quarter_of_an_hour():
    made = world("a", "b")
    pool = made.pool()
    late = replace(QUOTA, retry_at=START + 86_400)
    run(served(pool, {"a": [late]}, model="m"))
    made.time.at += 901
    assert run(served(pool, {"a": [late]}, model="m"))[0] == ["a", "b"]
    assert run(served(pool, {}, model="m"))[0] == ["b"]
    made.time.at += 901
    assert run(served(pool, {}, model="m"))[0] == ["a"]
    assert run(served(pool, {}, model="m"))[0] == ["a"]


def test_a_request_may_wait_for_the_earliest_reset():
    made = world("a", "b", max_wait_s=600)
    hints = {
        "a": [replace(QUOTA, retry_at=START + 500)],
        "b": [replace(QUOTA, retry_at=START + 90)],
    }
    tried, _ = run(served(made.pool(), hints))
    assert tried == ["a", "b", "b"]
    assert START + 90 <= made.time.now() < START + 92


def test_fl11_the_end_says_when_one_may_serve_again():
    made = world("a", "b")
    hints = {
        "a": [replace(QUOTA, retry_at=START + 500)],
        "b": [replace(MONEY, retry_at=START + 90)],
    }
    error = run(refused(made.pool(), hints))
    assert error.retry_at == START + 90
    assert error.all_quota


def test_a_passing_fault_is_not_left_for_as_long_as_anothers_quota():
    made = world("a", "b@far")
    spent = replace(QUOTA, retry_at=START + 50_000)
    error = run(refused(made.pool(), {"a": [spent], "b": [FAULT] * 2}))
    assert error.retry_at == pytest.approx(START + 60, abs=2)
    assert not error.all_quota


def test_a_bucket_that_is_switched_off_is_not_used():
    made = world("a", "b")
    made.buckets[0] = replace(made.buckets[0], enabled=False)
    tried, state = run(served(made.pool(), {}))
    assert tried == ["b"]
    assert state.reasons()["a"].detail == "disabled"


def test_sm07_five_faults_in_a_row_open_the_breaker_of_an_upstream():
    made = world("a", max_attempts=9)
    pool = made.pool()
    for _ in range(3):
        with pytest.raises(AllBucketsExhausted):
            run(served(pool, {"a": [FAULT] * 9}))
    error = run(refused(pool, {}))
    assert reasons(error) == {"a": ("upstream-failed", "circuit-open")}
    made.time.at += 6
    assert run(served(pool, {}))[0] == ["a"]
