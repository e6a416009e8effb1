"""ACP over real pipes, against a scripted agent in a process of its own."""

import asyncio
import json
import sys

import pytest

from weighlock.agents.acp import AcpAgent
from weighlock.config import AgentSettings

LAUNCH = (sys.executable, "-m", "weighlock.agents.acp_script")


@pytest.fixture
def play(tmp_path, make_order, work):
    """Play acts over ACP and return the outcome."""

    def run(*acts, env=None, **given):
        path = tmp_path / "script.json"
        path.write_text(json.dumps({"turn": [{"acts": list(acts)}]}))
        return work(agent_of(path, env), make_order(**given))

    return run


def agent_of(path, env=None):
    settings = AgentSettings(
        name="script", kind="acp", command=(*LAUNCH, str(path)), env=env or {}
    )
    return AcpAgent(settings=settings)


@pytest.fixture
def log(tmp_path):
    return (tmp_path / "logs" / "03-1.log").read_text


@pytest.fixture
def wire(tmp_path):
    path = tmp_path / "logs" / "03-1.wire.jsonl"
    return lambda: [json.loads(line) for line in path.read_text().splitlines()]


def test_an_honest_agent_changes_the_workspace_and_says_so(play, tmp_path, seen):
    outcome = play(
        {"write": "src/a.py", "text": "print(1)\n"},
        {"run": "python3 src/a.py > out.txt"},
        {"say": "Working."},
        {"say": "All done."},
    )
    assert (outcome.ending, outcome.detail) == ("ended", "end_turn")
    assert outcome.said == "All done."
    assert (tmp_path / "work/out.txt").read_text() == "1\n"
    assert "Bash `python3 src/a.py > out.txt`" in seen.activities


def test_the_process_is_named_at_once_and_gone_afterwards(play, seen, group_left):
    play({"say": "hi"})
    ((pid, started),) = seen.pids
    assert started > 0
    assert group_left(pid) == []


@pytest.mark.parametrize("line", ["42", "npm warn old", "[1]", "", '{"broken', "null"])
def test_noise_on_stdout_does_not_end_the_conversation(play, log, line):
    outcome = play({"noise": line}, {"say": "still here"})
    assert outcome.ending == "ended"
    assert outcome.said == "still here"
    assert "noise" in log()


def test_a_crash_in_mid_turn_is_seen_with_its_exit_code(play):
    outcome = play({"say": "so far"}, {"crash": 3})
    assert (outcome.ending, outcome.detail) == ("crashed", "exit code 3")
    assert outcome.said == "so far"


@pytest.mark.slow
def test_a_silent_agent_is_idle_and_is_told_to_stop_first(play, wire):
    outcome = play({"hang": True}, idle_s=0.6)
    assert outcome.ending == "idle"
    assert "session/cancel" in [m["message"].get("method") for m in wire()]


@pytest.mark.slow
def test_signs_of_life_do_not_move_the_deadline(play):
    steps = [{"sleep": 0.1}, {"say": "tick"}] * 40
    outcome = play(*steps, deadline_s=2.0, idle_s=1.2)
    assert outcome.ending == "timed-out"
    assert outcome.said == "tick"


@pytest.mark.slow
def test_an_agent_that_ignores_cancel_is_killed(play, monkeypatch):
    monkeypatch.setattr("weighlock.agents.conversation.GRACE_S", 0.1)
    outcome = play({"hang": "deaf"}, idle_s=0.6)
    assert outcome.ending == "idle"


def test_an_error_answer_is_a_crash_with_its_words(play):
    outcome = play({"error": "quota used up", "code": -32603})
    assert outcome.ending == "crashed"
    assert "quota used up" in outcome.detail


@pytest.mark.parametrize("code", [-32000, 401])
def test_an_agent_without_a_login_is_unavailable(play, code):
    outcome = play({"error": "Authentication required", "code": code})
    assert outcome.ending == "unavailable"


@pytest.mark.slow
def test_a_stop_reason_nobody_knows_is_an_end_like_any_other(play):
    outcome = play({"say": "hm"}, {"stop": "out_of_cheese"})
    assert outcome.ending == "ended"
    assert "out_of_cheese" in outcome.detail


def test_a_known_stop_reason_is_told(play):
    assert play({"stop": "refusal"}).detail == "refusal"


def test_permission_is_given_once_by_kind_whatever_the_order(play):
    outcome = play(
        {"permit": "rm -rf build", "text": "reject_once,allow_always,allow_once"}
    )
    assert json.loads(outcome.said)["outcome"] == {
        "optionId": "2",
        "outcome": "selected",
    }


def test_permission_that_cannot_be_given_is_cancelled(play):
    outcome = play({"permit": "rm -rf build", "text": "reject_once"})
    assert json.loads(outcome.said)["outcome"] == {"outcome": "cancelled"}


@pytest.mark.slow
def test_two_thousand_updates_stay_in_order(play, log):
    play(*({"say": f"line {n}"} for n in range(2000)))
    said = [
        line.split("said")[1].strip() for line in log().splitlines() if " said " in line
    ]
    assert said == [f"line {n}" for n in range(2000)]


