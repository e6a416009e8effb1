"""Find out how a project's tests are started."""

import posixpath
import re
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from weighlock.checks.reading import paths, shellwords
from weighlock.checks.runners.runner import Beside, Canary, Runner, unforeseen
from weighlock.checks.runners.scripts import led, manifest, scripts, workspaces
from weighlock.checks.runners.tools import (
    cargo,
    golang,
    javascript,
    jvm,
    pytest,
    unittest,
)
from weighlock.checks.subject import Snapshot

__all__ = [
    "RUNNERS",
    "Call",
    "canary_for",
    "detect",
    "has_tests",
    "recognise",
    "scripts",
]

RUNNERS: tuple[Runner, ...] = (
    pytest.RUNNER,
    unittest.RUNNER,
    javascript.NODE,
    javascript.VITEST,
    javascript.JEST,
    cargo.CARGO,
    cargo.NEXTEST,
    golang.RUNNER,
    jvm.MAVEN,
    jvm.GRADLE,
)
_FURTHEST = 5
"""Scripts that call scripts: further than this is a circle."""
_NEAR = 2
"""Folders between the root and a project that is looked for without being named."""
_PYTHON = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One way to start tests, and the runner behind it."""

    text: str
    """As people would type it."""
    runner: Runner | None
    """None: a command of the user's own that writes JUnit XML to ``{report}``."""
    words: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    folder: str = ""
    """Below the checkout."""
    first: str = ""
    """A shell line that must succeed before: it builds what is tested."""
    limit_s: float | None = None
    """Seconds it may take; None: as configured."""


def recognise(text: str, files: Snapshot) -> Call | None:
    """Return the runner behind a command, or None when there is none we know.

    Knows ``cd DIR &&`` in front, assignments in front, commands that build first, and
    follows scripts of package.json, make's recipes and tox's commands.
    """
    call = _followed(text, "", files, _FURTHEST)
    return None if call is None else replace(call, text=text)


def _followed(text: str, folder: str, files: Snapshot, left: int) -> Call | None:
    found = list(shellwords.parts(text))
    while len(found) > 1 and found[0].program == "cd" and found[1].before == "&&":
        folder = posixpath.normpath(posixpath.join(folder, *found[0].words[1:2]))
        found = found[1:]
    if not found or not left or re.search(r"[<>`]|\$\(", text):
        return None
    *before, last = found
    if any(p.before != "&&" or p.program == "cd" for p in found[1:]):
        return None
    call = _call(last, "" if folder == "." else folder, files, left)
    if call is None or not before:
        return call
    if call.folder != folder and call.first:
        return None
    return replace(call, first=" && ".join([*map(_typed, before), call.first or ":"]))


def _typed(part: shellwords.Part) -> str:
    return " ".join(
        [*(f"{k}={shlex.quote(v)}" for k, v in part.env), shlex.join(part.words)]
    )


def _call(
    part: shellwords.Part, folder: str, files: Snapshot, left: int
) -> Call | None:
    words, env = part.words, dict(part.env)
    for runner in RUNNERS:
        if words and runner.recognises(words):
            text = shlex.join(words)
            return Call(text=text, runner=runner, words=words, env=env, folder=folder)
    lead = led(words, folder, files)
    inner = _followed(lead.text, lead.folder, files, left - 1) if lead else None
    return None if inner is None else replace(inner, env={**env, **inner.env})


def detect(files: Snapshot, given: str | None) -> tuple[Call, ...]:
    """Return how the suite is started: as configured, else as the files tell."""
    if given is not None:
        return (recognise(given, files) or Call(text=given, runner=None),)
    ways = (_node, _python, _rust, _go, _maven, _gradle)
    return tuple(call for find in ways for call in find(files))


def _homes(files: Snapshot, names: Sequence[str]) -> list[str]:
    """Return the outermost folders that hold one of these files, near the root."""
    known = {
        posixpath.dirname(p) for p in files.paths if posixpath.basename(p) in names
    }
    outermost: list[str] = []
    for folder in sorted(known, key=lambda f: (f.count("/"), f)):
        near = not folder or folder.count("/") < _NEAR
        inside = any(not o or folder.startswith(f"{o}/") for o in outermost)
        if near and not inside and paths.role(f"{folder}/x.py") == "product":
            outermost.append(folder)
    return outermost


def _in(folder: str, words: Sequence[str], runner: Runner) -> Call:
    line = shlex.join(words)
    text = f"cd {shlex.quote(folder)} && {line}" if folder else line
    return Call(text=text, runner=runner, words=tuple(words), folder=folder)


