"""Programs are run to their end, bounded, and nothing of them stays behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weighlock.process import (
    Finished,
    end_marked,
    end_stranger,
    group_alive,
    run,
    start_ticks,
    written_env,
)

PYTHON = sys.executable


def do(tmp_path: Path, *argv: str, timeout_s: float = 20, **given) -> Finished:
    env = written_env(tmp_path)
    return asyncio.run(run(argv, cwd=tmp_path, env=env, timeout_s=timeout_s, **given))


def sh(tmp_path: Path, script: str, **given) -> Finished:
    return do(tmp_path, "/bin/sh", "-c", script, **given)


def gone(pid: int, patience_s: float = 5) -> bool:
    """Whether a process ends soon; one that waits to be reaped has ended."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
    return False


def appears(path: Path) -> None:
    end = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < end


def test_output_and_exit_code_come_back(tmp_path: Path):
    done = sh(tmp_path, "echo out; echo err >&2; exit 3")
    assert (done.stdout, done.stderr, done.exit_code) == (b"out\n", b"err\n", 3)


def test_a_program_ended_by_a_signal_has_a_negative_exit_code(tmp_path: Path):
    assert sh(tmp_path, "kill -9 $$").exit_code == -9


def test_a_missing_program_is_missing(tmp_path: Path):
    done = do(tmp_path, "no-such-program-at-all")
    assert done.missing
    assert done.exit_code is None


def test_a_file_that_is_no_program_is_missing(tmp_path: Path):
    (tmp_path / "plain").write_text("x")
    assert do(tmp_path, str(tmp_path / "plain")).missing


def test_a_missing_folder_is_not_a_missing_program(tmp_path: Path):
    env = written_env(tmp_path)
    away = tmp_path / "away"
    done = asyncio.run(run(["/bin/true"], cwd=away, env=env, timeout_s=5))
    assert not done.missing
    assert b"away" in done.stderr


def test_an_argument_with_a_nul_byte_is_an_answer_not_a_crash(tmp_path: Path):
    assert do(tmp_path, "/bin/echo", "a\0b").exit_code is None


def test_only_the_written_environment_is_seen(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "s3cret")
    assert b"s3cret" not in do(tmp_path, "/usr/bin/env").stdout


def test_stdin_larger_than_a_pipe_is_read_whole(tmp_path: Path):
    data = b"x" * 3_000_000
    assert do(tmp_path, "/usr/bin/wc", "-c", stdin=data).stdout.strip() == b"3000000"


def test_stdin_that_nobody_reads_stops_nothing(tmp_path: Path):
    assert do(tmp_path, "/bin/true", stdin=b"x" * 3_000_000).exit_code == 0


def test_stdin_can_be_opened_by_name(tmp_path: Path):
    assert do(tmp_path, "/bin/cat", "/dev/stdin", stdin=b"here").stdout == b"here"


def test_without_stdin_a_program_reads_the_end_at_once(tmp_path: Path):
    assert do(tmp_path, "/bin/cat").stdout == b""


def test_output_beyond_the_limit_is_dropped_and_said_so(tmp_path: Path):
    done = sh(tmp_path, "head -c 500000 /dev/zero", limit=1000)
    assert (len(done.stdout), done.truncated, done.exit_code) == (1000, True, 0)


def test_output_of_exactly_the_limit_is_whole(tmp_path: Path):
    done = sh(tmp_path, "head -c 1000 /dev/zero", limit=1000)
    assert (len(done.stdout), done.truncated) == (1000, False)


def test_both_streams_can_be_full_at_once(tmp_path: Path):
    script = "head -c 400000 /dev/zero; head -c 400000 /dev/zero >&2"
    done = sh(tmp_path, script)
    assert (len(done.stdout), len(done.stderr)) == (400_000, 400_000)


def test_at_the_deadline_the_whole_group_is_ended(tmp_path: Path):
    done = sh(tmp_path, "sleep 300 & echo $!; wait", timeout_s=0.3)
    assert done.timed_out
    assert done.exit_code is None
    assert gone(int(done.stdout))


def test_what_was_said_before_the_deadline_is_kept(tmp_path: Path):
    assert sh(tmp_path, "echo first; sleep 300", timeout_s=0.3).stdout == b"first\n"


def test_a_program_that_closes_its_output_still_has_a_deadline(tmp_path: Path):
    assert sh(tmp_path, "exec >&- 2>&-; sleep 300", timeout_s=0.3).timed_out


