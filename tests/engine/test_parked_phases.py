"""A phase without a bucket is parked, not failed: others go on, it goes on later."""

import asyncio

import pytest

from weighlock.ports import Outcome
from weighlock.run import events as ev
from weighlock.run.requests import Request
from weighlock.run.state import fold

PARKED = Outcome(ending="parked", detail="no bucket is left", until=5000.0)
ENDED = Outcome(ending="ended")


def run(engine):
    return asyncio.run(engine.execute())


@pytest.fixture
def world(fakes, make_plan):
    """Three phases, one job; the first attempts of 01 find no bucket."""

    def made(*outcomes, **more):
        found = fakes(make_plan({"01": [], "02": [], "03": ["01"]}), jobs=1, **more)
        ends = iter(outcomes)

        def seconds(phase):
            found.agent.outcome = next(ends, ENDED) if phase == "01" else ENDED
            return 10.0

        found.agent.seconds = seconds
        return found

    return made


class Starts:
    """A workspace that notes what each clone began with."""

    def __init__(self, space):
        self.space, self.starts = space, {}

    def __getattr__(self, name):
        return getattr(self.space, name)

    async def open(self, phase, attempt, base, start=None):
        self.starts[(phase, attempt)] = start
        return await self.space.open(phase, attempt, base, start)


def kinds(world, phase):
    return [e.kind for e in world.journal.events if getattr(e, "phase", "") == phase]


def test_others_go_on_and_it_goes_on_by_itself_at_its_time(world):
    made = world(PARKED)
    state = run(made.engine())
    assert [state.phase(k).stage for k in ("01", "02", "03")] == ["passed"] * 3
    passed = {e.phase: e.at for e in made.journal.events if e.kind == "phase-passed"}
    assert passed["02"] < 5000 <= passed["01"] < 5100
    assert (
        "phase-judged"
        not in kinds(made, "01")[: kinds(made, "01").index("phase-unparked")]
    )


def test_a_parked_attempt_is_no_failed_one(world):
    made = world(*[PARKED] * 5, attempts=1)
    state = run(made.engine())
    first = state.phase("01")
    assert (first.stage, len(first.attempts), first.tries) == ("passed", 6, 1)


def test_it_goes_on_from_what_was_done(world):
    made = world(PARKED)
    made.space = Starts(made.space)
    run(made.engine())
    assert made.space.starts[("01", 1)] is None
    assert made.space.starts[("01", 2)] == "01-1"


def test_a_wait_that_was_too_short_is_doubled(world):
    soon = Outcome(ending="parked", detail="no bucket is left", until=1.0)
    made = world(soon, soon, soon)
    run(made.engine())
    waits = [e.until - e.at for e in made.journal.events if e.kind == "phase-parked"]
    assert waits == [60.0, 120.0, 240.0]


def test_a_person_need_not_wait_for_it(world):
    made = world(PARKED, poll_s=1.0)
    made.requests = []
    taken = made.take_requests

    def ask():
        stage = fold(made.journal.events).phase("01").stage
        if stage == "parked" and "phase-retried" not in kinds(made, "01"):
            made.requests = [Request(verb="retry", phase="01", by="ann")]
        return taken()

    made.take_requests = ask
    state = run(made.engine())
    assert state.phase("01").stage == "passed"
    assert state.updated < 5000
    assert "phase-unparked" not in kinds(made, "01")


def test_a_run_that_died_while_it_waited_goes_on_at_the_same_time(world):
    made = world(PARKED)
    made.journal.left = 10**9
    engine = made.engine()
    events = run(engine) and made.journal.events
    cut = next(i for i, e in enumerate(events) if e.kind == "phase-parked")
    again = world()
    again.journal.events = list(events[: cut + 1])
    again.clock.at = events[cut].at
    state = run(again.engine())
    unparked = next(e for e in again.journal.events if e.kind == "phase-unparked")
    assert unparked.at >= 5000
    assert state.phase("01").stage == "passed"


def test_what_the_gateway_tells_is_kept_with_the_phase(world):
    left = ev.BucketLeft(
        at=1.0,
        phase="01",
        attempt=1,
        bucket="work",
        reason="quota-exhausted",
        detail="quota",
        retry_at=None,
    )
    made = world(Outcome(ending="ended", facts=(left,)))
    state = run(made.engine())
    assert state.phase("01").calls == (left,)
