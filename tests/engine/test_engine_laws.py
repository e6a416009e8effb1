"""Laws of the loop: order, resume after any cut, one landing per phase."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.engine import Engine
from weighlock.run import events as ev
from weighlock.run.requests import Request
from weighlock.run.state import RunState, fold


@st.composite
def graphs(draw):
    """A graph of needs without cycles, of one to seven phases."""
    keys = [f"{i:02}" for i in range(1, draw(st.integers(1, 7)) + 1)]
    return {
        key: draw(st.lists(st.sampled_from(keys[:i]), unique=True)) if i else []
        for i, key in enumerate(keys)
    }


@st.composite
def tables(draw):
    """Verdicts for some attempts; what is not named passes."""
    keys = st.tuples(
        st.sampled_from([f"{i:02}" for i in range(1, 8)]), st.integers(1, 3)
    )
    words = st.sampled_from(["pass", "fail", "error", "review"])
    return draw(st.dictionaries(keys, words, max_size=6))


def run(engine: Engine) -> RunState:
    return asyncio.run(engine.execute())


@given(needs=graphs(), table=tables(), jobs=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_no_attempt_starts_before_all_its_needs_passed(
    fakes, make_plan, needs, table, jobs
):
    world = fakes(make_plan(needs), table=table, jobs=jobs)
    run(world.engine())
    passed: set[str] = set()
    for event in world.journal.events:
        if isinstance(event, ev.AttemptStarted):
            assert set(needs[event.phase]) <= passed
        if isinstance(event, ev.PhasePassed):
            passed.add(event.phase)
    assert world.agent.most <= jobs


@given(needs=graphs(), table=tables(), cuts=st.lists(st.integers(0, 25), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_run_cut_after_any_event_and_resumed_ends_as_the_uncut_one(
    fakes, make_plan, cut_off, needs, table, cuts
):
    whole = fakes(make_plan(needs), table=table)
    expected = run(whole.engine())
    world = fakes(make_plan(needs), table=table)
    for cut in cuts:
        world.journal.left = cut
        with pytest.RaisesGroup(cut_off, flatten_subgroups=True, allow_unwrapped=True):
            run(world.engine())
            raise cut_off
    world.journal.left = 10**9
    state = run(world.engine())
    assert world.space.opened == []
    landed = [c.phase for c in world.space.commits]
    assert len(landed) == len(set(landed))
    if not table:
        assert {k: p.stage for k, p in state.phases.items()} == {
            k: p.stage for k, p in expected.phases.items()
        }
        assert state.stage == expected.stage == "passed"


@pytest.mark.slow
@given(needs=graphs(), table=tables())
@settings(max_examples=30, deadline=None)
def test_any_prefix_of_a_journal_folds_to_a_valid_state(fakes, make_plan, needs, table):
    world = fakes(make_plan(needs), table=table)
    run(world.engine())
    events = world.journal.events
    for n in range(1, len(events) + 1):
        state = fold(events[:n])
        passed = {k for k, p in state.phases.items() if p.stage == "passed"}
        assert not passed & set(state.open)
        assert {phase for phase, _ in state.checkpoints} == passed


def test_a_failed_phase_is_tried_again_and_then_a_person_is_needed(fakes, make_plan):
    table = {("01", n): "fail" for n in (1, 2)}
    world = fakes(
        make_plan({"01": [], "02": ["01"], "03": []}), table=table, attempts=2
    )
    state = run(world.engine())
    assert state.phase("01").stage == "failed"
    assert [a.remediation for a in state.phase("01").attempts] == [False, True]
    assert state.phase("02").attempts == ()
    assert state.phase("03").stage == "passed"
    assert state.stage == "failed"


def test_a_waived_phase_lets_later_phases_go_on_and_keeps_its_verdict(fakes, make_plan):
    world = fakes(
        make_plan({"01": [], "02": ["01"]}), table={("01", 1): "fail"}, attempts=1
    )
    run(world.engine())
    world.requests = [Request(verb="waive", phase="01", by="ann", text="known")]
    state = run(world.engine())
    assert state.phase("01").stage == "waived"
    assert state.phase("01").verdict == "fail"
    assert state.phase("02").stage == "passed"
    assert state.phase("01").commit == ""


def test_reviewed_work_is_merged_only_after_approval(fakes, make_plan):
    world = fakes(make_plan({"01": []}), table={("01", 1): "review"})
    state = run(world.engine())
    assert (state.phase("01").stage, state.stage) == ("review", "needs-input")
    assert world.space.commits == []
    world.requests = [Request(verb="approve", phase="01", by="ann")]
    state = run(world.engine())
    assert state.phase("01").stage == "passed"
    assert state.phase("01").by == "ann"
    assert len(state.phase("01").attempts) == 1


def test_rejected_work_goes_back_with_the_reason(fakes, make_plan):
    world = fakes(make_plan({"01": []}), table={("01", 1): "review"})
    run(world.engine())
    world.requests = [Request(verb="reject", phase="01", by="ann", text="too slow")]
    state = run(world.engine())
    assert state.phase("01").stage == "passed"
    assert state.phase("01").attempts[0].rejected == "too slow"
    assert state.phase("01").attempts[1].remediation


def test_what_could_not_be_checked_is_weighed_again_without_an_agent(fakes, make_plan):
    world = fakes(make_plan({"01": []}), table={("01", 1): "error"})
    assert run(world.engine()).phase("01").stage == "error"
    world.gate.table = {}
    world.requests = [Request(verb="retry", phase="01", by="ann")]
    state = run(world.engine())
    assert state.phase("01").stage == "passed"
    assert len(state.phase("01").attempts) == 1


def test_a_failed_verification_sends_the_verified_phase_back(fakes, make_plan):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    world = fakes(plan, table={("01a", 1): "fail"})
    state = run(world.engine())
    assert state.stage == "passed"
    assert len(state.phase("01").attempts) == 2
    kinds = [e.kind for e in world.journal.events]
    assert kinds.count("phase-reopened") == 1
    assert {a.agent for a in state.phase("01a").attempts} == {"weighlock"}


def test_a_conflict_is_a_remediation(fakes, make_plan):
    world = fakes(make_plan({"01": []}))
    world.space.conflicts = {"01": ("a.py",)}
    state = run(world.engine())
    assert state.phase("01").stage == "passed"
    assert state.phase("01").attempts[0].conflicts == ("a.py",)


def test_a_stopped_run_abandons_open_attempts_and_can_go_on(fakes, make_plan):
    world = fakes(make_plan({"01": [], "02": ["01"]}), poll_s=0.4)
    stop = [Request(verb="stop", by="ann")]
    world.agent.seconds = lambda _phase: world.requests.extend(stop) or 1.0
    state = run(world.engine())
    assert state.stage == "stopped"
    assert [bool(a.abandoned) for a in state.phase("01").attempts] == [True]
    assert world.agent.working == set()
    stop.clear()
    assert run(world.engine()).stage == "passed"


def test_an_attempt_merged_beside_another_is_weighed_again(fakes, make_plan):
    world = fakes(make_plan({"01": [], "02": []}))
    run(world.engine())
    assert sorted(world.gate.weighed) == [("01", 1), ("02", 1), ("02", 1)]


def test_a_stop_that_nobody_read_does_not_stop_the_next_process(fakes, make_plan):
    world = fakes(make_plan({"01": []}))
    world.requests = [Request(verb="stop", by="ann")]
    state = run(world.engine())
    assert state.stage == "passed"
    assert [r.verb for r in state.refused] == ["stop"]
