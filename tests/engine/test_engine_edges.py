"""What the loop does where an agent is missing, or a person's word meets a fault."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from weighlock.errors import RefusedError
from weighlock.fakes import MemoryWorkspace, TableGate, TimedAgent
from weighlock.ports import Outcome
from weighlock.run import events as ev
from weighlock.run.evidence import Reason
from weighlock.run.requests import Request


def run(engine):
    return asyncio.run(engine.execute())


@pytest.fixture
def asked(fakes, make_plan):
    """A run of two phases side by side; 01 waits for a person's review."""
    world = fakes(make_plan({"01": [], "02": []}), table={("01", 1): "review"})
    state = run(world.engine())
    assert (state.phase("01").stage, state.phase("02").stage) == ("review", "passed")
    return world


def test_an_agent_that_cannot_start_ends_the_attempts_at_once(fakes, make_plan):
    world = fakes(make_plan({"01": []}))
    world.agent.outcome = Outcome(ending="unavailable", detail="no such program")
    world.journal.left = 30
    state = run(world.engine())
    assert (state.phase("01").stage, len(state.phase("01").attempts)) == ("error", 1)
    assert "no such program" in state.phase("01").why


def test_a_reopened_phase_whose_agent_is_gone_waits_for_a_person(fakes, make_plan):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    world = fakes(plan, table={("01a", 1): "fail"}, jobs=1)
    endings = iter([Outcome(ending="ended"), Outcome(ending="unavailable")])
    world.seconds = lambda _phase: setattr(world.agent, "outcome", next(endings)) or 1.0
    world.agent.seconds = world.seconds
    world.journal.left = 40
    state = run(world.engine())
    assert state.phase("01").stage == "error"
    assert len(state.phase("01").attempts) == 2


def test_an_approved_phase_does_not_land_when_the_merged_result_fails(asked):
    asked.gate.table = {("01", 1): "fail", ("01", 2): "pass"}
    asked.requests = [Request(verb="approve", phase="01", by="ann")]
    state = run(asked.engine())
    first, second = state.phase("01").attempts
    assert (first.landed, second.landed) == (False, True)
    assert state.phase("01").by == ""


def test_an_approved_phase_lands_when_its_merged_result_is_still_in_review(asked):
    asked.requests = [Request(verb="approve", phase="01", by="ann")]
    state = run(asked.engine())
    assert (state.phase("01").stage, state.phase("01").by) == ("passed", "ann")
    assert len(state.phase("01").attempts) == 1


def test_a_conflict_of_approved_work_is_a_remediation_not_a_second_review(asked):
    asked.space.conflicts = {"01": ("a.py",)}
    asked.requests = [Request(verb="approve", phase="01", by="ann")]
    state = run(asked.engine())
    assert state.phase("01").stage == "passed"
    assert [a.conflicts for a in state.phase("01").attempts] == [("a.py",), ()]


def test_a_verification_looks_at_all_of_the_work_a_person_approved(fakes, make_plan):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    world = fakes(plan, table={("01", 1): "review"})
    run(world.engine())
    world.requests = [Request(verb="approve", phase="01", by="ann")]
    run(world.engine())
    judged = [e for e in world.journal.events if isinstance(e, ev.PhaseJudged)]
    spans = {e.phase: (e.base, e.head) for e in judged}
    assert spans["01a"] == ("c0", "c1")


def bases(world, phase):
    found = (e for e in world.journal.events if isinstance(e, ev.PhaseJudged))
    return [e.base for e in found if e.phase == phase]


def test_every_mending_of_a_reopened_phase_is_weighed_over_all_its_work(
    fakes, make_plan
):
    plan = make_plan({"01": [], "01a": ["01"]}, k01a="verification")
    world = fakes(plan, table={("01a", 1): "fail", ("01", 2): "fail"})
    state = run(world.engine())
    assert len(state.phase("01").attempts) == 3
    assert bases(world, "01") == ["c0", "c0", "c0"]


def test_a_mending_merged_beside_another_phase_is_weighed_over_all_its_work(
    fakes, make_plan
):
    plan = make_plan({"01": [], "01a": ["01"], "02": ["01"]}, k01a="verification")
    world = fakes(plan, table={("01a", 1): "fail"})
    state = run(world.engine())
    [_, mending] = state.phase("01").attempts
    assert mending.base != state.phase("02").commit, "02 landed while 01 was mended"
    assert set(bases(world, "01")) == {"c0"}


