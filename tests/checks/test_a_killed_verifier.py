"""A verifier that is killed at any moment leaves nothing that outlives the next one."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from weighlock.checks.clean import Clean
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
