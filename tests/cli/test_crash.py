"""Kill the real process at random moments and go on: nothing is lost or doubled."""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest


def living(marker: str) -> list[int]:
    """Return the processes whose environment holds a marker."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "environ").read_bytes()
            except OSError:
                continue
            if marker.encode() in words and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def kill_after(process: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Kill a process unless it ends first; say whether it was killed."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    process.communicate()
    return False


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_run_killed_at_twenty_random_moments_ends_as_an_uncut_one(
    tmp_path, make_real
):
    whole = make_real(tmp_path / "whole")
    assert whole.run("run", "docs/plan.md", "--progress", "plain").returncode == 0
    cut = make_real(tmp_path / "cut", pause=0.3)
    seed = time.time_ns()
    moments = random.Random(seed)  # noqa: S311
    kills = 0
    process = cut.start("run", "docs/plan.md", "--progress", "plain")
    deadline = time.monotonic() + 60
    while not cut.journals():
        assert time.monotonic() < deadline
    for _ in range(20):
        kills += kill_after(process, moments.uniform(0.15, 1.6))
        process = cut.start("resume", "--progress", "plain")
    said, _ = process.communicate(timeout=200)
    # 5: it had passed already when the last process began.
    assert process.returncode in {0, 5}, f"seed {seed}: {said.decode()}"
    assert kills >= 3, "the kills came too late to cut anything"
    assert cut.tree() == whole.tree()
    [journal] = cut.journals()
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    passed = Counter(e["phase"] for e in events if e["kind"] == "phase-passed")
    assert passed == {"01": 1, "02": 1, "03": 1, "04": 1}
    assert living(str(tmp_path / "cut")) == []


@pytest.mark.slow
def test_an_agent_left_over_from_a_killed_run_is_ended_at_resume(tmp_path, make_real):
    project = make_real(tmp_path, pause=30)
    with (project.beside / "weighlock.toml").open("a") as file:
        file.write('[sandbox]\nuse = "none"\n')  # bubblewrap ends it by itself
    process = project.start("run", "docs/plan.md", "--progress", "plain")
    deadline = time.monotonic() + 60
    while not _agents(tmp_path) or not _spawned(project):
        assert time.monotonic() < deadline
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    project.agent("raise SystemExit('cannot')")
    left = _agents(tmp_path)
    assert left, "the agent of the killed run is still there"
    project.run("resume", "--progress", "plain")
    assert not set(left) & set(living(str(tmp_path)))


def _agents(folder: Path) -> list[int]:
    return [p for p in living(str(folder)) if _is_agent(p)]


def _spawned(project) -> bool:
    return any("agent-spawned" in j.read_text() for j in project.journals())


def _is_agent(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return b"WEIGHLOCK_PHASE=" in words
