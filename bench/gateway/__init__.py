"""What the gateway costs, beside the least pass-through of the same client library.

Numbers of a busy machine say little, so both are measured in turns, several times, and
the quietest round of each counts.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.gateway.load import Place, latency, together
from bench.measure import Row

_HERE = Path(__file__).parent
_CONFIG = """\
[providers.main]
protocol = "anthropic"
base_url = "http://127.0.0.1:{port}"

[[buckets]]
id = "one"
provider = "main"
key_env = "BENCH_KEY"
"""
ROUNDS = 5
STREAMS, RATE, SECONDS = 100, 50, 5


def rows() -> Iterator[Row]:
    """Measure added latency, processor time, streams and memory."""
    with contextlib.ExitStack() as stack:
        upstream = stack.enter_context(_process("upstream.py"))
        least = stack.enter_context(_process("least.py", str(upstream.port)))
        gateway = stack.enter_context(_gateway(upstream.port))
        yield _latency(upstream, least, gateway)
        yield _cpu(least, gateway)
        yield _streams(least, gateway)
        yield from _memory(least, gateway)


def _latency(upstream: Place, least: Place, gateway: Place) -> Row:
    """Measure one request after the other, in turns; the quietest round counts."""
    places = (upstream, least, gateway)
    for place in places:
        latency(place, 50)
    rounds = [[latency(p, 400) for p in places] for _ in range(ROUNDS)]
    direct, beside, ours = (min(r[i] for r in rounds) for i in range(3))
    return Row(
        what="gateway: added to one request (p50)",
        seconds=ours - direct,
        beside="least pass-through",
        reference=beside - direct,
        bar=0.0002,
    )


def _cpu(least: Place, gateway: Place) -> Row:
    found = {place: [_spent(place, 32, 60) for _ in range(ROUNDS)]
             for place in (least, gateway)}  # fmt: skip
    each = {place: min(taken) / (32 * 60) for place, taken in found.items()}
    return Row(
        what="gateway: processor time of a request",
        seconds=each[gateway],
        beside="least pass-through",
        reference=each[least],
        ratio_bar=1.6,
    )


def _spent(place: Place, connections: int, times: int, events: str = "") -> float:
    before = place.cpu()
    came = asyncio.run(together(place, connections, times, events))
    if events:
        assert came == connections * times * int(events.split("/", maxsplit=1)[0])
    return place.cpu() - before


def _streams(least: Place, gateway: Place) -> Row:
    events = f"{RATE * SECONDS}/{RATE}"
    shares = []
    for place in (least, gateway):
        began = perf_counter()
        spent = _spent(place, STREAMS, 1, events)
        shares.append(spent / (perf_counter() - began))
    return Row(
        what=f"gateway: {STREAMS} streams of {RATE} events/s, of a core",
        seconds=shares[1],
        beside="least pass-through",
        reference=shares[0],
        bar=0.25,
        unit="%",
    )


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


@contextlib.contextmanager
def _process(name: str, *arguments: str) -> Iterator[Place]:
    program = [sys.executable, str(_HERE / name), *arguments]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Place(port=int(process.stdout.readline()), pid=process.pid)
        finally:
            process.kill()


@contextlib.contextmanager
def _gateway(upstream: int) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "weighlock.toml"
        config.write_text(_CONFIG.format(port=upstream))
        env = {"PATH": os.environ["PATH"], "HOME": name, "BENCH_KEY": "sk-bench-12345"}
        program = [sys.executable, "-m", "weighlock", "gateway", "--json"]
        with subprocess.Popen(
            [*program, "--config", str(config)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            quiet = subprocess.DEVNULL
            log = subprocess.Popen(["cat"], stdin=process.stdout, stdout=quiet)
            port = int(told["url"].rpartition(":")[2])
            try:
                yield Place(port=port, pid=process.pid, token=told["token"])
            finally:
                process.terminate()
                process.wait()
                log.wait()
