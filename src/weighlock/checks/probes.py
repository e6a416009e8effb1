"""Layer 6: probes kept outside the repository, run out of process.

What is expected never enters the process that is probed.
"""

import asyncio
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import get_type_hints

from weighlock.checks.clean import Clean
from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.launch import Place, launch
from weighlock.checks.subject import Subject
from weighlock.errors import SettingsError, UncheckableError
from weighlock.plan.key import normal
from weighlock.ports import Store
from weighlock.process import Finished
from weighlock.run.evidence import Evidence

OUTPUT_LIMIT = 1024 * 1024
"""Bytes of output that are read; a program that prints more has failed its probe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One call of the delivered program, and what must come back (DESIGN 4.6)."""

    phase: str
    run: tuple[str, ...]
    stdin: str = ""
    stdout: str | None = None
    stdout_contains: str | None = None
    stdout_matches: str | None = None
    stderr_contains: str | None = None
    exit: int = 0
    timeout_s: float = 10.0


def load(path: Path) -> tuple[Probe, ...]:
    """Read a probe file.

    Raises:
        SettingsError: It cannot be read, or a key is unknown or of a wrong type.
    """
    try:
        document = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise SettingsError(
            f"the oracle cannot be read: {error.strerror}", where=str(path)
        ) from error
    except ValueError as error:
        raise SettingsError(f"not valid TOML: {error}", where=str(path)) from error
    entries = document.get("probe", [])
    if document.keys() - {"probe"} or not isinstance(entries, list):
        raise SettingsError("an oracle holds [[probe]] tables only", where=str(path))
    return tuple(
        _probe(entry, f"{path}: probe {n}") for n, entry in enumerate(entries, 1)
    )


def _probe(entry: object, where: str) -> Probe:
    if not isinstance(entry, dict):
        raise SettingsError("a probe is a table", where=where)
    types = get_type_hints(Probe)
    unknown = entry.keys() - types.keys()
    if unknown:
        raise SettingsError(
            f"unknown key {min(unknown)}",
            hint=f"known: {', '.join(f.name for f in fields(Probe))}",
            where=where,
        )
    for name in ("phase", "run"):
        if name not in entry:
            raise SettingsError(f"{name} is missing", where=where)
    for name, value in entry.items():
        if not _fits(name, value, types[name]):
            raise SettingsError(f"{name} has the wrong type: {value!r}", where=where)
    if entry.get("stdout_matches") is not None:
        _compiles(entry["stdout_matches"], where)
    return Probe(**{**entry, "run": tuple(entry["run"])})


def _fits(name: str, value: object, wanted: object) -> bool:
    if name == "run":
        texts = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return texts and bool(value)
    if name == "timeout_s":
        return type(value) in {int, float} and float(str(value)) > 0
    return type(value) is (int if wanted is int else str)


def _compiles(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise SettingsError(f"stdout_matches: {error}", where=where) from error


async def look(
    subject: Subject, keys: Sequence[str], clean: Clean, store: Store
) -> list[Evidence]:
    """Run the probes of some phases on the delivered tree."""
    oracle = clean.settings.oracle
    if oracle is None:
        return []
    wanted = {normal(key) or key for key in keys}
    mine = [
        p
        for p in await asyncio.to_thread(load, oracle)
        if (normal(p.phase) or p.phase) in wanted
    ]
    if not mine:
        return []
    try:
        place = await clean.checkout(subject.delivery.head, subject.delivery.base)
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        return [weigh("probe:1", "probe", [trouble], fine="", decides=False)]
    return [
        await _one(probe, f"probe:{number}", place, store)
        for number, probe in enumerate(mine, 1)
    ]


async def _one(probe: Probe, name: str, place: Place, store: Store) -> Evidence:
    done = await launch(
        probe.run,
        place,
        timeout_s=probe.timeout_s,
        stdin=probe.stdin.encode(),
        limit=OUTPUT_LIMIT,
    )
    seen = judge(probe, done)
    evidence = weigh(name, "probe", seen, fine="answered as expected", decides=True)
    output = await asyncio.to_thread(store.put, done.stdout + b"\n" + done.stderr)
    return replace(
        evidence,
        command=" ".join(probe.run),
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        evidence=output,
    )


def judge(probe: Probe, done: Finished) -> list[Found]:
    """Compare an answer with what was expected; garbled or endless is a failure.

    The message shows what was asked, never what was expected: it goes to the agent.
    """
    asked = " ".join(probe.run)
    if done.missing and "/" not in probe.run[0]:
        return [found("error", "tool-missing", f"{probe.run[0]} is not installed")]
    why = _wrong(probe, done)
    return [found("fail", "probe-failed", f"{asked}: {why}")] if why else []


def _wrong(probe: Probe, done: Finished) -> str | None:
    if done.missing:
        return "it could not be started"
    if done.timed_out:
        return f"no answer within {probe.timeout_s:g} s"
    if done.truncated:
        return f"more than {OUTPUT_LIMIT} bytes of output"
    try:
        out, err = done.stdout.decode(), done.stderr.decode(errors="replace")
    except UnicodeDecodeError:
        return "the output is no text"
    if done.exit_code != probe.exit:
        return f"exit code {done.exit_code}"
    return _answer(probe, out, err)


def _answer(probe: Probe, out: str, err: str) -> str | None:
    told = f"it printed {out[:200]!r}"
    if probe.stdout is not None and out != probe.stdout:
        return told
    if probe.stdout_contains is not None and probe.stdout_contains not in out:
        return told
    if probe.stdout_matches is not None and not re.search(probe.stdout_matches, out):
        return told
    if probe.stderr_contains is not None and probe.stderr_contains not in err:
        return f"on stderr {err[:200]!r}"
    return None
