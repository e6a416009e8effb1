"""What a changed plan makes of a run: which phase is which, and what goes back."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.changes import compare
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read
from weighlock.run import events as ev
from weighlock.run.phase import OPEN
from weighlock.run.proposal import Answer, Proposal
from weighlock.run.state import advance, fold

TITLES = ("Words", "Letters", "Stamps", "Ink", "Paper")


def plan_of(*titles: str, bodies: dict[str, str] | None = None) -> Plan:
    said = bodies or {}
    text = "# Plan: Post\n\n" + "".join(
        f"## Phase {n}: {title}\n\n{said.get(title, f'Make {title}.')}\n\n"
        for n, title in enumerate(titles, 1)
    )
    source = Source(path="plan.md", data=text.encode())
    return read([source], path="plan.md", root=".", dialect="single-file")


def fates(old: Plan, new: Plan) -> dict[str, str]:
    return {
        c.title: c.word if c.before == c.after else f"{c.word} {c.before}>{c.after}"
        for c in compare(old, new)
    }


def test_a_phase_put_in_front_moves_the_others_and_changes_none():
    assert fates(plan_of("Ink", "Paper"), plan_of("Words", "Ink", "Paper")) == {
        "Words": "added >01",
        "Ink": "same 01>02",
        "Paper": "same 02>03",
    }


def test_another_title_or_text_is_a_change_and_a_missing_phase_is_gone():
    old, new = plan_of("Ink", "Paper", "Words"), plan_of("Ink", "Parchment")
    assert fates(old, new) == {
        "Ink": "same",
        "Parchment": "changed",
        "Words": "removed 03>",
    }
    mended = plan_of("Ink", "Paper", "Words", bodies={"Ink": "Make black ink."})
    assert compare(old, mended)[0].lines == ("- Make Ink.", "+ Make black ink.")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Text.", "Text.   "),
        ("- [ ] A box", "- [x] A box"),
        ("**Status:** Pending", "**Status:** Completed ✅"),
        ("Text.\n\nMore.", "Text.\n\n\n\nMore."),
        (
            "| Step | Status |\n|--|--|\n| 1 | ⬜ |",
            "| Step | Status |\n|------|------|\n| 1 | ✅ done |",
        ),
    ],
)
def test_what_weighlock_writes_and_empty_space_are_no_change(old: str, new: str):
    assert fates(
        plan_of("Ink", bodies={"Ink": old}), plan_of("Ink", bodies={"Ink": new})
    ) == {"Ink": "same"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Text.", "Other text."),
        ("- [ ] A box", "- [ ] Another box"),
        ("```bash\ngrep a b\n```", "```bash\ngrep a  b\n```"),
        ("| Step | Name |\n|--|--|\n| 1 | a |", "| Step | Name |\n|--|--|\n| 1 | b |"),
    ],
)
def test_what_an_author_writes_is_a_change(old: str, new: str):
    assert fates(
        plan_of("Ink", bodies={"Ink": old}), plan_of("Ink", bodies={"Ink": new})
    ) == {"Ink": "changed"}


def proposed(state, old: Plan, new: Plan, **said) -> ev.PlanChanged:
    answer = Answer(**{k: frozenset(v) for k, v in said.items()}, by="ann")
    found = Proposal(plan=new, changes=compare(old, new), state=state, answer=answer)
    return found.event("sha256:new", at=9.0)


def test_a_verification_goes_back_with_what_it_verifies(after, say):
    text = "# Plan\n\n## Phase 1: Ink\n\n{}\n\n## Phase 1a: Ink verification\n\nLook.\n"
    sources = [Source(path="p.md", data=text.format(t).encode()) for t in ("A", "B")]
    old, new = (read([s], path="p.md", root=".") for s in sources)
    state = after(("01", "01a"), *say.done("01"), *say.done("01a"))
    event = proposed(state, old, new)
    assert event.reopened == ("01", "01a")
    assert event.why[1] == "01 is done again"
    assert proposed(state, old, new, keep={"01"}).reopened == ()


def test_what_was_built_on_a_reopened_phase_stays_and_is_named(after, say):
    old = plan_of("Ink", "Paper")
    new = plan_of("Ink", "Paper", bodies={"Ink": "Make black ink."})
    state = after(("01", "02"), *say.done("01"), *say.done("02"))
    found = Proposal(plan=new, changes=compare(old, new), state=state)
    assert found.asked() == ("01",)
    assert found.behind() == (("02", ("01",)),)
    later = advance(state, [found.event("d", 9.0)])
    assert [later.phase(k).stage for k in ("01", "02")] == ["pending", "passed"]
    assert later.checkpoints == state.checkpoints


def test_a_removed_phase_keeps_its_record_and_its_checkpoint_under_another_name(
    after, say
):
    state = after(("01", "02"), *say.done("01"), *say.done("02"))
    event = proposed(state, plan_of("Ink", "Paper"), plan_of("Paper"))
    later = advance(state, [event])
    assert later.removed["01"].stage == "passed"
    assert later.checkpoints == (("01 (removed)", "c-01"), ("01", "c-02"))
    assert later.phase("01").commit == "c-02"
    back = ev.BranchRestored(at=10.0, phase="", commit="c-01", by="ann")
    assert advance(later, [back]).phase("01").stage == "pending"


def test_the_attempts_of_a_phase_put_in_front_have_numbers_and_logs_of_their_own(
    after, say
):
    state = after(("01", "02"), *say.done("01"), *say.done("02"))
    event = proposed(state, plan_of("Ink", "Paper"), plan_of("Words", "Ink"))
    later = advance(state, [event])
    assert [later.phase(k).next_number for k in ("01", "02")] == [2, 2]
    assert [a.phase for a in later.phase("02").attempts] == ["01"]
    assert later.removed["02"].attempts[0].phase == "02"


ORDERS = st.lists(st.sampled_from(TITLES), unique=True, min_size=1, max_size=5)
SCRIPT = st.lists(
    st.tuples(st.sampled_from(["done", "try", "fail"]), st.integers(1, 5)), max_size=6
)


@given(first=ORDERS, second=ORDERS, third=ORDERS, script=SCRIPT)
@settings(max_examples=40, deadline=None)
def test_every_prefix_of_a_journal_with_changed_plans_is_a_valid_state(
    say, first, second, third, script
):
    plans = [plan_of(*titles) for titles in (first, second, third)]
    events = [say.started([p.key for p in plans[0].phases])]
    for old, new in pairwise(plans):
        for what, number in script:
            key = f"{number:02}"
            if fold(events).phases.get(key, None) is None:
                continue
            if fold(events).phase(key).stage != "pending":
                continue
            events += {
                "done": say.done(key),
                "try": [say.attempted(key)],
                "fail": [*say.done(key)[:2], say.judged(key)],
            }[what]
        events.append(proposed(fold(events), old, new))
    for n in range(1, len(events) + 1):
        state = fold(events[:n])
        assert tuple(sorted(state.phases)) == tuple(sorted(state.order))
        assert set(state.selected) <= set(state.order)
        commits = {commit for _, commit in state.checkpoints}
        passed = {p.commit for p in state.phases.values() if p.stage == "passed"}
        assert passed <= commits
        assert advance(fold(events[: n // 2]), events[n // 2 : n]) == state


@given(cuts=st.lists(st.integers(0, 14), max_size=3), second=ORDERS)
@settings(max_examples=25, deadline=None)
def test_a_run_cut_anywhere_around_a_change_ends_as_the_new_plan_says(
    fakes, cut_off, cuts, second
):
    old, new = plan_of("Ink", "Paper"), plan_of(*second)
    world = fakes(old)
    asyncio.run(world.engine().execute())
    now = old
    for cut in (*cuts, 10**9):
        world.journal.left = cut
        state = fold(world.journal.read())
        # A process sees from the journal alone which plan holds.
        now = new if state.revisions else old
        change = None if state.revisions else proposed(state, now, new)
        world.plan = new
        engine = world.engine()
        engine.change = change
        with pytest.RaisesGroup(cut_off, flatten_subgroups=True, allow_unwrapped=True):
            asyncio.run(engine.execute())
            raise cut_off
    state = fold(world.journal.read())
    assert len(state.revisions) == 1
    assert state.order == tuple(p.key for p in new.phases)
    assert {p.stage for p in state.phases.values()} == {"passed"}
    assert not [k for k, p in state.phases.items() if p.stage in OPEN]
    starts = [e for e in world.journal.read() if isinstance(e, ev.AttemptStarted)]
    assert len({(e.phase, e.attempt) for e in starts}) == len(starts)
