"""What may start now, and what is said to stand in the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.run import events as ev
from weighlock.run.schedule import Caps, schedule, tails_of

FOUR = Caps(jobs=4)


def kinds(blockers):
    return [b.kind for b in blockers]


def test_a_phase_starts_only_when_everything_it_needs_has_passed(make_plan, after):
    made = schedule(make_plan({"01": [], "02": ["01"], "03": ["01", "02"]}), FOUR)
    keys = ("01", "02", "03")
    assert made.ready(after(keys)) == ("01",)


def test_a_waived_need_is_as_good_as_a_passed_one(make_plan, after):
    made = schedule(make_plan({"01": [], "02": ["01"]}), FOUR)
    waived = ev.PhaseWaived(at=0, phase="01", by="ann", reason="known")
    assert made.ready(after(("01", "02"), waived)) == ("02",)


def test_the_phase_with_the_longest_way_to_the_end_starts_first(make_plan, after):
    needs = {"01": [], "02": [], "03": ["02"]}
    made = schedule(make_plan(needs), FOUR)
    assert made.ready(after(tuple(needs))) == ("02", "01")


def test_phases_as_urgent_as_each_other_start_in_plan_order(make_plan, after):
    made = schedule(make_plan({"03": [], "01": [], "02": []}), FOUR)
    assert made.ready(after(("03", "01", "02"))) == ("03", "01", "02")


def test_expected_durations_decide_which_way_is_longest(make_plan, after):
    needs = {"01": [], "02": [], "03": ["02"]}
    made = schedule(make_plan(needs), FOUR, {"01": 100.0})
    assert made.ready(after(tuple(needs))) == ("01", "02")


def test_no_more_phases_run_at_once_than_jobs_allows(make_plan, after, say):
    keys = ("01", "02", "03")
    made = schedule(make_plan(dict.fromkeys(keys, ())), Caps(jobs=2))
    assert made.ready(after(keys)) == ("01", "02")
    assert made.ready(after(keys, say.attempted("03"))) == ("01",)


def test_a_phase_that_has_a_task_counts_although_the_journal_is_behind(
    make_plan, after
):
    keys = ("01", "02", "03")
    made = schedule(make_plan(dict.fromkeys(keys, ())), Caps(jobs=2))
    assert made.ready(after(keys), busy=frozenset({"02"})) == ("01",)


def test_an_agent_never_works_on_more_phases_than_its_own_cap(make_plan, after):
    keys = ("01", "02", "03")
    agents = {"01": "slow", "02": "slow", "03": "fast"}
    caps = Caps(jobs=4, agent_of=agents, per_agent={"slow": 1})
    made = schedule(make_plan(dict.fromkeys(keys, ())), caps)
    assert made.ready(after(keys)) == ("01", "03")


def test_phases_that_declare_the_same_place_run_one_after_the_other(say, after):
    plan = say.plan(
        say.phase("01", "src/"), say.phase("02", "src/a.py"), say.phase("03", "b.py")
    )
    made = schedule(plan, FOUR)
    assert made.ready(after(("01", "02", "03"))) == ("01", "03")
    [blocker] = made.blockers(after(("01", "02", "03"), say.attempted("01")), "02")
    assert (blocker.kind, blocker.text) == ("overlap", "01 is changing src/")


def test_phases_that_were_not_selected_never_start_and_why_says_so(make_plan, after):
    made = schedule(make_plan({"01": [], "02": []}), FOUR)
    state = after(("01", "02"), selected=("02",))
    assert made.ready(state) == ("02",)
    [blocker] = made.blockers(state, "01")
    assert blocker.kind == "unselected"
    assert "--only or --until" in blocker.text


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ((), "01 is not started"),
        (("attempted",), "01 is under way"),
    ],
)
def test_a_blocker_says_how_far_the_needed_phase_is(make_plan, after, say, what, text):
    made = schedule(make_plan({"01": [], "02": ["01"]}), FOUR)
    state = after(("01", "02"), *(getattr(say, name)("01") for name in what))
    assert [b.text for b in made.blockers(state, "02")] == [text]


def test_a_stuck_need_is_named_with_its_root_cause(make_plan, after, say):
    made = schedule(make_plan({"01": [], "02": ["01"]}), FOUR)
    stuck = ev.PhaseBlocked(at=0, phase="01", state="timed-out", why="too long")
    [blocker] = made.blockers(after(("01", "02"), say.attempted("01"), stuck), "02")
    assert (blocker.kind, blocker.text) == ("stuck", "01 is timed-out: too long")


def test_caps_are_named_as_blockers_only_when_nothing_else_is(make_plan, after, say):
    needs = {"01": [], "02": [], "03": ["02"]}
    caps = Caps(jobs=1, agent_of={"01": "a", "02": "a"}, per_agent={"a": 1})
    made = schedule(make_plan(needs), caps)
    state = after(tuple(needs), say.attempted("01"))
    assert kinds(made.blockers(state, "02")) == ["jobs", "agent"]
    assert kinds(made.blockers(state, "03")) == ["need"]


@st.composite
def busy_plans(draw):
    """Needs without cycles, declared files, and phases that are under way."""
    keys = [f"{i:02}" for i in range(draw(st.integers(1, 8)))]
    needs = {
        key: draw(st.lists(st.sampled_from(keys[:i]), unique=True)) if i else []
        for i, key in enumerate(keys)
    }
    paths = st.lists(st.sampled_from(["a.py", "src/", "src/b.py", "*.md"]), max_size=2)
    files = {key: draw(paths) for key in keys}
    state = {key: draw(st.sampled_from(["done", "open", "wait"])) for key in keys}
    return needs, files, state


@given(drawn=busy_plans(), jobs=st.integers(1, 4))
@settings(deadline=None, max_examples=80)
def test_what_starts_never_breaks_a_cap_a_need_or_a_declared_file(
    say, after, drawn, jobs
):
    needs, files, stage = drawn
    phases = (
        say.phase(k, *files[k], needs=tuple(needs[k]), needs_from="stated")
        for k in needs
    )
    made = schedule(say.plan(*phases), Caps(jobs=jobs))
    what = [e for k in needs if stage[k] == "done" for e in say.done(k)]
    what += [say.attempted(k) for k in needs if stage[k] == "open"]
    state = after(tuple(needs), *what)
    chosen = made.ready(state)
    together = {*chosen, *state.open}
    assert len(together) <= max(jobs, len(state.open))
    for key in chosen:
        assert stage[key] == "wait"
        assert all(stage[n] == "done" for n in needs[key])
        assert not together & made.overlaps.get(key, {}).keys()
    if not state.open:
        free = [k for k in needs if all(stage[n] == "done" for n in needs[k])]
        assert bool(chosen) == any(stage[k] == "wait" for k in free)


@given(drawn=busy_plans())
@settings(deadline=None, max_examples=50)
def test_a_pending_phase_starts_or_has_a_blocker(say, after, drawn):
    needs, files, stage = drawn
    phases = (
        say.phase(k, *files[k], needs=tuple(needs[k]), needs_from="stated")
        for k in needs
    )
    made = schedule(say.plan(*phases), Caps(jobs=9))
    what = [e for k in needs if stage[k] == "done" for e in say.done(k)]
    what += [say.attempted(k) for k in needs if stage[k] == "open"]
    state = after(tuple(needs), *what)
    ready = made.ready(state)
    for key in needs:
        if stage[key] == "wait" and not made.blockers(state, key):
            assert key in ready or made.overlaps.get(key, {}).keys() & set(ready)


def test_the_way_to_the_end_counts_the_phase_itself_and_the_longest_rest():
    needs = {"01": (), "02": ("01",), "03": ("01",), "04": ("03",)}
    assert tails_of(needs, {"02": 5.0}) == {
        "01": 6.0,
        "02": 5.0,
        "03": 2.0,
        "04": 1.0,
    }
