"""Waiting for a moment by a clock that people and programs set."""

import asyncio

from weighlock.credentials.waiting import until


class SetBack:
    """A clock that is set back by a day while somebody waits."""

    def __init__(self) -> None:
        self.at = 1_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds - 86_400


def test_a_clock_that_is_set_back_makes_no_wait_longer():
    clock = SetBack()
    asyncio.run(until(clock, clock.at + 5))
    assert len(clock.slept) == 1
