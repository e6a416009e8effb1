"""A real repository with a real plan and a real agent, driven as a person would."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PLAN = """\
# Plan: Greeting

## Phase 1: Words

**Files to create:**
- `words.txt`

```bash
grep -c hello words.txt
# Expected: 1
```

## Phase 2: More words

**Dependencies:** Phase 1

**Files to modify:**
- `words.txt`

```bash
grep -c world words.txt
# Expected: 1
```

## Phase 3: A letter

**Dependencies:** Phase 1

**Files to create:**
- `letter.txt`

```bash
test -s letter.txt
```

## Phase 4: A stamp

**Dependencies:** Phase 2, Phase 3

**Files to create:**
- `stamp.txt`

```bash
grep -q penny stamp.txt
```
"""

AGENT = """\
import os, pathlib, time
phase = os.environ["WEIGHLOCK_PHASE"]
time.sleep({pause})
words = pathlib.Path("words.txt")
if phase == "01":
    words.write_text("hello\\n")
if phase == "02":
    words.write_text(words.read_text() + "world\\n")
if phase == "03":
    pathlib.Path("letter.txt").write_text("dear\\n")
if phase == "04":
    pathlib.Path("stamp.txt").write_text("one penny\\n")
print("### Summary")
print("done", phase)
"""

CONFIG = """\
agent = "script"
jobs = 2

[agents.script]
kind = "command"
command = ["{python}", "agent.py"]
"""


@dataclass
class Project:
    """A repository, a configuration beside it, and a home of its own."""

    root: Path
    beside: Path
    env: dict[str, str]

    def git(self, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env=self.env, capture_output=True, check=True
        )
        return done.stdout.decode().strip()

    def write(self, path: str, text: str, *, commit: bool = True) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if commit:
            self.git("add", "-A")
            self.git("commit", "-qm", f"Write {path}")

    def agent(self, code: str) -> None:
        (self.beside / "agent.py").write_text(code, encoding="utf-8")

    def command(self, *args: str) -> list[str]:
        config = ["--config", str(self.beside / "weighlock.toml")]
        return [sys.executable, "-m", "weighlock", *args, *config]

    def start(self, *args: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command(*args),
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *args: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*args),
            cwd=self.root,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=55,
            check=False,
        )

    def tree(self, branch: str = "weighlock/plan-greeting") -> str:
        return self.git("rev-parse", f"{branch}^{{tree}}")

    def journals(self) -> Sequence[Path]:
        return sorted((self.root / ".git/weighlock/runs").glob("*/journal.jsonl"))


def make_project(folder: Path, *, pause: float = 0.05) -> Project:
    root, beside, home = folder / "repo", folder / "beside", folder / "home"
    for path in (root, beside, home):
        path.mkdir(parents=True)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "ann",
        "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "ann",
        "GIT_COMMITTER_EMAIL": "ann@example.org",
    }
    project = Project(root=root, beside=beside, env=env)
    project.git("init", "-q", "-b", "main")
    project.write("docs/plan.md", PLAN)
    project.agent(AGENT.format(pause=pause))
    config = CONFIG.format(python=sys.executable)
    (beside / "weighlock.toml").write_text(config, encoding="utf-8")
    return project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.fixture(scope="session")
def make_real():
    return make_project
