"""What follows from a verdict, as a table; how a run ends and with which code."""

from dataclasses import replace

import pytest

from weighlock.run import events as ev
from weighlock.run.policy import exit_code, root_cause, run_ending, settle


def attempts(say, verdict, tries, ending="ended", key="01"):
    """Return the events of so many attempts that all end the same way."""
    out = []
    for number in range(1, tries + 1):
        out += [say.attempted(key, number), say.agent_ended(key, number, ending)]
        if verdict != "none":
            out.append(say.judged(key, verdict, number))
    return out


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (("fail", 1, "ended"), None),
        (("fail", 2, "ended"), None),
        (("fail", 3, "ended"), "failed"),
        (("fail", 3, "crashed"), "failed"),
        (("fail", 2, "timed-out"), None),
        (("fail", 3, "timed-out"), "timed-out"),
        (("fail", 3, "idle"), "timed-out"),
        (("error", 1, "ended"), "error"),
        (("error", 3, "ended"), "error"),
        (("review", 1, "ended"), "review"),
        (("review", 3, "timed-out"), "review"),
        (("none", 1, "unavailable"), "error"),
        (("pass", 3, "ended"), None),
    ],
)
def test_a_verdict_and_the_attempts_so_far_decide_what_follows(
    make_plan, after, say, told, state
):
    now = after(("01",), *attempts(say, *told))
    found = settle(make_plan({"01": []}), now, cap=3, at=1.0)
    assert [e.state for e in found] == ([state] if state else [])


BLOCKED = "Did what I could.\nBLOCKED: REQ-1 and test_a disagree"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (("fail", "ended", ("tests-fail",), 1), "blocked"),
        (("fail", "crashed", ("no-change",), 1), "blocked"),
        (("fail", "ended", ("tests-fail",), 3), "blocked"),
        (("fail", "ended", ("tests-fail", "protected-changed"), 1), None),
        (("fail", "ended", ("test-removed",), 3), "failed"),
        (("fail", "timed-out", ("tests-fail",), 1), None),
        (("error", "ended", (), 1), "error"),
        (("review", "ended", (), 1), "review"),
        (("pass", "ended", (), 1), None),
    ],
)
def test_an_agent_that_says_it_cannot_be_done_is_heard_only_with_clean_hands(
    make_plan, after, say, told, state
):
    verdict, ending, codes, tries = told
    what = []
    for number in range(1, tries + 1):
        said = replace(say.agent_ended("01", number, ending), claim=BLOCKED)
        weighed = replace(say.judged("01", verdict, number), codes=codes)
        what += [say.attempted("01", number), said, weighed]
    found = settle(make_plan({"01": []}), after(("01",), *what), cap=3, at=1.0)
    assert [e.state for e in found] == ([state] if state else [])
    if state == "blocked":
        assert "REQ-1 and test_a disagree" in found[0].why


def test_nothing_follows_before_the_first_attempt(make_plan, after):
    assert settle(make_plan({"01": []}), after(("01",)), cap=1, at=0) == []


@pytest.mark.parametrize(
    ("state", "part"),
    [
        ("failed", "weighlock why 01"),
        ("error", "weighlock retry 01"),
        ("review", "weighlock diff 01"),
        ("timed-out", "split the phase"),
    ],
)
def test_a_blocked_phase_says_what_to_type_next(make_plan, after, say, state, part):
    verdict = {"failed": "fail", "timed-out": "fail"}.get(state, state)
    ending = "timed-out" if state == "timed-out" else "ended"
    now = after(("01",), *attempts(say, verdict, 1, ending))
    [blocked] = settle(make_plan({"01": []}), now, cap=1, at=0)
    assert (blocked.state, part in blocked.hint) == (state, True)


def test_work_that_a_person_rejected_is_tried_again(make_plan, after, say):
    sent_back = ev.PhaseRejected(at=0, phase="01", by="ann", reason="slow")
    now = after(("01",), *attempts(say, "review", 1), sent_back)
    assert settle(make_plan({"01": []}), now, cap=3, at=0) == []


def test_a_failed_verification_sends_the_verified_phase_back(make_plan, after, say):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    now = after(("01", "01a"), *say.done("01"), *attempts(say, "fail", 1, key="01a"))
    [back] = settle(plan, now, cap=3, at=0)
    assert (type(back), back.phase, back.by) == (ev.PhaseReopened, "01", "01a")


