"""Renewal ahead of time (REQ-1598-PR): at 80 % of the lifetime at issue, not 20 %."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oauth_server import START

from weighlock.credentials.notice import to_nobody
from weighlock.credentials.oauth.tokens import Tokens
from weighlock.credentials.policy.credential import Credential, Missing, Secret
from weighlock.credentials.policy.renewal import due_at
from weighlock.credentials.renewing import Renewals
from weighlock.fakes import VirtualClock

LATER = Missing(reason="expired-refresh-failed", detail="network")
NEVER = Missing(reason="expired-refresh-failed", detail="expired", permanent=True)


@dataclass
class Kept:
    """The tokens of one bucket; renewing brings what the test has put in line."""

    clock: VirtualClock
    life: float = 3600
    bucket: str = "b"
    number: int = 1
    line: list[Missing] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    refresh: Secret | None = field(default_factory=lambda: Secret("r"))
    issued: float = START

    def version(self):
        return str(self.number)

    def tokens(self):
        return Tokens(
            access=Secret(self.version()),
            refresh=self.refresh,
            obtained_at=self.issued,
            expires_at=self.issued + self.life,
        )

    async def renew(self, version):
        assert version == self.version()
        self.tried.append(self.clock.now() - self.issued)
        if self.line:
            return self.line.pop(0)
        return self.fresh()

    def fresh(self):
        self.number += 1
        self.issued = self.clock.now()
        return Credential(
            secret=Secret("s"), kind="oauth", version=self.version(), expires_at=1.0
        )


def renewing(seconds, life=3600.0, line=(), act=None, *, refresh=True):
    """Let time pass; return what was tried, at which age of the token, and told."""
    clock, told = VirtualClock(at=START), []
    kept = Kept(clock=clock, life=life, line=list(line))
    kept.refresh = kept.refresh if refresh else None
    renewals = Renewals(
        sources=[kept], clock=clock, random=lambda: 0.5, tell=told.append
    )

    async def go():
        task = asyncio.ensure_future(renewals.forever())
        await clock.sleep(seconds / 2)
        if act:
            act(kept)
        await clock.sleep(seconds / 2)
        task.cancel()
        await asyncio.wait({task})

    asyncio.run(go())
    return kept.tried, told


@settings(max_examples=50, deadline=None)
@given(life=st.floats(300, 1e7), random=st.floats(0, 1), issued=st.floats(1e9, 2e9))
def test_pr01_it_is_due_between_75_and_80_percent_of_the_lifetime(life, random, issued):
    due = due_at(issued, issued + life, random)
    if due is not None:  # the sum may round a lifetime below 300 s
        assert 0.749 * life <= due - issued <= 0.801 * life


@pytest.mark.parametrize("life", [0, 60, 299.9, -5, float("nan")])
def test_pr01_a_token_of_under_five_minutes_has_no_timer(life):
    assert due_at(START, START + life, 0.0) is None
    assert renewing(2000, life=life) == ([], [])


def test_pr02_a_token_of_an_hour_is_renewed_after_46_to_48_minutes():
    tried, _ = renewing(3600)
    assert tried == [pytest.approx(0.775 * 3600, abs=2)]


def test_pr03_each_new_token_sets_the_timer_anew():
    tried, _ = renewing(3600 * 2.5)
    assert len(tried) == 3


def test_pr04_pr05_it_stops_after_three_failures_in_a_row():
    tried, told = renewing(3600 * 3, line=[LATER] * 9)
    assert tried == [pytest.approx(2790 + late, abs=3) for late in (0, 60, 180)]
    assert [n.what for n in told] == ["renewal-stopped"]


def test_pr04_two_failures_and_a_success_count_as_none():
    tried, told = renewing(3600 * 2.2, line=[LATER, LATER])
    assert len(tried) == 5 - 1
    assert told == []


def test_a_grant_that_is_revoked_stops_it_at_once_and_asks_for_a_person():
    tried, told = renewing(3600 * 3, line=[NEVER])
    assert len(tried) == 1
    assert [n.what for n in told] == ["renewal-stopped", "reauth-required"]


def test_pr05_any_success_sets_a_stopped_timer_going_again():
    tried, _ = renewing(3600 * 4, line=[LATER] * 3, act=Kept.fresh)
    assert len(tried) > 3


def test_what_has_no_refresh_token_is_not_renewed():
    assert renewing(8000, refresh=False) == ([], [])


def test_a_machine_that_slept_notices_within_a_minute():
    slept = []

    class Counting(VirtualClock):
        async def sleep(self, seconds):
            slept.append(seconds)
            raise asyncio.CancelledError

    clock = Counting(at=START)
    renewals = Renewals(
        sources=[Kept(clock=clock)], clock=clock, random=lambda: 0.0, tell=to_nobody
    )
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(renewals.forever())
    assert slept == [60]
