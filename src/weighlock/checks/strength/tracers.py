"""Run a suite so that it notes which lines run: one small function for each runner."""

import asyncio
import posixpath
import re
import shlex
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weighlock.checks.place import running
from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, launch
from weighlock.checks.runners.call import Call
from weighlock.checks.runners.tools import pytest
from weighlock.checks.strength import formats
from weighlock.checks.strength.formats import Covered
from weighlock.checks.subject import Subject
from weighlock.checks.suite.pair import Pair

_SETTINGS = """[run]
data_file = {data}
parallel = true
patch = subprocess
include =
    {include}
[report]
exclude_lines =
    (?!)
"""
"""No setting of the project's counts: a phase could have left itself out there."""
_SECONDS = 120.0
_MANY = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a tracer works with."""

    pair: Pair
    place: Place
    clean: Clean
    subject: Subject
    wanted: Sequence[str]
    out: Path
    """A folder outside the checkout that the programs may write to."""

    @property
    def tree(self) -> Path:
        """The folder the suite runs in."""
        return (self.place.tree / self.pair.call.folder).resolve()

    async def run(self, call: Call) -> None:
        """Run the tests that are green."""
        green = [i for i, c in self.pair.after.cases.items() if c.result == "passed"]
        ids = green if len(green) <= _MANY else []
        place = replace(self.place, writes=(*self.place.writes, self.out))
        await running.run(call, place, self.clean, files=self.subject.new, ids=ids)

    def read(self, name: str) -> Covered | None:
        """Read a report, if there is one."""
        return formats.read(self.out / name, self.place.tree, self.wanted)


async def trace(
    pair: Pair, place: Place, clean: Clean, subject: Subject, wanted: Sequence[str]
) -> Covered | str:
    """Return the lines of some files that ran, or why nobody can tell."""
    tracer = _TRACERS.get(pair.after.runner, _custom)
    ground = _Ground(
        pair=pair,
        place=place,
        clean=clean,
        subject=subject,
        wanted=wanted,
        out=clean.new("lines"),
    )
    return await tracer(ground)


async def _python(ground: _Ground) -> Covered | str:
    """Measure by coverage.py of the interpreter that runs the tests."""
    call, place = ground.pair.call, ground.place
    words = list(call.words)
    if Path(words[0]).name in {"pytest", "py.test"}:
        words = [_interpreter(place, words[0]), "-m", "pytest", *words[1:]]
    program = words[0]
    probe = await launch([program, "-c", "import coverage"], place, timeout_s=_SECONDS)
    if probe.exit_code != 0:
        return f"coverage.py is not installed where {call.text} runs; {_INSTALL}"
    tool = [program, "-m", "coverage"]
    settings = await asyncio.to_thread(_settings, ground)
    words[0] = await asyncio.to_thread(_stand_in, ground.out, [*tool, "run", settings])
    await ground.run(replace(call, words=tuple(words)))
    place = replace(place, writes=(*place.writes, ground.out))
    await launch([*tool, "combine", "-q", settings], place, timeout_s=_SECONDS)
    report = ["json", "-q", settings, "-o", str(ground.out / "json")]
    await launch([*tool, *report], place, timeout_s=_SECONDS)
    said = await asyncio.to_thread(ground.read, "json")
    return said if said is not None else _nothing(call)


def _settings(ground: _Ground) -> str:
    """Write settings of ours, and return the option that names them."""
    root = ground.place.tree.resolve()
    include = "\n    ".join(str(root / path) for path in ground.wanted)
    path = ground.out / "rc"
    path.write_text(_SETTINGS.format(data=ground.out / "data", include=include))
    return f"--rcfile={path}"


def _stand_in(folder: Path, words: Sequence[str]) -> str:
    """Make a program that is called like the interpreter, and measures."""
    path = folder / "python"
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    path.chmod(0o755)
    return str(path)


_INSTALL = 'add it to the project, to [gate] setup, or set coverage = "off"'


def _interpreter(place: Place, program: str) -> str:
    """Return the Python beside a pytest, or the one that takes its place."""
    found = place.find(program)
    if found is None:
        return pytest.fallback()[0]
    beside = (Path(found).parent / name for name in ("python", "python3"))
    return next((str(p) for p in beside if p.is_file()), sys.executable)


async def _node(ground: _Ground) -> Covered | str:
    """Let node write what every one of its processes ran."""
    call, folder = ground.pair.call, ground.out
    await ground.run(replace(call, env={**call.env, "NODE_V8_COVERAGE": str(folder)}))
    texts = {path: ground.subject.new.text(path) for path in ground.wanted}
    said = await asyncio.to_thread(formats.v8, folder, ground.place.tree, texts)
    return said if said is not None else _nothing(call)


async def _vitest(ground: _Ground) -> Covered | str:
    modules = ground.tree / "node_modules/@vitest"
    if not any((modules / f"coverage-{name}").exists() for name in ("v8", "istanbul")):
        return f"@vitest/coverage-v8 is not installed; {_INSTALL}"
    options = ["--coverage.enabled", "--coverage.reporter=lcovonly"]
    return await _lcov(ground, [*options, f"--coverage.reportsDirectory={ground.out}"])


async def _jest(ground: _Ground) -> Covered | str:
    options = ["--coverage", "--coverageReporters=lcovonly"]
    return await _lcov(ground, [*options, f"--coverageDirectory={ground.out}"])


async def _lcov(ground: _Ground, options: Sequence[str]) -> Covered | str:
    call = ground.pair.call
    await ground.run(replace(call, words=(*call.words, *options)))
    said = await asyncio.to_thread(ground.read, "lcov.info")
    return said if said is not None else _nothing(call)


async def _cargo(ground: _Ground) -> Covered | str:
    if ground.place.find("cargo-llvm-cov") is None:
        return f"cargo-llvm-cov is not installed; {_INSTALL}"
    argv = ["cargo", "llvm-cov", "--lcov", "--output-path", str(ground.out / "lcov")]
    place = replace(ground.place, writes=(*ground.place.writes, ground.out))
    limit = ground.clean.settings.command_s
    await launch(argv, place, timeout_s=limit, folder=ground.pair.call.folder)
    said = await asyncio.to_thread(ground.read, "lcov")
    return said if said is not None else _nothing(ground.pair.call)


async def _golang(ground: _Ground) -> Covered | str:
    call, profile = ground.pair.call, ground.out / "profile"
    at = call.words.index("test") + 1
    options = (f"-coverprofile={profile}", "-coverpkg=./...")
    words = (*call.words[:at], *options, *call.words[at:])
    await ground.run(replace(call, words=words))
    told = ground.subject.new.text(posixpath.join(call.folder, "go.mod"))
    module = re.search(r"^module\s+(\S+)", told, re.MULTILINE)
    texts = {path: ground.subject.new.text(path) for path in ground.wanted}
    name = module[1] if module else ""
    said = await asyncio.to_thread(formats.golang, profile, name, call.folder, texts)
    return said if said is not None else _nothing(call)


async def _custom(ground: _Ground) -> Covered | str:
    """Read what the project's own command writes to ``{coverage}``."""
    call = ground.pair.call
    if "{coverage}" not in call.text:
        return f"{call.text} does not say which lines ran; {_WRITE}"
    text = call.text.replace("{coverage}", shlex.quote(str(ground.out / "report")))
    await ground.run(replace(call, text=text))
    said = await asyncio.to_thread(ground.read, "report")
    return said if said is not None else _nothing(call)


_WRITE = (
    "let [gate] test write lcov, Cobertura or coverage.py's JSON to {coverage}, or set "
    'coverage = "off"'
)


def _nothing(call: Call) -> str:
    return f"{call.text} left no report of the lines that ran that can be read"


_TRACERS: Mapping[str, Callable[[_Ground], Awaitable[Covered | str]]] = {
    "pytest": _python,
    "unittest": _python,
    "node --test": _node,
    "vitest": _vitest,
    "jest": _jest,
    "cargo test": _cargo,
    "cargo nextest": _cargo,
    "go test": _golang,
}