@pytest.mark.slow
def test_a_huge_message_is_logged_in_full(play, log):
    outcome = play({"say": "x" * 3_000_000})
    assert len(outcome.said) == 3_000_000
    assert "x" * 3_000_000 in log()


def test_the_environment_is_written_out(play, tmp_path, monkeypatch):
    monkeypatch.setenv("CANARY_SECRET", "sings")
    play({"run": "env > env.txt"}, env={"GIVEN": "yes"})
    env = dict(
        line.partition("=")[::2]
        for line in (tmp_path / "work/env.txt").read_text().splitlines()
    )
    assert "CANARY_SECRET" not in env
    assert env["GIVEN"] == "yes"
    assert env["HOME"] == str(tmp_path / "home")
    assert env["WEIGHLOCK_PHASE"] == "03"


def test_secrets_are_in_neither_log(play, log, wire):
    play({"run": "echo $API_TOKEN"}, env={"API_TOKEN": 's3cret"value'})
    assert "s3cret" not in log()
    assert "s3cret" not in json.dumps(wire())
    assert "[hidden]" in log()


def test_every_message_is_in_the_wire_log_with_its_direction(play, wire):
    play({"say": "hi"})
    methods = [(m["dir"], m["message"].get("method")) for m in wire()]
    assert methods == [
        ("out", "initialize"),
        ("in", None),
        ("out", "session/new"),
        ("in", None),
        ("out", "session/prompt"),
        ("in", "session/update"),
        ("in", None),
    ]


def test_no_file_or_terminal_service_is_offered(play, wire):
    play({"say": "hi"})
    offered = wire()[0]["message"]["params"].get("clientCapabilities", {})
    assert not offered.get("terminal")
    assert not any((offered.get("fs") or {}).values())


def test_what_an_agent_left_running_is_ended_even_in_a_session_of_its_own(play):
    outcome = play({"run": "setsid sleep 60 > /dev/null 2>&1 & exit 0"}, {"say": "up"})
    assert outcome.ending == "ended"


def test_a_grandchild_that_keeps_the_pipe_does_not_hide_the_end(make_order, work):
    command = ("sh", "-c", "setsid sleep 60 & exit 0")
    settings = AgentSettings(name="x", kind="acp", command=command)
    outcome = work(AcpAgent(settings=settings), make_order())
    assert (outcome.ending, outcome.detail) == ("crashed", "exit code 0")


def test_a_program_that_is_not_there_is_unavailable(make_order, work):
    settings = AgentSettings(name="x", kind="acp", command=("no-such-program-here",))
    outcome = work(AcpAgent(settings=settings), make_order())
    assert outcome.ending == "unavailable"
    assert "no-such-program-here" in outcome.detail


def test_a_program_that_does_not_speak_the_protocol_is_a_crash(make_order, work):
    command = ("sh", "-c", "echo no config >&2; exit 4")
    settings = AgentSettings(name="x", kind="acp", command=command)
    outcome = work(AcpAgent(settings=settings), make_order())
    assert outcome.ending == "crashed"
    assert outcome.detail == "exit code 4: no config"


def test_stderr_goes_to_the_log(make_order, work, tmp_path, log):
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"turn": [{"acts": [{"say": "ok"}]}]}))
    line = " ".join(("echo warming up >&2; exec", *LAUNCH, str(path)))
    settings = AgentSettings(name="x", kind="acp", command=("sh", "-c", line))
    work(AcpAgent(settings=settings), make_order())
    assert "warming up" in log()


def test_a_cancelled_conversation_leaves_no_process(
    tmp_path, make_order, seen, group_left
):
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"turn": [{"acts": [{"say": "hi"}, {"hang": "deaf"}]}]}))

    async def stop_it():
        async with asyncio.TaskGroup() as group:
            task = group.create_task(agent_of(path).work(make_order(), seen))
            await seen.started.wait()
            task.cancel()

    asyncio.run(stop_it())
    assert group_left(seen.pids[0][0]) == []


def test_nothing_of_the_protocol_reaches_the_terminal(play, capfd, caplog):
    play(
        {"noise": "42"}, {"noise": '{"jsonrpc":"2.0","method":"x/y"}'}, {"run": "true"}
    )
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


def test_a_request_of_an_unknown_method_is_refused_and_the_turn_goes_on(play, wire):
    line = '{"jsonrpc":"2.0","id":99,"method":"fs/read_text_file","params":{}}'
    outcome = play({"noise": line}, {"say": "on"}, {"run": "true"})
    assert outcome.said == "on"
    answers = [m["message"] for m in wire() if m["message"].get("id") == 99]
    assert "error" in answers[-1]


def test_the_working_directory_is_the_workspace(play, tmp_path):
    play({"run": "pwd > where.txt"})
    where = (tmp_path / "work/where.txt").read_text().strip()
    assert (tmp_path / "work").samefile(where)
