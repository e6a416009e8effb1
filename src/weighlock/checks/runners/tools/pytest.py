"""pytest, by its own JUnit report."""

import importlib.util
import posixpath
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    Beside,
    Canary,
    Case,
    Output,
    Runner,
    before_dashes,
    first_line,
    numbered,
)

_OPTIONS = (
    "--continue-on-collection-errors",
    "--maxfail=0",
    "--tb=short",
    "--color=no",
    *("-o", "junit_family=xunit1"),
    *("-p", "no:cacheprovider"),
)
_FRAME = re.compile(r"^(\S[^:\n]*):\d+: in ", re.MULTILINE)
_TYPE = re.compile(r"^(?:[\w.]*\.)?(\w*(?:Error|Exception|Exit|Interrupt|Warning))\b")
_RAISED = re.compile(r"^E\s+(?:[\w.]*\.)?(\w+(?:Error|Exception|Exit))\b", re.MULTILINE)


def _recognises(words: Sequence[str]) -> bool:
    names = [PurePosixPath(word).name for word in words]
    return any(n in {"pytest", "py.test"} for n in names[:4]) and "-c" not in names[:2]


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    return before_dashes(words, *_OPTIONS, f"--junitxml={report}")


def _read(output: Output) -> tuple[Case, ...] | None:
    found = junit.entries(output.report)
    if found is None:
        return None
    return numbered([_case(entry, output.tree) for entry in found])


def _case(entry: junit.Entry, tree: Path) -> Case:
    file = junit.relative(entry.file, tree)
    collected = entry.result != "error" or "collection" not in entry.message
    if not file:
        file = entry.name.replace(".", "/") + ".py" if not collected else ""
    module = file.removesuffix(".py").replace("/", ".")
    inside = entry.classname.removeprefix(module).strip(".")
    parts = [file or entry.classname, *inside.split("."), entry.name]
    return Case(
        id="::".join(p for p in parts if p) if collected else file,
        result=entry.result,
        file=file,
        error=_error(entry),
        message=first_line(entry.message),
        frame=_frame(entry.text),
    )


def _error(entry: junit.Entry) -> str:
    """Return the type of the exception; a bare ``assert`` names none."""
    if entry.result in {"passed", "skipped"}:
        return ""
    if entry.message.startswith(("assert ", "Failed: DID NOT RAISE", "Failed: ")):
        return "AssertionError"
    named = _TYPE.match(entry.message) or _RAISED.search(entry.text)
    return named[1] if named else ""


def _frame(text: str) -> str:
    own = [f for f in _FRAME.findall(text) if not f.startswith(("/", "..", "<"))]
    return own[-1] if own else ""


def _canary(name: str, beside: Beside) -> Canary:
    """Load nothing: one process loads everything before the first test runs."""
    folder, file = posixpath.split(beside.path)
    own = f"{name}_test.py" if file.endswith("_test.py") else f"test_{name}.py"
    return Canary(
        name=f"test_{name}",
        path=posixpath.join(folder, own),
        text=f"def test_{name}():\n    one = 1\n    assert one == 2\n",
    )


def _only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Ask for some ids in place of the paths that were given."""
    kept = [w for w in words if "::" not in w and not w.endswith(".py")]
    return [*kept, *(re.sub(r"#\d+$", "", name) for name in ids)]


def is_installed() -> bool:
    """Say whether pytest can be started at all on this machine."""
    known = importlib.util.find_spec("pytest") is not None
    return known or shutil.which("pytest") is not None


def fallback() -> tuple[str, ...]:
    """Return how to start pytest where none is on PATH."""
    known = importlib.util.find_spec("pytest") is not None
    return (sys.executable if known else "python3", "-m", "pytest")


RUNNER = Runner(
    name="pytest",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"no tests ran|collected 0 items|\b0 selected",
    suffixes=(".py",),
    only=_only,
)
