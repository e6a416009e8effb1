"""``go test``, by its stream of JSON events."""

import functools
import json
import posixpath
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    CASE_LIMIT,
    Beside,
    Canary,
    Case,
    Output,
    Result,
    Runner,
    first_line,
    numbered,
    text_of,
)

_ENDS: dict[object, Result] = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_NOISE = re.compile(r"^(?:=== |\s*--- )")
_AT = re.compile(r"^\s*([\w.-]+_test\.go):\d+: (.*)")
_TOLD = 40
"""Lines that are kept of what one test printed."""


def _recognises(words: Sequence[str]) -> bool:
    return (
        len(words) > 1
        and PurePosixPath(words[0]).name == "go"
        and words[1] in {"test", "t"}
    )


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    kept = [w for w in words[2:] if w not in {"-json", "-v"}]
    return [*words[:2], "-json", "-count=1", *kept]


@dataclass(slots=True)
class _Test:
    """What the events said of one test."""

    ends: set[Result] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def result(self) -> Result:
        """Return how it ended; without an end, and with two, something broke it."""
        return next(iter(self.ends)) if len(self.ends) == 1 else "failed"


def _read(output: Output) -> tuple[Case, ...] | None:
    done = output.done
    if done.timed_out or done.truncated:
        return None
    tests: dict[tuple[str, str], _Test] = defaultdict(_Test)
    packages = 0
    for line in done.stdout.splitlines():
        event = _event(line)
        package, test = str(event.get("Package", "")), event.get("Test")
        if isinstance(test, str) and package:
            _note(tests[package, test], event)
        packages += event.get("Action") in _ENDS and test is None
        if len(tests) > CASE_LIMIT:
            return None
    cases = [_case(p, name, t, output.tree) for (p, name), t in tests.items()]
    return numbered(cases) if packages else None


def _event(line: bytes) -> dict[str, object]:
    """Read one line; what is no event is a word of somebody's."""
    if not line.startswith(b"{"):
        return {}
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _note(test: _Test, event: dict[str, object]) -> None:
    action = event.get("Action")
    said = str(event.get("Output", ""))
    if action in _ENDS:
        test.ends.add(_ENDS[action])
    elif action == "output" and not _NOISE.match(said) and len(test.said) < _TOLD:
        test.said.append(said)


def _case(package: str, name: str, test: _Test, tree: Path) -> Case:
    folder = _folder(package, tree)
    text = "".join(test.said)
    panics = "panic:" in text
    told = _AT.match(text)
    result = test.result()
    red = result == "failed"
    stack = [f for f in junit.frames(text, tree) if f.endswith(".go")]
    return Case(
        id=f"{folder or '.'}::{name}",
        result=result,
        file=_file(tree / folder, name.partition("/")[0], folder),
        error=("panic" if panics else "AssertionError") if red else "",
        message=first_line(told[2] if told else text),
        frame=stack[0] if panics and stack else "",
    )


def _folder(package: str, tree: Path) -> str:
    """Return a package's folder: below that of the innermost module it is of."""
    fits = [
        (module, folder)
        for module, folder in _modules(tree)
        if f"{package}/".startswith(f"{module}/")
    ]
    if not fits:
        return package
    module, folder = max(fits, key=lambda fit: len(fit[0]))
    return posixpath.join(folder, package[len(module) + 1 :]).rstrip("/")


@functools.lru_cache(maxsize=16)
def _modules(tree: Path) -> tuple[tuple[str, str], ...]:
    """Return the modules of a tree, each with its folder."""
    found = []
    for file in (p for glob in ("", "*/", "*/*/") for p in tree.glob(f"{glob}go.mod")):
        text = text_of(file)
        named = re.search(r"^module\s+\"?([^\s\"]+)", text, re.MULTILINE)
        if named:
            folder = file.parent.relative_to(tree).as_posix()
            found.append((named[1], "" if folder == "." else folder))
    return tuple(found)


def _file(place: Path, test: str, folder: str) -> str:
    for name, text in _test_files(place):
        if re.search(rf"^func {re.escape(test)}\(", text, re.MULTILINE):
            return posixpath.join(folder, name)
    return ""


@functools.lru_cache(maxsize=256)
def _test_files(place: Path) -> tuple[tuple[str, str], ...]:
    files: Iterable[Path] = sorted(place.glob("*_test.go"))
    return tuple((f.name, text_of(f)) for f in files if f.is_file())


def _left(tree: Path, cases: Mapping[str, Case]) -> list[str]:
    """Return the tests behind one that panicked: a panic ends its package."""
    folders = sorted(
        {c.id.partition("::")[0] for c in cases.values() if c.error == "panic"}
    )
    ran = {re.sub(r"(::[^/#]*).*", r"\1", name) for name in cases}
    texts = (
        (folder, file)
        for folder in folders
        for file in sorted((tree / folder).glob("*_test.go"))
    )
    named = (
        f"{folder}::{test}"
        for folder, file in texts
        if file.is_file()
        for test in _TEST.findall(file.read_text(errors="replace"))
    )
    return [test for test in named if test not in ran]


_TEST = re.compile(r"^func (Test\w*)\(\w+ \*testing\.T\)", re.MULTILINE)


def _canary(name: str, beside: Beside) -> Canary | None:
    package = re.search(r"^package (\w+)", beside.text, re.MULTILINE)
    if package is None:
        return None
    test = f"Test{name.title().replace('_', '')}"
    body = f'import "testing"\n\nfunc {test}(t *testing.T) {{\n\tt.Fatal("no")\n}}\n'
    folder = posixpath.dirname(beside.path)
    return Canary(
        name=test,
        path=posixpath.join(folder, f"{name}_test.go"),
        text=f"package {package[1]}\n\n{body}",
    )


def _only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    tests = dict.fromkeys(
        re.sub(r"#\d+$", "", i).partition("::")[2].partition("/")[0] for i in ids
    )
    return [*words[:2], f"-run=^({'|'.join(map(re.escape, tests))})$", *words[2:]]


def _builds_only(words: Sequence[str], env: Mapping[str, str]) -> list[list[str]]:
    """Compile what tests need, and what vet needs; no test program is started.

    ``-count=1`` keeps go from remembering that its tests ended well.
    """
    said = [*words, *env.get("GOFLAGS", "").split()]
    if any(w.lstrip("-").partition("=")[0] in {"exec", "toolexec"} for w in said):
        return []
    nobody = shutil.which("true") or "true"
    tests = [*words[:2], f"-exec={nobody}", "-count=1", *words[2:]]
    return [tests, [words[0], "vet", "./..."]]


RUNNER = Runner(
    name="go test",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=(
        r"(?ms)\A(?!.*^(?:ok\s(?![^\n]*no tests to run)|--- |FAIL\b|panic:))"
        r"(?!.*\"Test\":).*(?:no test files|no tests to run)"
    ),
    suffixes=("_test.go",),
    broken=r"\[build failed\]|\[setup failed\]",
    builds=True,
    keeps=".cache/go-build",
    builds_only=_builds_only,
    only=_only,
    left=_left,
)
