"""What is wrong with an answer before anybody reads it, and patterns within bounds."""

import asyncio
import json
import subprocess
import sys

from weighlock.process import Finished

OUTPUT_LIMIT = 1024 * 1024
"""Bytes of output that are read; a program that prints more has failed its probe."""

_MATCH_S = 5.0
"""Seconds that a pattern may take on one answer, which could be made to take longer."""
_MATCHER = (
    "import json, re, sys\n"
    "pattern, text = json.load(sys.stdin)\n"
    "sys.exit(0 if re.search(pattern, text) else 3)\n"
)


def fault(done: Finished, *, exit_code: int, timeout_s: float) -> str | None:
    """Say what went wrong with a call, or None when it answered with text."""
    if done.missing:
        return "it could not be started"
    if done.timed_out:
        return f"no answer within {timeout_s:g} s"
    if done.truncated:
        return f"more than {OUTPUT_LIMIT} bytes of output"
    try:
        done.stdout.decode()
    except UnicodeDecodeError:
        return "the output is no text"
    return None if done.exit_code == exit_code else f"exit code {done.exit_code}"


def told(done: Finished) -> str:
    """Show what was printed, shortened."""
    return f"it printed {done.stdout[:800].decode(errors='replace')[:200]!r}"


async def matches(pattern: str, output: bytes) -> bool:
    """Say whether a pattern is found; one that takes too long is not."""
    return await asyncio.to_thread(_matches, pattern, output)


def _matches(pattern: str, output: bytes) -> bool:
    """Search in a process of its own: a search cannot be ended otherwise."""
    given = json.dumps([pattern, output.decode(errors="replace")]).encode()
    words = [sys.executable, "-I", "-S", "-c", _MATCHER]
    try:
        done = subprocess.run(words, input=given, timeout=_MATCH_S, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