@pytest.mark.slow
def test_a_program_deaf_to_sigterm_is_killed(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("weighlock.process.GRACE_S", 0.2)
    script = "trap '' TERM; echo $$; while :; do sleep 0.05; done"
    done = sh(tmp_path, script, timeout_s=0.3)
    assert done.timed_out
    assert gone(int(done.stdout))


def test_a_child_left_behind_is_ended_and_does_not_change_the_result(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setattr("weighlock.process.LINGER_S", 0.2)
    done = sh(tmp_path, "sleep 300 & echo $!; exit 4", timeout_s=30)
    assert (done.exit_code, done.timed_out) == (4, False)
    assert done.duration_s < 10
    assert gone(int(done.stdout))


def test_output_of_a_child_that_ends_soon_after_is_read(tmp_path: Path):
    done = sh(tmp_path, "(sleep 0.1; echo late) & exit 0")
    assert done.stdout == b"late\n"


@pytest.mark.slow
def test_a_stranger_that_keeps_the_output_open_does_not_hold_the_call(
    tmp_path: Path, monkeypatch
):
    monkeypatch.setattr("weighlock.process.LINGER_S", 0.2)
    escaped = (
        "import os,sys,time\n"
        "if os.fork(): os._exit(0)\n"
        "os.setsid(); print(os.getpid(), flush=True); time.sleep(60)\n"
    )
    began = time.monotonic()
    done = do(tmp_path, PYTHON, "-c", escaped, timeout_s=30)
    assert done.exit_code == 0
    assert time.monotonic() - began < 15
    os.kill(int(done.stdout), 9)


def test_cancelling_the_call_ends_the_group(tmp_path: Path):
    pids = tmp_path / "pids"

    async def cancelled() -> None:
        script = f"sleep 300 & echo $! >{pids}.new; mv {pids}.new {pids}; wait"
        env = written_env(tmp_path)
        call = run(["/bin/sh", "-c", script], cwd=tmp_path, env=env, timeout_s=60)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(call)
            await asyncio.to_thread(appears, pids)
            task.cancel()

    asyncio.run(cancelled())
    assert gone(int(pids.read_text()))


def test_a_call_cancelled_while_it_starts_leaves_nothing_behind(tmp_path: Path):
    async def cancelled(turns: int) -> None:
        script = "sleep 300 & wait"
        env = written_env(tmp_path)
        call = run(["/bin/sh", "-c", script], cwd=tmp_path, env=env, timeout_s=60)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(call)
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()

    for turns in range(8):
        asyncio.run(cancelled(turns))
    assert [p for p in Path("/proc").glob("[0-9]*/cwd") if _cwd(p) == tmp_path] == []


def _cwd(link: Path) -> Path | None:
    try:
        return link.readlink()
    except OSError:
        return None


def test_a_stranger_is_ended_when_pid_and_start_time_fit(tmp_path: Path):
    child = _spawned(tmp_path)
    assert end_stranger(child.pid, start_ticks(child.pid))
    assert child.wait() == -9
    assert not group_alive(child.pid)


@pytest.mark.parametrize("off_by", [1.0, -1.0, None])
def test_a_process_with_another_or_no_start_time_is_left_alone(tmp_path: Path, off_by):
    child = _spawned(tmp_path)
    started = start_ticks(child.pid) + off_by if off_by else 0.0
    assert not end_stranger(child.pid, started)
    assert child.poll() is None
    child.kill()
    child.wait()


def test_a_group_outlives_its_first_process_and_is_still_found(tmp_path: Path):
    import subprocess

    child = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 60 & exit"], cwd=tmp_path, start_new_session=True
    )
    started = start_ticks(child.pid)
    child.wait()
    assert group_alive(child.pid)
    assert not end_stranger(child.pid, 0.0)
    assert end_stranger(child.pid, started)


def test_a_process_that_waits_to_be_reaped_is_not_alive(tmp_path: Path):
    child = _spawned(tmp_path)
    child.kill()
    assert gone(child.pid)
    assert not group_alive(child.pid)
    child.wait()


def _spawned(cwd: Path):
    import subprocess

    return subprocess.Popen(["/bin/sleep", "60"], cwd=cwd, start_new_session=True)


def test_a_process_is_found_by_a_variable_whatever_session_it_is_in(tmp_path):
    mark = f"LANTERN={tmp_path}"
    stray = subprocess.Popen(
        ["sleep", "60"], env={"LANTERN": str(tmp_path)}, start_new_session=True
    )
    try:
        assert end_marked(f"{mark}/longer") == 0
        while not end_marked(mark):  # until it has become ``sleep``
            continue
        assert stray.wait(10) == -signal.SIGKILL
    finally:
        stray.kill()
