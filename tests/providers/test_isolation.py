"""Calls at once see nothing of each other (REQ-SP4-005), whatever fails."""

import asyncio
import json
import random
from collections import Counter

from echo_upstream import START, WIRES, Echo, context, echoed, pool
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.credentials import AllBucketsExhausted
from weighlock.fakes import VirtualClock
from weighlock.providers import PROVIDERS, CallRefused, Orchestrator, logged

FAILURES = [
    (429, b'{"error": {"type": "rate_limit_error"}}'),
    (401, b""),
    (400, b'{"error": {"message": "mine alone"}}'),
    (503, b""),
    (200, b"cut"),
    ConnectionResetError(),
]


class Shaky(Echo):
    """Fails by chance, after a pause by chance."""

    chance: random.Random

    async def send(self, out):
        await self.clock.sleep(self.chance.random())
        if self.chance.random() < 0.4:
            self.line.append(self.chance.choice(FAILURES))
        return await super().send(out)


def mark(n):
    return f"mark-{n}-"


def number(text):
    return int(text.split("-")[1])


def at_once(seed, count):
    """Make calls at once; return what each got, what was sent, and what was told."""
    clock = VirtualClock(at=START)
    shaky = Shaky(clock=clock)
    shaky.chance = random.Random(seed)  # noqa: S311 - it is no key
    told = []
    provider = logged(PROVIDERS, told.append)

    async def one(orchestrator, n):
        ctx = context(
            WIRES[n % len(WIRES)],
            model=mark(n) + "model",
            messages=(("user", mark(n) + "text"),),
            runtime=mark(n),
        )
        try:
            return (await orchestrator.call(provider, ctx)).text
        except (CallRefused, AllBucketsExhausted) as error:
            return str(error)

    async def all_of_them():
        keys = pool(clock, "a", "b", "c", random=shaky.chance.random)
        orchestrator = Orchestrator(keys, send=shaky.send)
        async with asyncio.TaskGroup() as group:
            going = [group.create_task(one(orchestrator, n)) for n in range(count)]
        assert all(door.in_flight == 0 for door in keys.doors())
        return [task.result() for task in going]

    return asyncio.run(all_of_them()), shaky.seen, told


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(2, 12))
def test_sp4_005_nothing_of_one_call_is_visible_in_another(seed, count):
    results, sent, told = at_once(seed, count)
    served = {number(e.runtime): e.bucket for e in told if e.what == "answered"}
    for n, result in enumerate(results):
        others = {mark(m) for m in range(count) if m != n}
        assert not any(other in result for other in others)
        if n in served:
            assert json.loads(result)[2].endswith(f"key-of-{served[n]}")
    for out in sent:
        wire, model, texts, key = echoed(out)
        n = number(model)
        assert texts == [mark(n) + "text"]
        assert wire == WIRES[n % len(WIRES)]
        assert key.endswith(wire)
    asked = Counter(e.runtime for e in told if e.what == "asked")
    assert asked == Counter(e.runtime for e in told if e.what != "asked")
    assert asked == Counter(mark(number(echoed(out)[1])) for out in sent)
    assert all(e.model == e.runtime + "model" for e in told)
