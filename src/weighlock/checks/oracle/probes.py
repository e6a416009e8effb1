"""Layer 6: probes kept outside the repository, run out of process.

What is expected never enters the process that is probed.
"""

import asyncio
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, replace
from pathlib import Path
from typing import get_type_hints

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.oracle import answers, properties
from weighlock.checks.oracle.answers import OUTPUT_LIMIT
from weighlock.checks.oracle.inputs import check
from weighlock.checks.oracle.properties import Property
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, launch
from weighlock.checks.subject import Subject
from weighlock.errors import SettingsError, UncheckableError
from weighlock.plan.key import normal
from weighlock.ports import Store
from weighlock.process import Finished, run, written_env
from weighlock.run.evidence import Evidence

CASES_LIMIT = 1000
"""Inputs that one property may be tried on: each starts a program."""


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


_KINDS: Mapping[str, type[Probe] | type[Property]] = {
    "probe": Probe,
    "property": Property,
}


def load(path: Path) -> tuple[Probe | Property, ...]:
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
    lists = [document.get(name, []) for name in _KINDS]
    if document.keys() - _KINDS.keys() or not all(isinstance(e, list) for e in lists):
        raise SettingsError(
            "an oracle holds [[probe]] and [[property]] tables only", where=str(path)
        )
    return tuple(
        _table(kind, entry, f"{path}: {name} {n}")
        for (name, kind), entries in zip(_KINDS.items(), lists, strict=True)
        for n, entry in enumerate(entries, 1)
    )


def _table(
    kind: type[Probe] | type[Property], entry: object, where: str
) -> Probe | Property:
    if not isinstance(entry, dict):
        raise SettingsError("a probe is a table", where=where)
    types = get_type_hints(kind)
    unknown = entry.keys() - types.keys()
    if unknown:
        raise SettingsError(
            f"unknown key {min(unknown)}",
            hint=f"known: {', '.join(f.name for f in fields(kind))}",
            where=where,
        )
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    if needed - entry.keys():
        raise SettingsError(f"{min(needed - entry.keys())} is missing", where=where)
    for name, value in entry.items():
        if not _fits(name, value, types[name]):
            raise SettingsError(f"{name} has the wrong type: {value!r}", where=where)
    _patterns(entry, where)
    lists = {name: tuple(v) for name, v in entry.items() if isinstance(v, list)}
    return kind(**{**entry, **lists})


def _fits(name: str, value: object, wanted: object) -> bool:
    if name in {"run", "inverse", "model"}:
        texts = isinstance(value, list) and all(isinstance(v, str) for v in value)
        return texts and bool(value)
    if name == "timeout_s":
        return type(value) in {int, float} and float(str(value)) > 0
    if name == "cases":
        return type(value) is int and 0 < value <= CASES_LIMIT
    return type(value) is (wanted if wanted in {int, bool} else str)


def _patterns(entry: Mapping[str, str], where: str) -> None:
    """Refuse a pattern that cannot be searched for, or made up."""
    for name, known in (("stdout_matches", re.compile), ("input", check)):
        try:
            known(entry.get(name) or "")
        except (re.error, ValueError) as error:
            raise SettingsError(f"{name}: {error}", where=where) from error


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
        if isinstance(probe, Probe)
        else await _property(probe, f"probe:{number}", place, store, oracle.parent)
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
    seen = await judge(probe, done)
    evidence = weigh(name, "probe", seen, fine="answered as expected", decides=True)
    return await _kept(evidence, probe.run, done, store)


async def _property(
    wanted: Property, name: str, place: Place, store: Store, home: Path
) -> Evidence:
    async def probed(argv: Sequence[str], stdin: bytes, limit_s: float) -> Finished:
        return await launch(
            argv, place, timeout_s=limit_s, stdin=stdin, limit=OUTPUT_LIMIT
        )

    async def model(argv: Sequence[str], stdin: bytes, limit_s: float) -> Finished:
        env = written_env(place.home)
        return await run(
            argv, cwd=home, env=env, timeout_s=limit_s, stdin=stdin, limit=OUTPUT_LIMIT
        )

    seen, done = await properties.look(wanted, probed, model)
    fine = f"held for {wanted.cases} generated inputs"
    evidence = weigh(name, "probe", seen, fine=fine, decides=True)
    return await _kept(evidence, wanted.run, done, store)


async def _kept(
    evidence: Evidence, asked: Sequence[str], done: Finished | None, store: Store
) -> Evidence:
    done = done or Finished(exit_code=None)
    output = await asyncio.to_thread(store.put, done.stdout + b"\n" + done.stderr)
    return replace(
        evidence,
        command=" ".join(asked),
        exit_code=done.exit_code,
        duration_s=done.duration_s,
        evidence=output,
    )


async def judge(probe: Probe, done: Finished) -> list[Found]:
    """Compare an answer with what was expected; garbled or endless is a failure.

    The message shows what was asked, never what was expected: it goes to the agent.
    """
    asked = " ".join(probe.run)
    if done.missing and "/" not in probe.run[0]:
        return [found("error", "tool-missing", f"{probe.run[0]} is not installed")]
    why = answers.fault(done, exit_code=probe.exit, timeout_s=probe.timeout_s)
    why = why or await _answer(probe, done)
    return [found("fail", "probe-failed", f"{asked}: {why}")] if why else []


async def _answer(probe: Probe, done: Finished) -> str | None:
    out, err = done.stdout.decode(), done.stderr.decode(errors="replace")
    pattern = probe.stdout_matches
    if (
        (probe.stdout is not None and out != probe.stdout)
        or (probe.stdout_contains is not None and probe.stdout_contains not in out)
        or (pattern is not None and not await answers.matches(pattern, done.stdout))
    ):
        return answers.told(done)
    if probe.stderr_contains is not None and probe.stderr_contains not in err:
        return f"on stderr {err[:200]!r}"
    return None
