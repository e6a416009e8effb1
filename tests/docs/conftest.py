"""Repositories in the states that the documentation's examples begin with."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals

CONFIG = """\
agent = "script"
{more}
[agents.script]
kind = "command"
command = ["python3", "agent.py"]
"""

LIES = """\
import os, pathlib
phase = os.environ["WEIGHLOCK_PHASE"]
words = pathlib.Path("words.txt")
if phase == "01":
    words.write_text("hello\\n")
if phase == "02":
    words.write_text(words.read_text() + "world\\n")
if phase == "04":
    pathlib.Path("stamp.txt").write_text("one penny\\n")
print("COMPLETE: phase", phase)
"""

REVIEW_PLAN = """\
# Plan: Greeting

## Phase 1: A program

**Files to create:**
- `greet.py`

```bash
python3 greet.py
# Expected: `hello`
```
"""

REVIEW_AGENT = """\
import pathlib
pathlib.Path("greet.py").write_text('print("hello")  # noqa\\n')
print("done")
"""

IMPOSSIBLE_PLAN = """\
# Plan: Greeting

## Phase 1: A program

It greets in capitals.

**Files to create:**
- `greet.py`

```bash
python3 greet.py
# Expected: `hello`
```
"""

IMPOSSIBLE_AGENT = """\
import pathlib, sys
decided = "A person answers" in sys.stdin.read()
word = "hello" if decided else "HELLO"
pathlib.Path("greet.py").write_text(f'print("{word}")\\n')
if not decided:
    print("BLOCKED: the text asks for capitals, the command expects hello")
"""


@dataclass(frozen=True)
class Prepared:
    """A folder to stand in, and the environment of whoever reads the page."""

    root: Path
    env: dict[str, str]

    def inside(self, *args: str) -> str:
        """Run weighlock in this process, which is quicker; return its stdout."""
        said = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
            patch.chdir(self.root)
            patch.setattr(sys, "argv", ["weighlock", *args])
            for name, value in self.env.items():
                patch.setenv(name, value)
            guarded(cli, Globals())
        return said.getvalue()


@pytest.fixture(scope="session")
def prepare(tmp_path_factory, make_real) -> Callable[[str], Prepared]:
    """Return a maker of fresh copies; each state is built once."""
    built: dict[str, Path] = {}

    def folder_of(name: str) -> Path:
        if name not in built:
            built[name] = tmp_path_factory.mktemp(f"docs-{name}")
            _BUILD[name](make_real, built[name])
        return built[name]

    def fresh(name: str) -> Prepared:
        copy = tmp_path_factory.mktemp(f"page-{name}") / "it"
        shutil.copytree(folder_of(name), copy, symlinks=True)
        bin_ = copy / "bin"
        bin_.mkdir()
        program = bin_ / "weighlock"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m weighlock "$@"\n')
        program.chmod(0o755)
        return Prepared(root=copy / "repo", env=_env(make_real, copy, bin_))

    return fresh


def _env(make_real, copy: Path, bin_: Path) -> dict[str, str]:
    made = make_real(copy / "other").env
    path = f"{bin_}:{made['PATH']}"
    return {**made, "PATH": path, "HOME": str(copy / "home"), "TMPDIR": str(copy)}


def _empty(make_real, folder: Path) -> None:
    del make_real
    for name in ("repo", "home"):
        (folder / name).mkdir()


def _project(make_real, folder: Path, *, more: str = "", agent: str = ""):
    project = make_real(folder)
    code = agent or (project.beside / "agent.py").read_text(encoding="utf-8")
    project.write("agent.py", code, commit=False)
    project.write("weighlock.toml", CONFIG.format(more=more))
    return project


def _ran(project, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "weighlock", "run", "docs/plan.md", "-q"],
        cwd=project.root,
        env=project.env,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr


def _passed(make_real, folder: Path) -> None:
    _ran(_project(make_real, folder), 0)


def _stuck(make_real, folder: Path) -> None:
    _ran(_project(make_real, folder, more="attempts = 2", agent=LIES), 1)


def _killed(make_real, folder: Path) -> None:
    """A run whose journal ends in the middle, as after a power cut."""
    project = _project(make_real, folder)
    _ran(project, 0)
    journal = project.journals()[0]
    lines = journal.read_bytes().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if b'"phase-passed"' in line)
    passed = json.loads(lines[at])["commit"]
    journal.write_bytes(b"".join(lines[: at + 2]) + lines[at + 2][:20])
    project.git("update-ref", "refs/heads/weighlock/plan-greeting", passed)


def _review(make_real, folder: Path) -> None:
    project = _project(make_real, folder, agent=REVIEW_AGENT)
    project.write("docs/plan.md", REVIEW_PLAN)
    _ran(project, 4)


def _impossible(make_real, folder: Path) -> None:
    project = _project(make_real, folder, agent=IMPOSSIBLE_AGENT)
    project.write("docs/plan.md", IMPOSSIBLE_PLAN)
    _ran(project, 4)


_BUILD = {
    "empty": _empty,
    "project": _project,
    "passed": _passed,
    "stuck": _stuck,
    "killed": _killed,
    "review": _review,
    "impossible": _impossible,
}
