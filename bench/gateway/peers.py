"""The gateway beside two others: ``make bench-peers``.

That installs them first, into a folder of their own: they are large, and no part of the
project. What is not installed is named as not measured. They do more than pass on: the
table says what a program pays for one of them in between, and judges nothing else.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.gateway import added, spent
from bench.gateway.load import Place, together
from bench.gateway.places import KEY, gateway, program

FOLDER = Path(__file__).resolve().parents[2] / ".venv-gateways"
PATH = "/v1/chat/completions"
ROUNDS, CONNECTIONS, TIMES = 5, 8, 80
STREAMS, EVENTS = 4, 100
START_S = 60.0
_LITELLM = """\
model_list:
  - model_name: m
    litellm_params:
      model: openai/m
      api_base: http://127.0.0.1:{port}/v1
      api_key: {key}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one program costs."""

    added_s: float
    request_s: float
    """Processor time."""
    stream_s: float | None
    """Processor time of a stream; None when it does not pass one on."""
    memory_mb: float


def litellm(upstream: int) -> contextlib.AbstractContextManager[Place]:
    """Run LiteLLM's proxy: one worker, no database."""
    token = f"sk-{secrets.token_hex(32)}"
    env = {
        "LITELLM_LOG": "ERROR",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # else it is fetched
        "LITELLM_MASTER_KEY": token,
    }
    line = [str(FOLDER / "bin/litellm"), "--config", "config.yaml"]
    config = _LITELLM.format(port=upstream, key=KEY)
    return _server(line, env=env, config=config, token=token)


def portkey(upstream: int) -> contextlib.AbstractContextManager[Place]:
    """Run Portkey's gateway without its page."""
    script = FOLDER / "node_modules/@portkey-ai/gateway/build/start-server.js"
    headers = (
        "x-portkey-provider: openai\r\n"
        f"x-portkey-custom-host: http://127.0.0.1:{upstream}/v1\r\n"
    )
    return _server(["node", str(script), "--headless"], headers=headers)


Run = Callable[[int], contextlib.AbstractContextManager[Place]]
"""Port of the upstream → the program, for as long as the block lasts."""
PEERS: Mapping[str, tuple[str, Run]] = {
    "LiteLLM proxy": ("bin/litellm", litellm),
    "Portkey": ("node_modules/@portkey-ai/gateway", portkey),
}
"""Name → what is there when it is installed, and how it is run."""


@contextlib.contextmanager
def _server(
    line: list[str],
    *,
    env: Mapping[str, str] | None = None,
    config: str = "",
    token: str = KEY,
    headers: str = "",
) -> Iterator[Place]:
    """Run a server, whose command ends with its port, until it answers a request."""
    port = _free()
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "config.yaml").write_text(config)
        process = subprocess.Popen(
            [*line, f"--port={port}"],
            cwd=name,
            env={"PATH": os.environ["PATH"], "HOME": name, **(env or {})},
            stdout=subprocess.DEVNULL,
        )
        place = Place(
            port=port, pid=process.pid, token=token, path=PATH, headers=headers
        )
        try:
            _wait(place, process)
            yield place
        finally:
            process.terminate()
            process.wait()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait(place: Place, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            return asyncio.run(_once(place))
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


async def _once(place: Place) -> None:
    await together(place, 1, 1)


def measure(upstream: Place, place: Place) -> Cost:
    """Measure one program; processor time in the cheapest of the rounds."""
    streams = f"{EVENTS}/0"
    return Cost(
        added_s=added(upstream, [place], times=TIMES)[0],
        request_s=min(spent(place, CONNECTIONS, TIMES) for _ in range(ROUNDS))
        / (CONNECTIONS * TIMES),
        stream_s=_or_none(
            lambda: (
                min(spent(place, STREAMS, 1, streams) for _ in range(ROUNDS)) / STREAMS
            )
        ),
        memory_mb=place.memory(),
    )


def _or_none(work: Callable[[], float]) -> float | None:
    try:
        return work()
    except (OSError, RuntimeError, AssertionError) as error:
        sys.stderr.write(f"no streams: {str(error)[:200]}\n")
        return None


def main() -> None:
    """Measure what is there, and print a table of Markdown."""
    with contextlib.ExitStack() as stack:
        upstream = stack.enter_context(program("upstream.py"))
        chat = replace(upstream, path=PATH, headers="")
        print("| | added (p50) | processor time | of a stream | memory |")
        print("|---|---|---|---|---|")
        with gateway(upstream.port, "openai-chat") as ours:
            _tell("weighlock", measure(chat, replace(ours, path=PATH, headers="")))
        with program("least.py", str(upstream.port)) as least:
            _tell("the least", measure(chat, replace(least, path=PATH, headers="")))
        for name, (installed, run) in PEERS.items():
            if not (FOLDER / installed).exists():
                print(f"| {name} | not measured: it is not installed | | | |")
                continue
            with run(upstream.port) as place:
                _tell(name, measure(chat, place))


def _tell(name: str, cost: Cost) -> None:
    stream = "–" if cost.stream_s is None else f"{cost.stream_s * 1000:.2f} ms"
    print(
        f"| {name} | {cost.added_s * 1000:.2f} ms | {cost.request_s * 1000:.2f} ms "
        f"| {stream} | {cost.memory_mb:.0f} MB |",
        flush=True,
    )


if __name__ == "__main__":
    main()