def test_a_verification_is_final_when_the_verified_phase_may_not_be_tried_again(
    make_plan, after, say
):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    now = after(("01", "01a"), *say.done("01"), *attempts(say, "fail", 1, key="01a"))
    [blocked] = settle(plan, now, cap=1, at=0)
    assert (blocked.phase, blocked.state) == ("01a", "failed")


def test_what_could_not_be_verified_never_sends_a_phase_back(make_plan, after, say):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    now = after(("01", "01a"), *say.done("01"), *attempts(say, "error", 1, key="01a"))
    [blocked] = settle(plan, now, cap=3, at=0)
    assert (blocked.phase, blocked.state) == ("01a", "error")


@pytest.mark.parametrize(
    ("what", "cause"),
    [
        ([], "it is fail"),
        (
            [ev.MergeConflicted(at=0, phase="01", attempt=1, paths=("a",), tip="t")],
            "merge conflict in a",
        ),
    ],
)
def test_the_root_cause_is_one_sentence(after, say, what, cause):
    state = after(("01",), *attempts(say, "fail", 1), *what)
    assert root_cause(state.phase("01").last) == cause


def test_the_root_cause_names_an_agent_that_did_not_end_by_itself(after, say):
    state = after(("01",), *attempts(say, "fail", 1, "crashed"))
    cause = root_cause(state.phase("01").last)
    assert cause == "the agent crashed: why; it is fail"


def stuck(key, state):
    return ev.PhaseBlocked(at=0, phase=key, state=state, why="because")


def final(verdict):
    return ev.PlanJudged(
        at=0, verdict=verdict, codes=(), summary="", evidence="e", commit="c"
    )


@pytest.mark.parametrize(
    ("stages", "ending", "code"),
    [
        (("passed", "passed"), "passed", 0),
        (("passed", "failed"), "failed", 1),
        (("timed-out", "passed"), "failed", 1),
        (("error", "passed"), "needs-input", 8),
        (("review", "passed"), "needs-input", 4),
        (("failed", "review"), "failed", 1),
        (("blocked", "passed"), "needs-input", 4),
        (("blocked", "failed"), "failed", 1),
        (("failed", "error"), "failed", 1),
        (("error", "review"), "needs-input", 8),
        (("passed", "pending"), "needs-input", 4),
    ],
)
def test_a_run_ends_as_its_worst_phase_does(after, say, stages, ending, code):
    what = []
    for key, stage in zip(("01", "02"), stages, strict=True):
        if stage == "passed":
            what += say.done(key)
        elif stage != "pending":
            what += [say.attempted(key), stuck(key, stage)]
    state = after(("01", "02"), *what)
    assert run_ending(state) == ending
    over = after(("01", "02"), *what, ev.RunEnded(at=0, state=ending))
    assert exit_code(over) == code


@pytest.mark.parametrize(
    ("verdict", "ending", "code"),
    [
        ("pass", "passed", 0),
        ("fail", "failed", 1),
        ("review", "needs-input", 4),
        ("error", "needs-input", 8),
    ],
)
def test_the_final_gate_decides_over_a_whole_plan(after, say, verdict, ending, code):
    state = after(("01",), *say.done("01"), final(verdict))
    assert (run_ending(state), exit_code(state)) == (ending, code)


def test_an_agent_that_cannot_start_has_its_own_exit_code(after, say):
    gone = attempts(say, "none", 1, "unavailable")
    assert exit_code(after(("01",), *gone, stuck("01", "error"))) == 7


@pytest.mark.parametrize(("other", "code"), [("declined", 4), ("unavailable", 7)])
def test_a_budget_that_nobody_raised_needs_a_person(after, say, other, code):
    one = (*attempts(say, "none", 1, "declined"), stuck("01", "error"))
    more = (*attempts(say, "none", 1, other, "02"), stuck("02", "error"))
    assert exit_code(after(("01", "02"), *one, *more)) == code


def test_a_phase_that_waits_for_an_answer_needs_a_person(after, say):
    asked = ev.QuestionAsked(at=0, phase="01", attempt=1, question="which?")
    assert exit_code(after(("01",), say.attempted("01"), asked)) == 4