def _python(files: Snapshot) -> Iterator[Call]:
    tests = [p for p in files.paths if p.endswith(".py") and paths.is_test(p)]
    homes = _homes(files, _PYTHON)
    if not homes or any(not any(paths.covers(h, t) for h in homes) for t in tests):
        homes = [""]
    for home in homes:
        own = [t for t in tests if not home or t.startswith(f"{home}/")]
        told = "".join(files.text(posixpath.join(home, name)) for name in _PYTHON)
        asks = "[tool.pytest" in told or "[pytest]" in told
        if own and _unittest(files, own, told):
            words = ("python3", "-m", "unittest", "discover")
            yield _in(home, words, unittest.RUNNER)
        elif own or asks:
            yield _in(home, ("pytest",), pytest.RUNNER)


def _unittest(files: Snapshot, tests: list[str], told: str) -> bool:
    """Say whether a project is tested without pytest, where there is none."""
    if "pytest" in told or pytest.is_installed():
        return False
    files.fetch(tests)
    texts = [files.text(p) for p in tests]
    return any("unittest" in t for t in texts) and not any("pytest" in t for t in texts)


def _node(files: Snapshot) -> Iterator[Call]:
    """The root's own script, else those of its workspaces, else each package's."""
    for home in _homes(files, ("package.json",)):
        own = _package(files, home)
        if own is not None:
            yield own
            continue
        for folder in workspaces(files) if not home else ():
            below = _package(files, folder)
            if below is not None:
                yield below


def _package(files: Snapshot, folder: str) -> Call | None:
    text = f"cd {shlex.quote(folder)} && npm test" if folder else "npm test"
    call = recognise(text, files)
    if call is not None:
        return call
    wanted: set[str] = set()
    for table in ("dependencies", "devDependencies"):
        named = manifest(files, folder).get(table)
        wanted |= named.keys() if isinstance(named, dict) else set()
    for name, runner in (("vitest", javascript.VITEST), ("jest", javascript.JEST)):
        if name in wanted:
            return _in(folder, (name, "run") if name == "vitest" else (name,), runner)
    return None


def _rust(files: Snapshot) -> Iterator[Call]:
    for home in _homes(files, ("Cargo.toml",)):
        told = posixpath.join(home, ".config/nextest.toml") in files.paths
        if told and shutil.which("cargo-nextest"):
            yield _in(home, ("cargo", "nextest", "run", "--workspace"), cargo.NEXTEST)
        else:
            yield _in(home, ("cargo", "test", "--workspace"), cargo.CARGO)


def _go(files: Snapshot) -> Iterator[Call]:
    for home in _homes(files, ("go.mod",)):
        yield _in(home, ("go", "test", "./..."), golang.RUNNER)


def _maven(files: Snapshot) -> Iterator[Call]:
    for home in _homes(files, ("pom.xml",)):
        own = posixpath.join(home, "mvnw") in files.paths
        yield _in(home, ("./mvnw" if own else "mvn", "-o", "test"), jvm.MAVEN)


def _gradle(files: Snapshot) -> Iterator[Call]:
    names = (
        "build.gradle",
        "build.gradle.kts",
        "settings.gradle",
        "settings.gradle.kts",
    )
    for home in _homes(files, names):
        own = posixpath.join(home, "gradlew") in files.paths
        words = ("./gradlew" if own else "gradle", "--offline", "test")
        yield _in(home, words, jvm.GRADLE)


def has_tests(call: Call, files: Snapshot) -> bool:
    """Say whether there is any file that the call could find tests in."""
    if call.runner is None:
        return True
    return bool(test_files(call, files))


def test_files(call: Call, files: Snapshot) -> list[str]:
    """Return the files below a call's folder that hold its runner's tests."""
    runner, base = call.runner, f"{call.folder}/" if call.folder else ""
    if runner is None:
        return []
    own = [p for p in files.paths if p.startswith(base) and p.endswith(runner.suffixes)]
    if not runner.marks:
        return [p for p in own if paths.is_test(p)]
    files.fetch(own)
    return [p for p in own if re.search(runner.marks, files.text(p))]


def canary_for(call: Call, files: Snapshot, product: Sequence[str]) -> Canary | None:
    """Make a canary beside a test that the call would find."""
    if call.runner is None:
        return None
    base = f"{call.folder}/" if call.folder else ""
    tests = [p.removeprefix(base) for p in test_files(call, files)]
    asked = [w.partition("::")[0].removeprefix("./") for w in call.words[1:]]
    asked = [w for w in asked if any(paths.covers(w, p) for p in tests)]
    near = [p for p in tests if any(paths.covers(w, p) for w in asked)] or tests
    if not near:
        return None
    path = secrets.choice(sorted(near))
    text = files.text(base + path)
    loads = tuple(p.removeprefix(base) for p in product if p.startswith(base))
    beside = Beside(path=path, text=text, product=loads)
    return call.runner.canary(unforeseen(text), beside)
