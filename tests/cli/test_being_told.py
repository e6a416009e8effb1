"""Who is away is told: a program of theirs gets what happened as JSON on its stdin."""

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys

import pytest

from weighlock.cli.notified.sender import Sender
from weighlock.config import find
from weighlock.fakes import VirtualClock
from weighlock.run import events as ev
from weighlock.run.state import RunState

KEEP = """\
import os, sys
name = f"told-{os.getpid()}"
open(name, "w").write(sys.stdin.read() + os.environ["WEIGHLOCK_NOTICE"] + "\\n")
open("env", "w").write("\\n".join(os.environ.values()))
"""
PROVIDER = """
[providers.p]
protocol = "anthropic"
base_url = "http://127.0.0.1:9"
"""
STATE = RunState(run="r1", plan="PLAN-X")
BLOCKED = ev.PhaseBlocked(
    at=0.0, phase="03", state="failed", why="no tests", hint="weighlock why 03"
)
PARKED = ev.PhaseParked(
    at=0.0, phase="03", attempt=1, until=9.0, why="x", base="", head="", tree=""
)


def notes(folder):
    """Return what the program was told: documents, and the sentences beside them."""
    both = [path.read_text().splitlines() for path in folder.glob("told-*")]
    told = [(json.loads(document), sentence) for document, sentence in both]
    return sorted(told, key=lambda one: one[0]["what"])


def tell(folder, *events, keep=KEEP, table="", error=None):
    """Let a sender see these events; return what it said when that did not do."""
    (folder / "tell.py").write_text(keep)
    command = json.dumps([sys.executable, "tell.py"])
    text = f"[notify]\ncommand = {command}\n{table}"
    (folder / "weighlock.toml").write_text(text)
    said: list[str] = []

    async def go():
        settings, clock = find(folder, None), VirtualClock()
        async with Sender(
            settings=settings, clock=clock, say=said.append, run="r1", plan="PLAN-X"
        ) as sender:
            for event in events:
                sender.saw(event, STATE)
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            asyncio.run(go())
    else:
        asyncio.run(go())
    return said


def test_what_waits_is_told_with_the_time_until_when(tmp_path):
    assert not tell(tmp_path, PARKED, table='on = ["parked"]\n')
    [(document, sentence)] = notes(tmp_path)
    assert document["text"] == "P03 parked until 1970-01-01T00:00:09Z: x" == sentence


def test_a_program_gets_a_document_and_a_sentence(tmp_path):
    assert tell(tmp_path, BLOCKED, PARKED) == []
    [(document, sentence)] = notes(tmp_path)
    assert document == {
        "schema": "weighlock/notice/1",
        "at": "1970-01-01T00:00:00Z",
        "what": "blocked",
        "state": "failed",
        "text": "P03 failed: no tests",
        "next": "weighlock why 03",
        "run": "r1",
        "plan": "PLAN-X",
        "phase": "03",
        "bucket": "",
    }
    assert sentence == document["text"]


def test_it_gets_the_users_environment_without_the_keys(tmp_path, monkeypatch):
    monkeypatch.setenv("WORK_KEY", "sk-CANARY")
    monkeypatch.setenv("DISPLAY", ":7")
    bucket = '[[buckets]]\nid = "a"\nprovider = "p"\nkey_env = "WORK_KEY"'
    tell(tmp_path, BLOCKED, table=PROVIDER + bucket)
    values = (tmp_path / "env").read_text().splitlines()
    assert ":7" in values
    assert "sk-CANARY" not in values


@pytest.mark.parametrize(
    ("keep", "table", "said"),
    [
        ("import sys; sys.exit('no network')", "", "ended with 1: no network"),
        ("import time; time.sleep(60)", "timeout_s = 0.3", "took too long"),
    ],
)
def test_one_that_does_not_do_is_a_note_and_holds_nobody_up(
    keep, table, said, tmp_path
):
    [note] = tell(tmp_path, BLOCKED, keep=keep, table=table)
    assert note.startswith("nobody was told of blocked: ")
    assert note.endswith(said)


def test_a_run_that_breaks_off_is_told_of_and_one_that_is_interrupted_is_not(tmp_path):
    tell(tmp_path, error=OSError(28, "No space left on device"))
    tell(tmp_path, error=KeyboardInterrupt())
    [(document, _)] = notes(tmp_path)
    assert (document["what"], document["state"]) == ("ended", "broken")
    assert document["text"].endswith("No space left on device")


@pytest.mark.slow
def test_a_run_tells_of_each_phase_that_needs_a_person_and_of_its_end(project):
    project.agent("print('COMPLETE')")
    (project.beside / "tell.py").write_text(KEEP)
    with (project.beside / "weighlock.toml").open("a") as file:
        file.write(f'[notify]\ncommand = ["{sys.executable}", "tell.py"]\n')
    done = project.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 1, done.stderr
    told = [
        (one["what"], one["phase"], one["state"]) for one, _ in notes(project.beside)
    ]
    assert told == [("blocked", "01", "failed"), ("ended", "", "failed")]


LOGIN = """
[oauth.corp]
client_id = "me"
authorize_url = "http://127.0.0.1:9/authorize"
token_url = "http://127.0.0.1:9/token"

[[buckets]]
id = "key"
provider = "p"
key_env = "WORK_KEY"

[[buckets]]
id = "own"
provider = "p"
oauth = "corp"
"""


@pytest.mark.slow
def test_a_gateway_tells_once_that_a_bucket_wants_a_login(tmp_path):
    tell(tmp_path, table=PROVIDER + LOGIN)
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WORK_KEY": "sk-12345678"}
    with subprocess.Popen(
        [sys.executable, "-m", "weighlock", "gateway", "--json"],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        served = json.loads(process.stdout.readline())
        for _ in range(2):
            asked = http.client.HTTPConnection(served["url"][7:], timeout=40)
            asked.request(
                "POST",
                "/v1/messages",
                b'{"model": "m"}',
                {"x-api-key": served["token"]},
            )
            assert asked.getresponse().status == 503
            asked.close()
        process.send_signal(signal.SIGTERM)
    [(document, _)] = notes(tmp_path)
    assert (document["what"], document["bucket"]) == ("login", "own")
    assert document["next"] == "weighlock bucket login own"
