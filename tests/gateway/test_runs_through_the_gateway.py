"""Whole runs whose agent asks a model: one bucket is spent, or both are."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from gateway_dialects import DIALECTS, TEXT, error

pytestmark = pytest.mark.slow

DIALECT = DIALECTS["anthropic"]

AGENT = """\
import json, os, pathlib, sys, urllib.request
assert not [v for v in os.environ.values() if "CANARY" in v], "a real key is here"
url = os.environ["ANTHROPIC_BASE_URL"] + "/v1/messages"
asked = urllib.request.Request(
    url,
    json.dumps({"model": "claude-haiku-4-5", "max_tokens": 9, "messages": []}).encode(),
    {"x-api-key": os.environ["ANTHROPIC_AUTH_TOKEN"]},
)
try:
    urllib.request.urlopen(asked, timeout=50).read()
except OSError as failed:
    print("all is well, in spite of", failed)
    sys.exit(0)
phase = os.environ["WEIGHLOCK_PHASE"]
words = pathlib.Path("words.txt")
text = {"01": "hello\\n", "02": "world\\n"}
if phase in text:
    before = words.read_text() if words.exists() else ""
    words.write_text(before + text[phase])
else:
    name = {"03": "letter.txt", "04": "stamp.txt"}[phase]
    pathlib.Path(name).write_text("one penny\\n")
print("### Summary")
print("done", phase)
"""

CONFIG = """
[providers.main]
protocol = "anthropic"
base_url = "{url}"

[[buckets]]
id = "work"
provider = "main"
key_env = "WORK_KEY"

[[buckets]]
id = "spare"
provider = "main"
key_env = "SPARE_KEY"
"""


class Provider(BaseHTTPRequestHandler):
    """Bucket → what it answers: a status with headers, or 200."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str]]]] = {}

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        bucket = self.headers["x-api-key"].partition("-")[0]
        status, headers = self.answers.get(bucket, (200, {}))
        whole = json.dumps(DIALECT.whole(TEXT)).encode()
        body = whole if status == 200 else error(DIALECT, status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    """Serve a provider that tells its buckets apart; returns its URL and answers."""
    handler = type("Told", (Provider,), {"answers": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler.answers
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def keyed(project, provider):
    """Give the project an agent that asks a model, and two buckets."""
    project.agent(AGENT)
    config = project.beside / "weighlock.toml"
    config.write_text(config.read_text() + CONFIG.format(url=provider[0]))
    project.env |= {
        "WORK_KEY": "work-CANARY-0123456789",
        "SPARE_KEY": "spare-CANARY-0123456789",
        "XDG_STATE_HOME": str(project.beside / "state"),
    }
    return project


def events(project):
    (journal,) = project.journals()
    return [json.loads(line) for line in journal.read_text().splitlines()]


def test_a_run_goes_on_with_the_next_bucket_and_says_why(keyed, provider):
    provider[1]["work"] = (429, {"retry-after": "3600"})
    done = keyed.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    counted = [e for e in events(keyed) if e["kind"] == "calls-counted"]
    assert {e["bucket"] for e in counted} == {"spare"}
    assert {e["output"] for e in counted} == {60}
    left = [e for e in events(keyed) if e["kind"] == "bucket-left"]
    assert {(e["bucket"], e["reason"]) for e in left} == {("work", "quota-exhausted")}
    status = json.loads(keyed.run("status", "--json").stdout)
    assert status["calls"]["requests"] == len(counted) == 4
    assert 0 < status["calls"]["cost"] < 0.01
    report = keyed.run("report").stdout
    assert "quota-exhausted / quota" in report
    assert "claude-haiku-4-5" in report
    written = [p for p in keyed.root.parent.rglob("*") if p.is_file()]
    leaks = [p for p in written if b"CANARY" in p.read_bytes()]
    assert [p for p in leaks if p.name != "agent.py"] == []
    assert "CANARY" not in done.stdout + done.stderr


REVIEW = """
[gate]
review = "on"
reviewer = { provider = "main", model = "claude-haiku-4-5" }
"""


def test_a_model_that_reviews_is_metered_as_an_agent_is(keyed, provider):
    config = keyed.beside / "weighlock.toml"
    config.write_text(config.read_text() + REVIEW)
    provider[1]["work"] = (429, {"retry-after": "3600"})
    done = keyed.run("run", "docs/plan.md", "--until", "1", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    counted = [e for e in events(keyed) if e["kind"] == "calls-counted"]
    told = [(e["role"], e["bucket"], e["requests"], e["output"]) for e in counted]
    assert told == [("", "spare", 1, 60), ("review", "spare", 1, 60)]
    assert {e["cost"] is not None for e in counted} == {True}
    kept = [p for p in keyed.journals()[0].parents[2].rglob("*") if p.is_file()]
    assert not [p for p in kept if b"CANARY" in p.read_bytes()]
    assert [p for p in kept if b"answered, claude-haiku-4-5" in p.read_bytes()]


def test_a_run_without_a_bucket_is_parked_and_goes_on_when_it_is_resumed(
    keyed, provider
):
    provider[1].update({b: (429, {"retry-after": "3600"}) for b in ("work", "spare")})
    process = keyed.start("run", "docs/plan.md", "--progress", "plain")
    try:
        parked = wait_for(keyed, "phase-parked", process)
        status = keyed.run("status").stdout
        assert "parked" in status
        why = keyed.run("why", "01").stdout
        assert "goes on by itself" in why
        assert keyed.run("stop").returncode == 0
        process.communicate(timeout=50)
    finally:
        process.kill()
        process.communicate()
    assert parked["until"] > parked["at"] + 3000
    provider[1].clear()
    assert keyed.run("bucket", "reset", "work").returncode == 0
    assert keyed.run("bucket", "reset", "spare").returncode == 0
    process = keyed.start("resume", "--progress", "plain")
    try:
        while keyed.run("retry", "01").returncode:
            assert process.poll() is None
        process.communicate(timeout=50)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0


LOGIN = """
[oauth.corp]
client_id = "me"
authorize_url = "https://login.example.com/authorize"
token_url = "https://login.example.com/token"

[[buckets]]
id = "own"
provider = "main"
oauth = "corp"
"""


def test_a_run_says_that_a_bucket_needs_a_login_and_so_does_status(keyed, provider):
    config = keyed.beside / "weighlock.toml"
    config.write_text(config.read_text() + LOGIN)
    provider[1].update({b: (429, {"retry-after": "3600"}) for b in ("work", "spare")})
    process = keyed.start("run", "docs/plan.md", "--progress", "plain")
    try:
        wait_for(keyed, "phase-parked", process)
        status = keyed.run("status").stdout
        logins = json.loads(keyed.run("status", "--json").stdout)["logins"]
        assert keyed.run("stop").returncode == 0
        told = b"".join(filter(None, process.communicate(timeout=50))).decode()
    finally:
        process.kill()
        process.communicate()
    assert "bucket own needs you: weighlock bucket login own" in status
    assert logins == ["own"]
    said = "bucket own needs you: weighlock bucket login own"
    assert told.count(said) == 2  # when it is found out, and in the status at the end


def wait_for(project, kind, process):
    while process.poll() is None:
        found = (
            [e for e in events(project) if e["kind"] == kind]
            if project.journals()
            else []
        )
        if found:
            return found[0]
    raise AssertionError(process.communicate()[0].decode())
