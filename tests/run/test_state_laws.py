"""Laws of events and their fold."""

import json
from dataclasses import MISSING, fields, replace
from typing import get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.run import events as ev
from weighlock.run.phase import DONE, OPEN, STUCK
from weighlock.run.state import advance, fold

FEW = settings(max_examples=60, deadline=None)
KEYS = ("01", "02", "03")
TEXT = st.text(max_size=20)


def any_of(kind):
    """Return a strategy for events of a kind, every field of it drawn by type."""
    return st.builds(
        kind, **{k: typed(t) for k, t in get_type_hints(kind).items() if k != "kind"}
    )


def typed(hint):
    if hint is float:
        return st.floats(allow_nan=False)
    if hint == float | None:
        return st.none() | st.floats(allow_nan=False)
    if hint == tuple[str, ...]:
        return st.lists(TEXT, max_size=3).map(tuple)
    return st.from_type(hint)


@pytest.mark.parametrize("kind", ev.KINDS)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_every_event_comes_back_from_json_with_every_field(kind, data):
    event = data.draw(any_of(ev.KINDS[kind]))
    read = ev.from_dict(json.loads(json.dumps(ev.to_dict(event))))
    assert (type(read), read) == (type(event), event)


def test_every_event_has_a_kind_of_its_own_and_is_public():
    kinds = get_args(ev.AnyEvent)
    assert len({k.kind for k in kinds}) == len(kinds) == len(ev.KINDS)
    assert {k.__name__ for k in kinds} <= set(ev.__all__)


@pytest.mark.parametrize("kind", ev.KINDS)
def test_an_event_without_a_field_that_it_needs_is_refused(kind):
    needed = [
        f.name
        for f in fields(ev.KINDS[kind])
        if f.default is MISSING and f.default_factory is MISSING
    ]
    with pytest.raises(TypeError):
        ev.from_dict({"kind": kind, **dict.fromkeys(needed[1:], "")})


def test_an_unknown_kind_of_event_is_refused():
    with pytest.raises(KeyError):
        ev.from_dict({"kind": "phase-blessed", "at": 0.0})


STEPS = st.tuples(
    st.sampled_from(
        [
            "try",
            "pass",
            "fail",
            "error",
            "review",
            "conflict",
            "abandon",
            "block",
            "waive",
            "approve",
            "reject",
            "retry",
            "ask",
            "answer",
            "restore",
            "resume",
        ]
    ),
    st.sampled_from(KEYS),
)


class Story:
    """Make well-formed events of random steps: what cannot happen now is left out."""

    def __init__(self, say):
        self.say, self.events = say, [say.started(KEYS)]

    @property
    def state(self):
        return fold(self.events)

    def tell(self, step, key):
        stage, at = self.state.phase(key).stage, float(len(self.events))
        number = len(self.state.phase(key).attempts)
        made = getattr(self, f"_{step}", self._judge)(step, key, stage, number)
        self.events += [replace(e, at=at) for e in made]

    def _try(self, _step, key, stage, number):
        return [self.say.attempted(key, number + 1)] if stage == "pending" else []

    def _judge(self, step, key, stage, number):
        if stage != "running":
            return []
        return [self.say.agent_ended(key, number), self.say.judged(key, step, number)]

    def _pass(self, step, key, stage, number):
        made = self._judge(step, key, stage, number)
        return [*made, self.say.passed(key, number)] if made else []

    def _conflict(self, _step, key, stage, number):
        if stage != "running":
            return []
        clash = ev.MergeConflicted(
            at=0, phase=key, attempt=number, paths=("a",), tip="c9"
        )
        return [*self._judge("pass", key, stage, number), clash]

    def _abandon(self, _step, key, stage, number):
        gone = ev.AttemptAbandoned(at=0, phase=key, attempt=number, why="died")
        return [gone] if stage in OPEN else []

    def _block(self, _step, key, stage, number):
        stuck = ev.PhaseBlocked(at=0, phase=key, state="failed", why="no")
        return [stuck] if stage == "pending" and number else []

    def _waive(self, _step, key, stage, _number):
        waived = ev.PhaseWaived(at=0, phase=key, by="ann", reason="known")
        return [waived] if stage not in OPEN | DONE else []

    def _approve(self, _step, key, stage, _number):
        word = ev.PhaseApproved(at=0, phase=key, by="ann", reason="")
        return [word] if stage == "review" else []

    def _reject(self, _step, key, stage, _number):
        word = ev.PhaseRejected(at=0, phase=key, by="ann", reason="slow")
        return [word] if stage == "review" else []

    def _retry(self, _step, key, stage, _number):
        word = ev.PhaseRetried(at=0, phase=key, by="ann")
        return [word] if stage in STUCK else []

    def _ask(self, _step, key, stage, number):
        asked = ev.QuestionAsked(at=0, phase=key, attempt=number, question="?")
        return [asked] if stage == "running" else []

    def _answer(self, _step, key, _stage, _number):
        told = ev.QuestionAnswered(at=0, phase=key, by="ann", answer="!")
        return [told] if self.state.phase(key).question else []

    def _restore(self, _step, key, _stage, _number):
        if self.state.open:
            return []
        points = dict(self.state.checkpoints)
        to = points.get(key, self.state.base)
        return [ev.BranchRestored(at=0, phase=key, commit=to, by="ann")]

    def _resume(self, _step, _key, _stage, _number):
        return [ev.RunResumed(at=0, selected=KEYS, version="0")]


