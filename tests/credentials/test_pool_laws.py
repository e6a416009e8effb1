"""Whatever happens in whatever order, a pool keeps its promises (failover.md)."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pools import BAD, FAULT, MONEY, NOBODY, OLD, QUOTA, REFUSED, limited, secret, world

from weighlock.credentials import AllBucketsExhausted, Hint, stalled

NAMES = ("a", "b!", "c@far", "d!@far")
IDS = tuple(name.partition("@")[0].strip("!") for name in NAMES)
ATTEMPTS, LOGINS = 5, 1
PATIENCE_S = 30 * ATTEMPTS + 60 + 300 + 10
"""Backoff before each attempt, a slot, a login, the short waits."""
FINAL = {"quota", "billing", "rejected-key"}
"""After these the same credential is not sent again before the time that was told."""


@dataclass
class Sent:
    """One request, with what a bystander saw of it."""

    state: object
    lease: object = None
    version: str = ""
    said: dict[str, str] = field(default_factory=dict)
    """Bucket → what its upstream last really said."""
    barred: dict[tuple[str, str], float] = field(default_factory=dict)
    """(bucket, version) → until when it is not sent again."""
    leases: int = 0
    logins: int = 0
    over: bool = False


def short(machine):
    return Hint(fault="quota", detail="quota", retry_at=machine.time.now() + 2)


class Pools(RuleBasedStateMachine):
    """Up to four requests at four buckets of two upstreams, two of them OAuth."""

    @initialize(login=st.booleans())
    def begin(self, login):
        self.loop = asyncio.new_event_loop()
        self.world = limited(
            world(*NAMES, max_attempts=ATTEMPTS, max_reauth=LOGINS), a=1, b=2
        )
        self.time = self.world.time
        self.asked = 0
        if login:
            self.world.login = self.login
        self.pool = self.world.pool()
        self.requests: list[Sent] = []
        self.refused: list[tuple[float, AllBucketsExhausted]] = []
        self.number = 1

    async def login(self, bucket):
        self.asked += 1
        if self.asked % 3:  # one in three does not succeed
            self.fresh(bucket.id)

    def fresh(self, name):
        self.number += 1
        source = self.world.sources[name]
        source.has = secret(f"{name}-{self.number}", source.kind)

    def going(self):
        return [r for r in self.requests if not r.over]

    def open(self):
        return [r for r in self.going() if r.lease is not None]

    @precondition(lambda self: len(self.going()) < 4)
    @rule(affinity=st.sampled_from(["x", "y"]), model=st.sampled_from(["m", "n"]))
    def ask(self, affinity, model):
        state = self.pool.request("anthropic", model=model, affinity=affinity)
        self.requests.append(Sent(state=state))

    @precondition(lambda self: any(r.lease is None for r in self.going()))
    @rule(data=st.data())
    def lease(self, data):
        free = [r for r in self.going() if r.lease is None]
        sent = data.draw(st.sampled_from(free))
        before, asked = self.time.now(), self.asked
        try:
            lease = self.loop.run_until_complete(sent.state.next())
        except AllBucketsExhausted as error:
            sent.over = True
            self.refused.append((before, error))
        else:
            sent.lease, sent.version = lease, lease.credential.version
            sent.leases += 1
            until = sent.barred.get((lease.bucket.id, sent.version), 0.0)
            assert until <= self.time.now()
            assert lease.attempt == sent.leases
        sent.logins += self.asked - asked
        assert self.time.now() - before <= PATIENCE_S

    @precondition(lambda self: self.open())
    @rule(data=st.data(), what=st.sampled_from("QMRFSBWH"))
    def answer(self, data, what):
        sent = data.draw(st.sampled_from(self.open()))
        hint = {
            "Q": QUOTA,
            "M": MONEY,
            "R": REFUSED,
            "F": FAULT,
            "S": stalled(),
            "B": BAD,
            "W": Hint(fault="none"),
            "H": short(self),
        }[what]
        lease, sent.lease = sent.lease, None
        name = lease.bucket.id
        stale = self.world.sources[name].version() != sent.version
        benches = dict(self.world.book.read())
        if hint.passes:
            lease.succeeded(hint)
            sent.over = True
            return
        lease.failed(hint)
        if stale and hint.fault != "upstream":
            assert self.world.book.read() == benches
            return
        sent.said[name] = hint.detail
        final = hint.detail in FINAL and what != "H"
        if final and not (hint.fault == "credential" and lease.bucket.kind == "oauth"):
            until = sent.state.reasons()[name].retry_at
            sent.barred[name, sent.version] = until or float("inf")

    @precondition(lambda self: self.open())
    @rule(data=st.data())
    def give_up(self, data):
        sent = data.draw(st.sampled_from(self.open()))
        with sent.lease:
            sent.over, sent.lease = True, None

    @rule(name=st.sampled_from(IDS))
    def renewed_elsewhere(self, name):
        self.fresh(name)

    @rule(name=st.sampled_from(["b", "d"]), gone=st.booleans())
    def lost(self, name, gone):
        self.world.sources[name].has = NOBODY if gone else OLD

    @rule(name=st.sampled_from(["b", "d"]), works=st.booleans())
    def renewing(self, name, works):
        self.number += 1
        new = secret(f"{name}-{self.number}", "oauth")
        self.world.sources[name].renewal = new if works else OLD

    @rule(seconds=st.sampled_from([1, 40, 1000]))
    def pass_time(self, seconds):
        self.time.at += seconds

    @rule(name=st.sampled_from(IDS))
    def reset(self, name):
        self.pool.reset(name)

    @invariant()
    def no_concrete_reason_is_lost(self):
        for sent in getattr(self, "requests", []):
            reasons = sent.state.reasons()
            for name in sent.said:
                assert reasons[name].reason != "skipped"
                assert reasons[name].detail != "cooling-down"

    @invariant()
    def no_slot_leaks(self):
        if not hasattr(self, "requests"):
            return
        held = Counter(r.lease.bucket.id for r in self.open())
        now = {d.bucket.id: d.in_flight for d in self.pool.doors()}
        assert now == {name: held[name] for name in IDS}
        assert held["a"] <= 1
        assert held["b"] <= 2

    @invariant()
    def budgets_hold(self):
        for sent in getattr(self, "requests", []):
            assert sent.leases <= ATTEMPTS
            assert sent.logins <= LOGINS

    @invariant()
    def an_end_names_every_bucket(self):
        for asked_at, error in getattr(self, "refused", []):
            assert set(error.reasons) == set(IDS)
            assert error.retry_at is None or error.retry_at >= asked_at

    @invariant()
    def a_bench_lies_in_the_past_and_ends_in_the_future(self):
        if hasattr(self, "world"):
            for bench in self.world.book.read().values():
                assert bench.since <= self.time.now()
                assert bench.until >= bench.since

    def teardown(self):
        if hasattr(self, "loop"):
            self.loop.close()


def test_a_pool_keeps_its_promises():
    few = settings(max_examples=15, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(Pools, settings=few)


@pytest.mark.slow
def test_a_pool_keeps_its_promises_for_long():
    many = settings(max_examples=150, stateful_step_count=50, deadline=None)
    run_state_machine_as_test(Pools, settings=many)
