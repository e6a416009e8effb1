"""The share of faults that tests notice by Stryker's count, where a project has it.

A plan's number is of the tool it names, so that tool counts it.  What must be noticed
in every function is still found with faults of ours: Stryker cannot leave out a test
that reads the program's text, and such a test notices everything.  Its settings are
written here; none of the project's count.
"""

import asyncio
import json
import posixpath
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock.checks.place.launch import launch
from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.changed import Function

LIMIT = 64 * 1024 * 1024
"""Bytes of a report that are read."""
_SUFFIXES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".cts", ".mts", ".tsx")
_NOTICED = frozenset({"Killed", "Timeout"})
_UNSEEN = frozenset({"Survived", "NoCoverage"})
_BEST = frozenset({"vitest", "jest"})
"""Runners that Stryker has a plug-in for; any other is a command to it."""
_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What Stryker counted."""

    noticed: int
    all: int
    survivors: tuple[tuple[str, int, str], ...] = ()
    """Path, line, and what became of what stood there."""


async def score(
    bench: Bench, functions: Iterable[Function], seconds: float
) -> Score | str | None:
    """Let Stryker count; None where it is not installed, a text where it failed."""
    base = bench.call.folder
    mine = [f for f in functions if f.path.endswith(_SUFFIXES)]
    bins = bench.place.tree / base / "node_modules/.bin"
    place = replace(bench.place, bins=(bins, *bench.place.bins))
    if not mine or not (bins / "stryker").exists():
        return None
    out = bench.clean.new("stryker")
    settings = out / "stryker.json"
    text = json.dumps(_settings(bench, mine, bins.parent, out))
    await asyncio.to_thread(settings.write_text, text)
    place = replace(place, writes=(*place.writes, out), extra=dict(bench.call.env))
    argv = [str(bins / "stryker"), "run", str(settings)]
    done = await launch(
        [_inside(argv[0], place.tree), *argv[1:]],
        place,
        timeout_s=seconds,
        folder=base,
    )
    found = await asyncio.to_thread(read, out / "report.json", base, mine)
    if found is not None:
        return found
    return "it did not end in time" if done.timed_out else "it left no report"


def _inside(program: str, tree: Path) -> str:
    return program.removeprefix(f"{tree}/")


def _settings(
    bench: Bench, functions: Sequence[Function], modules: Path, out: Path
) -> Mapping[str, object]:
    runner = bench.call.runner.name if bench.call.runner else ""
    plugin = f"@stryker-mutator/{runner}-runner"
    known = runner in _BEST and (modules / plugin).exists()
    return {
        "mutate": [_range(f, bench.call.folder) for f in functions],
        "testRunner": runner if known else "command",
        "commandRunner": {"command": shlex.join(bench.call.words)},
        "plugins": [plugin] if known else [],
        "checkers": [],
        "reporters": ["json"],
        "jsonReporter": {"fileName": str(out / "report.json")},
        "tempDirName": str(out / "trees"),
        "cleanTempDir": "always",
        "concurrency": _AT_ONCE,
        "allowEmpty": True,
        "disableTypeChecks": True,
        "thresholds": {"break": None},
    }


def _range(function: Function, folder: str) -> str:
    path = posixpath.relpath(function.path, folder or ".")
    return f"{path}:{function.line}-{function.end_line}"


def read(path: Path, folder: str, functions: Sequence[Function]) -> Score | None:
    """Read the report; what is garbled is none."""
    try:
        if path.stat().st_size > LIMIT:
            return None
        files = json.loads(path.read_text(encoding="utf-8", errors="replace"))["files"]
        found = list(_mutants(files, folder, functions))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    lost = tuple((p, n, what) for p, n, what, status in found if status in _UNSEEN)
    noticed = sum(status in _NOTICED for *_, status in found)
    return Score(noticed=noticed, all=noticed + len(lost), survivors=lost)


def _mutants(
    files: Mapping[str, Mapping[str, list[dict[str, object]]]],
    folder: str,
    functions: Sequence[Function],
) -> Iterator[tuple[str, int, str, str]]:
    for name, entry in files.items():
        path = posixpath.normpath(posixpath.join(folder, name))
        fresh = {n for f in functions if f.path == path for n in f.fresh}
        for mutant in entry["mutants"]:
            line = _line(mutant["location"])
            if line in fresh:
                what = f"{mutant['mutatorName']}: {mutant.get('replacement', '')}"
                yield path, line, what[:80], str(mutant["status"])


def _line(location: object) -> int:
    """Return the first line of a place as the report writes it."""
    match location:
        case {"start": {"line": int(line)}}:
            return line
        case _:
            raise ValueError(location)