@pytest.fixture(scope="session")
def told(say):
    def tell(steps):
        story = Story(say)
        for step, key in steps:
            story.tell(step, key)
        return story.events

    return tell


STORIES = st.lists(STEPS, max_size=25)


@given(steps=STORIES)
@settings(max_examples=80, deadline=None)
def test_every_prefix_of_a_journal_is_a_valid_state(told, steps):
    events = told(steps)
    for n in range(1, len(events) + 1):
        state = fold(events[:n])
        assert tuple(state.phases) == state.order == KEYS
        passed = {k for k in KEYS if state.phase(k).stage == "passed"}
        assert {phase for phase, _ in state.checkpoints} == passed
        assert not passed & set(state.open)
        assert state.tip == (state.checkpoints[-1][1] if passed else "c0")
        for key in KEYS:
            phase = state.phase(key)
            assert 0 <= phase.tries <= len(phase.attempts)
            assert bool(phase.commit) == (key in passed)


@given(steps=STORIES)
@FEW
def test_folding_in_two_parts_is_folding_at_once(told, steps):
    events = told(steps)
    whole = fold(events)
    for cut in range(1, len(events)):
        assert advance(fold(events[:cut]), events[cut:]) == whole


@given(steps=STORIES)
@FEW
def test_folding_on_never_changes_the_state_it_began_with(told, steps):
    events = told(steps)
    for cut in range(1, len(events)):
        before = fold(events[:cut])
        shown = repr(before)
        advance(before, events[cut:])
        assert repr(before) == shown


def test_a_waiver_keeps_the_verdict_as_it_was(after, say):
    waived = ev.PhaseWaived(at=0, phase="01", by="ann", reason="known")
    what = [say.attempted("01"), say.agent_ended("01"), say.judged("01"), waived]
    phase = after(("01",), *what).phase("01")
    assert (phase.stage, phase.verdict, phase.by) == ("waived", "fail", "ann")


def test_an_abandoned_attempt_is_not_counted_and_not_forgotten(after, say):
    gone = ev.AttemptAbandoned(at=2.0, phase="01", attempt=1, why="died")
    phase = after(("01",), say.attempted("01"), gone).phase("01")
    assert (phase.stage, phase.tries, phase.last.abandoned) == ("pending", 0, "died")


def test_a_request_and_the_event_that_answers_it_are_counted_once(after, say):
    refused = ev.RequestRefused(at=0, verb="retry", phase="01", why="running")
    stopped = ev.RunStopped(at=0, by="ann", why="lunch")
    signal = ev.RunStopped(at=0, by="signal", why="SIGINT")
    state = after(("01",), say.attempted("01"), refused, stopped, signal)
    assert (state.answered, state.refused) == (2, (refused,))


def test_resuming_forgets_a_final_verdict_unless_it_was_a_pass(after, say):
    resumed = ev.RunResumed(at=1.0, selected=("01",), version="0")
    for verdict, kept in (("pass", True), ("fail", False), ("error", False)):
        final = ev.PlanJudged(
            at=0, verdict=verdict, codes=(), summary="", evidence="e", commit="c"
        )
        state = after(("01",), *say.done("01"), final, resumed)
        assert (state.final is not None) == kept
