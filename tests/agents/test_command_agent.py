"""Any program as an agent."""

import asyncio
import sys

import pytest

from weighlock.agents.command import CommandAgent, anchored


@pytest.fixture
def shell(make_order, work):
    """Run a shell script as the agent."""

    def run(script, env=None, **given):
        agent = CommandAgent(name="sh", command=("sh", "-c", script), env=env or {})
        return work(agent, make_order(**given))

    return run


def test_the_prompt_comes_on_stdin_and_in_a_file(shell, tmp_path):
    outcome = shell('cat > stdin; cat "$WEIGHLOCK_PROMPT_FILE" > file', prompt="do ü\n")
    assert outcome.ending == "ended"
    assert (tmp_path / "work/stdin").read_text() == "do ü\n"
    assert (tmp_path / "work/file").read_text() == "do ü\n"


def test_a_program_need_not_read_its_prompt(shell):
    assert shell("exec true", prompt="x" * 2_000_000).ending == "ended"


def test_the_conversation_is_named_in_the_environment(shell):
    names = ["PHASE", "ATTEMPT", "SESSION", "OWNER", "MODEL", "EFFORT"]
    line = " ".join(f"$WEIGHLOCK_{name}" for name in names)
    given = {"owner": "Rust Developer", "model": "m-1", "effort": "high"}
    assert shell(f'echo "{line}"', attempt=2, **given).said == (
        "03 2 1 Rust Developer m-1 high"
    )


def test_the_order_decides_the_model_over_the_configuration(make_order, work):
    agent = CommandAgent(
        name="sh", command=("sh", "-c", "echo $WEIGHLOCK_MODEL"), model="configured"
    )
    assert work(agent, make_order()).said == "configured"
    assert work(agent, make_order(model="ordered")).said == "ordered"


def test_nothing_of_the_callers_environment_is_inherited(shell, monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "sings")
    said = shell("env", env={"GIVEN": "yes"}).said
    assert "GIVEN=yes" in said
    assert "CANARY_SECRET" not in said


def test_output_is_logged_line_by_line_and_is_a_sign_of_life(shell, seen, tmp_path):
    shell("echo one; echo two >&2")
    log = (tmp_path / "logs/03-1.log").read_text()
    assert [" out     one" in log, " out     two" in log] == [True, True]
    assert seen.activities[-1] == "two"


def test_a_secret_of_the_configuration_is_not_logged(shell, tmp_path):
    shell("echo $MY_KEY", env={"MY_KEY": "abcdef123"})
    assert "abcdef123" not in (tmp_path / "logs/03-1.log").read_text()


def test_the_last_words_are_the_claim(shell):
    outcome = shell("seq 1000; echo; echo 'All tests pass.'; printf 'Bye'")
    assert outcome.said.endswith("All tests pass.\nBye")
    assert not outcome.said.startswith("1\n")


def test_a_failing_program_crashed_with_its_exit_code(shell):
    outcome = shell("echo oh no; exit 3")
    assert (outcome.ending, outcome.detail) == ("crashed", "exit code 3")


def test_a_signal_is_named(shell):
    assert shell("kill -SEGV $$").detail == "ended by SIGSEGV"


def test_a_silent_program_is_idle(shell):
    assert shell("sleep 60", idle_s=0.2).ending == "idle"


@pytest.mark.slow
def test_a_talking_program_is_not_idle(shell):
    talk = "for n in 1 2 3 4 5; do echo tick; sleep 0.2; done"
    assert shell(talk, idle_s=0.6).ending == "ended"


@pytest.mark.slow
def test_a_talking_program_meets_the_deadline(shell):
    talk = "while true; do echo tick; sleep 0.05; done"
    assert shell(talk, deadline_s=0.4, idle_s=0.3).ending == "timed-out"


def test_a_program_that_left_a_server_running_has_ended_all_the_same(shell):
    assert shell("sleep 60 & setsid sleep 61 & echo up").said == "up"


def test_a_program_that_is_not_there_is_unavailable(make_order, work):
    agent = CommandAgent(name="x", command=("no-such-program-here",))
    assert "no-such-program-here" in (agent.available() or "")
    assert work(agent, make_order()).ending == "unavailable"


def test_a_cancelled_program_is_gone(make_order, seen, group_left):
    agent = CommandAgent(name="sh", command=("sh", "-c", "echo up; sleep 60"))

    async def stop_it():
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent.work(make_order(), seen))
            await seen.started.wait()
            task.cancel()

    asyncio.run(stop_it())
    assert group_left(seen.pids[0][0]) == []


def test_a_log_goes_on_where_the_session_before_ended(shell, tmp_path):
    shell("echo first")
    shell("echo second", session=2)
    log = (tmp_path / "logs/03-1.log").read_text()
    assert log.index("first") < log.index("second")


def test_bytes_that_would_move_the_cursor_do_not_reach_the_log(shell, tmp_path):
    shell(r"printf 'a\033[2Jb\377\n'")
    log = (tmp_path / "logs/03-1.log").read_text()
    assert "\x1b" not in log
    assert "[2Jb" in log


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (("python3", "agent.py"), 1),
        (("./agent.py", "fast"), 0),
        (("agent.py",), 0),
    ],
)
def test_a_program_beside_the_configuration_is_the_one_that_is_meant(
    tmp_path, command, place
):
    (tmp_path / "agent.py").touch()
    assert anchored(command, tmp_path)[place] == str(tmp_path / "agent.py")


@pytest.mark.parametrize(
    "command", [("sed", "agent.py"), ("python3", "-m", "agent.py"), (sys.executable,)]
)
def test_other_arguments_stay_as_they_are(tmp_path, command):
    (tmp_path / "agent.py").touch()
    assert anchored(command, tmp_path) == command


@pytest.mark.slow
def test_output_without_end_of_line_is_taken_in_pieces(shell):
    outcome = shell("head -c 9000000 /dev/zero | tr '\\0' x")
    assert outcome.ending == "ended"
    assert 0 < len(outcome.said) < 8_000_000
