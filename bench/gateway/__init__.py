"""What the gateway costs, beside the least pass-through of the same client library.

Numbers of a busy machine say little, so all are measured in turns, several times. Of
processor time the round with the median ratio is told; of latency, which a neighbour
only ever makes longer, the quietest round of each. What is told as added is what a
request takes through a program less what it takes to the upstream itself.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from time import perf_counter

from bench.gateway.load import Place, latency, together
from bench.gateway.places import gateway as running
from bench.gateway.places import program
from bench.measure import Row

ROUNDS = 7
CONNECTIONS, TIMES = 32, 60
STREAMS, RATE, SECONDS = 100, 50, 4
STREAM_ROUNDS = 3


def rows() -> Iterator[Row]:
    """Measure added latency, processor time, streams and memory."""
    with contextlib.ExitStack() as stack:
        upstream = stack.enter_context(program("upstream.py"))
        least = stack.enter_context(program("least.py", str(upstream.port)))
        gateway = stack.enter_context(running(upstream.port))
        yield _latency(upstream, least, gateway)
        yield _cpu(least, gateway)
        yield _streams(least, gateway)
        yield from _memory(least, gateway)


def _latency(upstream: Place, least: Place, gateway: Place) -> Row:
    beside, ours = added(upstream, (least, gateway))
    return Row(
        what="gateway: added to one request, beyond direct (p50)",
        seconds=ours,
        beside="added by the least pass-through",
        reference=beside,
        bar=0.0002,
    )


def added(upstream: Place, places: Sequence[Place], *, times: int = 400) -> list[float]:
    """Return what each place adds to the median request, in its quietest round."""
    every = (upstream, *places)
    for place in every:
        latency(place, times // 8)
    rounds = [[latency(place, times) for place in every] for _ in range(ROUNDS)]
    direct, *others = (min(r[i] for r in rounds) for i in range(len(every)))
    return [other - direct for other in others]


def _cpu(least: Place, gateway: Place) -> Row:
    rounds = [
        [spent(place, CONNECTIONS, TIMES) for place in (least, gateway)]
        for _ in range(ROUNDS)
    ]
    beside, ours = _middle(rounds)
    return Row(
        what="gateway: processor time of a request",
        seconds=ours / (CONNECTIONS * TIMES),
        beside="least pass-through",
        reference=beside / (CONNECTIONS * TIMES),
        ratio_bar=1.6,
    )


def _middle(rounds: list[list[float]]) -> list[float]:
    """Return the round with the median ratio of the second to the first."""
    return sorted(rounds, key=lambda r: r[1] / r[0])[len(rounds) // 2]


def spent(place: Place, connections: int, times: int, events: str = "") -> float:
    """Return the processor time that requests cost a place, in seconds."""
    before = place.cpu()
    came = asyncio.run(together(place, connections, times, events))
    if events:
        assert came == connections * times * int(events.split("/", maxsplit=1)[0])
    return place.cpu() - before


def _streams(least: Place, gateway: Place) -> Row:
    rounds = [[_share(least), _share(gateway)] for _ in range(STREAM_ROUNDS)]
    beside, ours = _middle(rounds)
    return Row(
        what=f"gateway: {STREAMS} streams of {RATE} events/s, of a core",
        seconds=ours,
        beside="least pass-through",
        reference=beside,
        bar=0.25,
        unit="%",
    )


def _share(place: Place) -> float:
    """Return how much of a core the streams take."""
    began = perf_counter()
    taken = spent(place, STREAMS, 1, f"{RATE * SECONDS}/{RATE}")
    return taken / (perf_counter() - began)


def _memory(least: Place, gateway: Place) -> Iterator[Row]:
    before = gateway.memory()
    for place in (least, gateway):
        asyncio.run(together(place, 50, 200))
    after = gateway.memory()
    yield Row(
        what="gateway: memory after 10,000 requests",
        seconds=after,
        beside="least pass-through",
        reference=least.memory(),
        bar=70,
        unit="MB",
    )
    yield Row(
        what="gateway: growth over 10,000 requests",
        seconds=max(0.0, after - before),
        beside="before",
        reference=before,
        bar=5,
        unit="MB",
    )
