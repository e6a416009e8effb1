"""Start what is measured: the upstream, the least pass-through, the gateway."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.gateway.load import Place

_HERE = Path(__file__).parent
_CONFIG = """\
[providers.main]
protocol = "{protocol}"
base_url = "http://127.0.0.1:{port}"

[[buckets]]
id = "one"
provider = "main"
key_env = "BENCH_KEY"
"""
KEY = "sk-bench-12345"


@contextlib.contextmanager
def program(name: str, *arguments: str) -> Iterator[Place]:
    """Run a program of this folder that prints its port."""
    line = [sys.executable, str(_HERE / name), *arguments]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Place(port=int(process.stdout.readline()), pid=process.pid)
        finally:
            process.kill()


@contextlib.contextmanager
def gateway(upstream: int, protocol: str = "anthropic") -> Iterator[Place]:
    """Run the gateway with one bucket; what it logs is read, as it would be."""
    with tempfile.TemporaryDirectory() as name:
        config = Path(name) / "weighlock.toml"
        config.write_text(_CONFIG.format(port=upstream, protocol=protocol))
        env = {"PATH": os.environ["PATH"], "HOME": name, "BENCH_KEY": KEY}
        line = [sys.executable, "-m", "weighlock", "gateway", "--json"]
        with subprocess.Popen(
            [*line, "--config", str(config)],
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
