"""How long the rest may take: read from words, bounded, or not said at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.order import critical_path
from weighlock.run.forecast import forecast, makespan, seconds_of


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("90 min", (5400, 5400)),
        ("1-2 hours", (3600, 7200)),
        ("1–2h", (3600, 7200)),
        ("2 to 3 days", (57600, 86400)),
        ("30 seconds", (30, 30)),
        ("~1.5 hrs (complex)", (5400, 5400)),
        ("30 min - 2 hours", (1800, 7200)),
        ("1 hour 30 min", (5400, 5400)),
        ("1h30m", (5400, 5400)),
        ("2 weeks", (288000, 288000)),
        ("2-1 hours", (3600, 7200)),
    ],
)
def test_a_duration_is_read_as_people_write_it(words, seconds):
    assert seconds_of(words) == seconds


@pytest.mark.parametrize(
    "words", [None, "", "medium", "5 story points", "3 months", "2 models", "L"]
)
def test_what_states_no_duration_is_not_guessed(words):
    assert seconds_of(words) is None


def test_without_estimates_or_history_there_is_no_forecast(make_plan, after):
    assert forecast(make_plan({"01": []}), after(("01",)), 0.0, 1) is None


def test_one_passed_phase_is_not_yet_a_history(make_plan, after, say):
    state = after(("01", "02"), *say.done("01", until=10.0))
    assert forecast(make_plan({"01": [], "02": []}), state, 10.0, 1) is None


def test_what_passed_phases_took_is_a_range(make_plan, after, say):
    keys = ("01", "02", "03")
    what = [*say.done("01", until=10.0), *say.done("02", at=10.0, until=40.0)]
    state = after(keys, *what)
    found = forecast(make_plan(dict.fromkeys(keys, ())), state, 40.0, 1)
    assert (found.low, found.high, found.critical) == (10.0, 30.0, ("03",))
    assert found.basis == "what passed phases took"


def test_estimates_count_and_time_already_spent_does_not(say, after):
    plan = say.plan(
        say.phase("01", estimate="1-2 hours"),
        say.phase("02", estimate="1 h", needs=("01",)),
    )
    state = after(("01", "02"), say.attempted("01"))
    found = forecast(plan, state, 1800.0, 2)
    assert (found.low, found.high) == (1800 + 3600, 5400 + 3600)
    assert found.critical == ("01", "02")
    assert found.basis == "the plan's estimates"


def test_a_finished_plan_has_nothing_to_forecast(make_plan, after, say):
    assert (
        forecast(make_plan({"01": []}), after(("01",), *say.done("01")), 0, 1) is None
    )


def test_a_mixed_basis_names_both(say, after):
    plan = say.plan(
        *(say.phase(k) for k in ("01", "02", "03")), say.phase("04", estimate="1 h")
    )
    what = [*say.done("01", until=10.0), *say.done("02", until=10.0)]
    found = forecast(plan, after(("01", "02", "03", "04"), *what), 10.0, 1)
    assert found.basis == "the plan's estimates and what passed phases took"


@st.composite
def weighted(draw):
    keys = [f"{i:03}" for i in range(draw(st.integers(1, 30)))]
    needs = {
        key: tuple(draw(st.sets(st.sampled_from(keys[:i]), max_size=3))) if i else ()
        for i, key in enumerate(keys)
    }
    return needs, {key: draw(st.integers(0, 50)) for key in keys}


@pytest.mark.slow
@given(graph=weighted(), jobs=st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_a_makespan_lies_between_the_two_classical_bounds(graph, jobs):
    needs, seconds = graph
    longest, total = critical_path(needs, seconds)[1], sum(seconds.values())
    length = makespan(needs, seconds, jobs)
    assert max(longest, total / jobs) <= length + 1e-9
    assert length <= total / jobs + longest * (1 - 1 / jobs) + 1e-9


@pytest.mark.slow
@given(graph=weighted())
@settings(max_examples=40, deadline=None)
def test_one_job_takes_the_sum_and_enough_jobs_the_longest_chain(graph):
    needs, seconds = graph
    assert makespan(needs, seconds, 1) == sum(seconds.values())
    assert makespan(needs, seconds, 99) == critical_path(needs, seconds)[1]
