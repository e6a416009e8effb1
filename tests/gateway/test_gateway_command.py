"""``weighlock gateway`` as a process of its own."""

import http.client
import json
import os
import pty
import signal
import subprocess
import sys

import pytest

CONFIG = """\
[providers.main]
protocol = "anthropic"
base_url = "http://127.0.0.1:9"

[[buckets]]
id = "work"
provider = "main"
key_env = "WORK_KEY"

[[buckets]]
id = "spare"
provider = "main"
key_env = "SPARE_KEY"
"""


@pytest.fixture
def gateway(tmp_path):
    """Start the command with these keys; end it afterwards."""
    running = []
    (tmp_path / "weighlock.toml").write_text(CONFIG)

    def start(*options, **keys):
        env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **keys}
        config = ["--config", str(tmp_path / "weighlock.toml")]
        process = subprocess.Popen(
            [sys.executable, "-m", "weighlock", "gateway", *config, *options],
            cwd=tmp_path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_it_tells_its_address_then_each_request_and_ends_when_told(gateway):
    process = gateway("--json", WORK_KEY="sk-CANARY-12345678")
    first = json.loads(process.stdout.readline())
    assert sorted(first) == ["token", "url"]
    asked = http.client.HTTPConnection(first["url"].removeprefix("http://"), timeout=40)
    asked.request(
        "POST",
        "/v1/messages",
        b'{"model": "m", "messages": []}',
        {"x-api-key": first["token"], "content-type": "application/json"},
    )
    answer = asked.getresponse()
    assert answer.status == 503
    assert answer.headers["x-gateway-error"] == "all-buckets-exhausted"
    asked.close()
    line = json.loads(process.stdout.readline())
    assert (line["status"], line["bucket"], line["model"]) == (503, None, "m")
    assert line["reasons"]["work"]["detail"] == "network"
    assert line["reasons"]["spare"]["reason"] == "no-token"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=40)
    assert process.returncode == 0
    assert "spare" in err
    assert "CANARY" not in out + err


def test_without_any_credential_it_does_not_start(gateway):
    process = gateway("--json")
    out, err = process.communicate(timeout=40)
    assert process.returncode == 3
    assert json.loads(out)["error"] == "SettingsError"
    assert "work, spare" in err


LOGIN = """
[oauth.corp]
client_id = "me"
authorize_url = "http://127.0.0.1:9/authorize"
token_url = "http://127.0.0.1:9/token"

[[buckets]]
id = "own"
provider = "main"
oauth = "corp"
"""


@pytest.mark.slow
def test_a_person_at_the_terminal_is_asked_to_log_in(tmp_path):
    config = tmp_path / "weighlock.toml"
    config.write_text(CONFIG + LOGIN)
    program = [sys.executable, "-m", "weighlock", "gateway", "--config", str(config)]
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WORK_KEY": "sk-12345678"}
    ours, theirs = pty.openpty()
    with (
        os.fdopen(ours, "rb", buffering=0) as terminal,
        subprocess.Popen(
            program, env=env, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE
        ) as process,
    ):
        os.close(theirs)
        try:
            said = b""
            while said.count(b"\n") < 2:
                said += terminal.read(4096)
            url, token = (line.split()[1].decode() for line in said.splitlines()[:2])
            asked = http.client.HTTPConnection(url.removeprefix("http://"), timeout=40)
            keys = {"x-api-key": token, "content-type": "application/json"}
            asked.request("POST", "/v1/messages", b'{"model": "m"}', keys)
            told = next(one for one in process.stderr if one.startswith(b"open "))
            asked.close()
        finally:
            process.kill()
    assert b"http://127.0.0.1:9/authorize?" in told
