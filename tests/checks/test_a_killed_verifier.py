"""A verifier that is killed at any moment leaves no process, no mount, no tree."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from weighlock.checks.place.clean import Clean
from weighlock.config import GateSettings
from weighlock.config.sandbox import SandboxSettings
from weighlock.git import Git
from weighlock.process import group_alive, start_ticks


def clean(scratch: Path) -> Clean:
    return Clean(Git(scratch), scratch, GateSettings(), SandboxSettings())


def left_by(scratch: Path, name: str) -> tuple[Path, subprocess.Popen[bytes]]:
    """Leave a checkout, and a program that still runs in it."""
    home = scratch / name / "01-tree/home"
    home.mkdir(parents=True)
    stray = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True)\nimport time\ntime.sleep(300)"],
        env={"HOME": str(home)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert stray.stdout is not None
    stray.stdout.readline()
    return scratch / name, stray


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize(
    ("began", "lives"), [("1", False), ("{}", True)], ids=["killed", "at work"]
)
def test_what_a_killed_gate_left_is_ended_and_removed(
    tmp_path: Path,
    began: str,
    lives: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """The same process id may be another process by now: it began at another time."""
    own = f"{start_ticks(os.getpid()):.0f}"
    folder, stray = left_by(tmp_path, f"gate-{os.getpid()}-{began.format(own)}-x")
    try:
        made = clean(tmp_path)
        assert (folder.exists(), group_alive(stray.pid)) == (lives, lives)
        made.close()
        assert not made.folder.exists()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(stray.pid, signal.SIGKILL)
        stray.communicate()


PLAN = """\
# Plan: Words

## Phase 1: Tests

**Files to create:**
- `test_words.py`

## Phase 2: Implement words

**Files to modify:**
- `words.py`

```bash
sh -c 'setsid sh -c "exec sleep 300" & python3 -c "import words"'
```

Mutation testing is required.
"""
CONFIG = f"""\
[gate]
setup = ["mkdir -p vendor && sh -c 'exec sleep 0.2'"]
test = "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 {sys.executable} -m pytest -q"
oracle = "probes.toml"

[sandbox]
use = "USE"
"""
PROBE = """\
[[probe]]
phase = "02"
run = ["python3", "-c", "import words; print(words.count('a b'))"]
stdout = "2\\n"
"""


def project(folder: Path, use: str) -> dict[str, str]:
    """Make a repository with work that was not committed; return its environment."""
    root = folder / "repo"
    root.mkdir()
    (folder / "home/tmp").mkdir(parents=True)
    (folder / "weighlock.toml").write_text(CONFIG.replace("USE", use))
    (folder / "probes.toml").write_text(PROBE)
    (root / "plan.md").write_text(PLAN)
    (root / "words.py").write_text("def count(text):\n    return 0\n")
    (root / "test_words.py").write_text(
        "import words\n\n\ndef test_two():\n    assert words.count('a b') == 2\n"
    )
    git = Git(root)
    git.run("init", "-q", "-b", "main")
    git.run("add", "-A")
    git.run("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Begin")
    (root / "words.py").write_text("def count(text):\n    return len(text.split())\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TMPDIR": str(folder / "home/tmp"),
    }


KEPT = {"setup", "baseline", "built"}
"""What later gates use again: dependencies, results of the suite at base, builds."""


def left(folder: Path) -> Iterator[str]:
    """Yield what is left: trees, processes of ours, mounts."""
    for place in (folder / "cache/weighlock/scratch", folder / "home/tmp"):
        yield from (str(p) for p in place.glob("*") if p.name not in KEPT)
    sign = os.fsencode(folder)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if sign in (process / "environ").read_bytes():
                yield (process / "cmdline").read_bytes().decode()
    if os.fsdecode(sign) in Path("/proc/self/mounts").read_text(encoding="utf-8"):
        yield "a mount"


def gone(folder: Path) -> list[str]:
    """Wait until nothing is left; return what stays."""
    end = time.monotonic() + 20
    while (found := list(left(folder))) and time.monotonic() < end:
        os.sched_yield()
    return found


MOMENTS = {
    "frozen": "git-*",
    "set up": "empty",
    "in a command": "01-tree/home/tmp",
    **{f"at its folder {n}": f"{n:02}-*" for n in (2, 4, 6, 8, 10)},
}
"""When a gate has come so far → what lies in its folder for the first time.

Of some twelve folders the first are checkouts, then come the suite, tests that are made
to fail, mutants.
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc")
@pytest.mark.parametrize(
    ("use", "moment"),
    [*(("auto", m) for m in MOMENTS), ("none", "in a command"), ("none", "set up")],
)
def test_a_kill_at_any_moment_leaves_nothing(
    tmp_path: Path, use: str, moment: str
) -> None:
    env = project(tmp_path, use)
    words = ["verify", "plan.md", "--phase", "2", "--worktree", "--base", "HEAD"]
    config = tmp_path / "weighlock.toml"
    begun = subprocess.Popen(
        [sys.executable, "-m", "weighlock", *words, "--config", str(config)],
        cwd=tmp_path / "repo",
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    scratch = tmp_path / "cache/weighlock/scratch"
    seen = False
    while begun.poll() is None and not seen:
        seen = any(scratch.glob(f"gate-*/{MOMENTS[moment]}"))
        os.sched_yield()
    begun.kill()
    begun.wait()
    assert seen
    assert gone(tmp_path) == []