class SlowGate(TableGate):
    """Takes its time, and lets a person speak meanwhile."""

    async def weigh(self, plan, phase, delivery, note=None):
        if self.asked is not None:
            self.world.requests, self.asked = [self.asked], None
            await self.world.clock.sleep(1.0)
        return await super().weigh(plan, phase, delivery, note)


def test_a_phase_that_is_weighed_again_is_not_waived_meanwhile(fakes, make_plan):
    world = fakes(make_plan({"01": [], "02": ["01"]}), table={("01", 1): "error"})
    run(world.engine())
    world.gate = SlowGate()
    world.gate.world, world.poll_s = world, 0.1
    world.gate.asked = Request(verb="waive", phase="01", by="ann", text="too slow")
    world.requests = [Request(verb="retry", phase="01", by="ann")]
    state = run(world.engine())
    [refused] = state.refused
    assert (refused.verb, refused.phase) == ("waive", "01")
    assert (state.phase("01").stage, state.phase("02").stage) == ("passed", "passed")


class FullDisk(MemoryWorkspace):
    """Cannot land once."""

    async def land(self, merged, edits, message):
        if not self.refused:
            self.refused = True
            raise RefusedError("the disk is full")
        return await super().land(merged, edits, message)


def test_work_that_passed_and_could_not_be_merged_is_merged_at_a_retry(
    fakes, make_plan
):
    world = fakes(make_plan({"01": []}))
    world.space = FullDisk(run="r1")
    world.space.refused = False
    assert run(world.engine()).phase("01").why == "the disk is full"
    world.requests = [Request(verb="retry", phase="01", by="ann")]
    state = run(world.engine())
    assert state.phase("01").stage == "passed"
    assert len(state.phase("01").attempts) == 1


@pytest.fixture
def impossible(fakes, make_plan):
    """A run whose first phase cannot be done, says its agent; 03 needs nothing."""
    plan = make_plan({"01": [], "02": ["01"], "03": []})
    world = fakes(plan, table={("01", 1): "fail"})
    world.agent.outcome = Outcome(ending="ended", said="BLOCKED: they disagree")
    state = run(world.engine())
    assert [state.phase(k).stage for k in ("01", "02", "03")] == [
        "blocked",
        "pending",
        "passed",
    ]
    assert len(state.phase("01").attempts) == 1
    return world


@dataclass(kw_only=True)
class Listening(TimedAgent):
    """An agent that keeps what it was told."""

    told: list[str] = field(default_factory=list)

    async def work(self, order, watch):
        self.told.append(order.prompt)
        return await super().work(order, watch)


@pytest.mark.parametrize("verb", ["answer", "retry"])
def test_a_persons_word_is_given_to_the_next_attempt_of_a_blocked_phase(
    impossible, verb
):
    word = Request(verb=verb, phase="01", by="ann", text="the requirement wins")
    impossible.requests = [word]
    impossible.agent = Listening(clock=impossible.clock)
    state = run(impossible.engine())
    assert {p.stage for p in state.phases.values()} == {"passed"}
    assert "BLOCKED: they disagree" in impossible.agent.told[0]
    assert "A person answers: the requirement wins" in impossible.agent.told[0]


class Accusing(TableGate):
    """A gate whose fails are for a protected file."""

    async def weigh(self, *given):
        verdict = await super().weigh(*given)
        touched = Reason(code="protected-changed", message="a test was changed")
        return replace(verdict, reasons=(touched,) if verdict.verdict == "fail" else ())


def test_who_changed_a_protected_file_is_sent_back_whatever_it_says(fakes, make_plan):
    world = fakes(make_plan({"01": []}))
    world.gate = Accusing(table={("01", 1): "fail"})
    given_up = Outcome(ending="ended", said="BLOCKED: they disagree")
    world.agent = Listening(clock=world.clock, outcome=given_up)
    state = run(world.engine())
    assert (state.phase("01").stage, len(state.phase("01").attempts)) == ("passed", 2)
    assert "Nobody was asked" in world.agent.told[1]
