"""How long a bucket rests: benches get longer, never shorter, and are tried early."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pools import MONEY, QUOTA, REFUSED, START

from weighlock.credentials.policy.bench import FOREVER, benched, claimed, cleared
from weighlock.credentials.policy.breaker import Breaker


def bench(old, hint, at=START, began=None):
    return benched(
        old, hint, now=at, began=at if began is None else began, probe_after_s=900
    )


def test_sm07_without_a_hint_it_is_30_seconds_doubled_up_to_half_an_hour():
    at, old, spans = START, None, []
    for _ in range(9):
        old = bench(old, QUOTA, at)
        spans.append(old.until - at)
        at = old.until
    assert spans == [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_requests_that_failed_together_count_as_one_strike():
    first = bench(None, QUOTA, START)
    second = bench(first, QUOTA, START + 1, began=START - 1)
    assert second.strikes == first.strikes


def test_money_rests_an_hour_and_a_dead_key_until_there_is_another():
    assert bench(None, MONEY).until == START + 3600
    dead = bench(None, REFUSED)
    assert (dead.until, dead.earliest) == (FOREVER, None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5000),
            st.sampled_from([QUOTA, MONEY, "later"]),
            st.integers(-50, 4000),
        ),
        max_size=8,
    )
)
def test_a_bench_only_gets_longer(steps):
    at, old = START, None
    for wait, hint, ahead in steps:
        at += wait
        told = replace(QUOTA, retry_at=at + ahead) if hint == "later" else hint
        new = bench(old, told, at)
        assert old is None or new.until >= old.until
        old = new


def test_one_request_takes_the_probe_and_the_next_comes_later():
    rests = bench(None, replace(QUOTA, retry_at=START + 86_400))
    assert rests.standing(START + 899) == "rests"
    assert rests.standing(START + 900) == "probe"
    taken = claimed(rests, START + 900, 900)
    assert taken.standing(START + 901) == "rests"
    assert taken.standing(START + 1800) == "probe"


def test_a_success_ends_a_bench_unless_it_began_before():
    rests = bench(None, QUOTA)
    assert cleared(rests, START + 1) is None
    assert cleared(rests, START - 1) == rests


@pytest.mark.parametrize("times", [1, 2, 3, 9])
def test_a_breaker_is_open_for_five_to_thirty_seconds(times):
    breaker, at = Breaker(), START
    for _ in range(4 + times):
        breaker = breaker.faulted(at, "overloaded", at)
        at = breaker.shut_until(at) or at
    assert breaker.opened == times
    last = breaker.faulted(at, "overloaded", at)
    assert 5 <= last.until - at <= 30


def test_an_open_breaker_lets_one_request_try():
    breaker = Breaker()
    for _ in range(5):
        breaker = breaker.faulted(START, "overloaded", START)
    assert breaker.shut_until(START + 4) == START + 5
    assert breaker.shut_until(START + 5) is None
    assert breaker.tried(START + 5).shut_until(START + 6) is not None
    assert breaker.tried(START + 5).left().shut_until(START + 6) is None


def test_a_clock_that_is_set_back_lets_one_request_try_a_bench():
    day = 86_400
    rests = bench(None, replace(QUOTA, retry_at=START + 600))
    assert rests.standing(START - 5) == "rests"
    assert rests.standing(START - day) == "probe"
    taken = claimed(rests, START - day, 900)
    assert (taken.since, taken.until) == (START - day, START - day + 600)
    assert taken.standing(START - day + 1) == "rests"
    assert claimed(bench(None, REFUSED), START - day, 900).earliest is None


def test_a_clock_that_is_set_back_keeps_no_breaker_open():
    broken = Breaker()
    for _ in range(5):
        broken = broken.faulted(START, "network", START)
    assert broken.shut_until(START) is not None
    assert broken.shut_until(START - 86_400) is None
