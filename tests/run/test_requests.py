"""Each thing a person may ask for, in each stage a phase may be in."""

from typing import get_args

import pytest

from weighlock.run import events as ev
from weighlock.run.phase import Stage
from weighlock.run.requests import VERBS, Request, answer

ALLOWED = {
    "retry": {"review", "failed", "error", "timed-out", "waived", "parked", "blocked"},
    "approve": {"review"},
    "reject": {"review"},
    "waive": {
        "pending",
        "review",
        "failed",
        "error",
        "timed-out",
        "waived",
        "parked",
        "blocked",
    },
    "answer": {"blocked"},
}
ANSWERS = {
    "retry": ev.PhaseRetried,
    "approve": ev.PhaseApproved,
    "reject": ev.PhaseRejected,
    "waive": ev.PhaseWaived,
    "answer": ev.QuestionAnswered,
}


@pytest.fixture
def ask(make_plan):
    plan = make_plan({"01": []})

    def asked(state, verb, text="because", phase="01"):
        asked = Request(verb=verb, phase=phase, by="ann", text=text)
        return answer(plan, state, asked, at=9.0)

    return asked


@pytest.fixture
def reach(after, say):
    """Return the state in which phase 01 has come to a stage."""
    tried = [say.attempted("01"), say.agent_ended("01")]
    ways = {
        "pending": [],
        "running": tried[:1],
        "verifying": tried,
        "passed": say.done("01"),
        "waived": [ev.PhaseWaived(at=0, phase="01", by="ann", reason="known")],
        "parked": [
            *tried,
            ev.PhaseParked(
                at=0, phase="01", attempt=1, until=9, why="w", base="", head="", tree=""
            ),
        ],
    }

    def reached(stage):
        stuck = [*tried, ev.PhaseBlocked(at=0, phase="01", state=stage, why="w")]
        state = after(("01",), *ways.get(stage, stuck))
        assert state.phase("01").stage == stage
        return state

    return reached


@pytest.mark.parametrize("stage", get_args(Stage))
@pytest.mark.parametrize("verb", ALLOWED)
def test_a_request_is_done_in_the_stages_it_makes_sense_in(ask, reach, verb, stage):
    event = ask(reach(stage), verb)
    if stage in ALLOWED[verb]:
        assert (type(event), event.by, event.at) == (ANSWERS[verb], "ann", 9.0)
    else:
        assert isinstance(event, ev.RequestRefused)
        assert (event.verb, event.phase) == (verb, "01")
        assert event.why


def test_the_table_of_verbs_is_complete():
    assert {*ALLOWED, "stop"} == set(VERBS)


def test_an_answer_reaches_a_phase_that_asked(ask, after, say):
    asked = ev.QuestionAsked(at=0, phase="01", attempt=1, question="which?")
    event = ask(after(("01",), say.attempted("01"), asked), "answer", "the left one")
    assert (type(event), event.answer) == (ev.QuestionAnswered, "the left one")


@pytest.mark.parametrize("stage", get_args(Stage))
def test_a_run_can_be_stopped_at_any_time(ask, reach, stage):
    event = ask(reach(stage), "stop", text="")
    assert (type(event), event.why) == (ev.RunStopped, "asked to stop")


@pytest.mark.parametrize("verb", ["waive", "reject"])
def test_an_empty_reason_is_refused_where_a_reason_is_the_point(ask, reach, verb):
    event = ask(reach("review"), verb, text=" \n")
    assert event.why == f"{verb} needs a reason"


def test_an_unknown_phase_is_refused_by_name(ask, reach):
    event = ask(reach("failed"), "retry", phase="99")
    assert event.why == "the plan has no phase '99'"


def test_an_unknown_verb_is_refused(ask, reach):
    assert ask(reach("failed"), "bless").why == "unknown verb 'bless'"
