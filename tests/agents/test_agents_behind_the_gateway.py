"""Real agents ask through the gateway while one bucket is spent and another expires.

``make test-agents`` installs the pinned packages and runs this.
"""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.agents

WIRES = {
    "claude": "anthropic",
    "codex": "openai-responses",
    "opencode": "openai-chat",
    "gemini": "gemini",
}
KEYS = {
    "first": "CANARY-first-1234",
    "second": "CANARY-second-1234",
    "third": "CANARY-third-1234",
}
LASTS = 2
"""Answers that the second bucket gives before its key has expired."""

PLAN = """\
# Plan: Greeting

## Phase 1: Hello

**Files to create:**
- `hello.py`

```bash
python3 hello.py
# Expected: hello from the script
```
"""
SCRIPT = [
    {
        "when": "",
        "steps": [
            {"write": "hello.py", "text": "print('hello from the script')\n"},
            {"run": "python3 hello.py"},
            {"say": "Phase 1 is done."},
        ],
    }
]


class Provider(BaseHTTPRequestHandler):
    """A provider in front of the scripted model: it looks at keys first."""

    model = ""
    seen: list[str]

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        shown = str(self.headers)
        bucket = next((b for b, key in KEYS.items() if key in shown), "nobody")
        self.seen.append(bucket)
        if bucket == "first":
            self._refuse(429, {"retry-after": "3600"})
        elif bucket == "nobody" or (
            bucket == "second" and self.seen.count("second") > LASTS
        ):
            self._refuse(401, {})
        else:
            self._pass_on(body)

    def do_GET(self):
        self._pass_on(b"")

    def _refuse(self, status, headers):
        said = {"message": "no", "type": "error", "code": None}
        body = json.dumps({"type": "error", "error": said}).encode()
        self._send(status, {**headers, "content-type": "application/json"}, body)

    def _pass_on(self, body):
        to = http.client.HTTPConnection(urlsplit(self.model).netloc, timeout=100)
        headers = {"content-type": "application/json", "content-length": str(len(body))}
        to.request(self.command, self.path, body, headers)
        answer = to.getresponse()
        kind = {"content-type": answer.getheader("content-type", "application/json")}
        self._send(answer.status, kind, answer.read())
        to.close()

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    """Put providers before models; returns an address and the buckets it saw."""
    running = []

    def start(model):
        seen = []
        handler = type("Told", (Provider,), {"model": model.url, "seen": seen})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}", seen

    yield start
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def config(settings, wire, url):
    lines = [
        f'agent = "{settings.name}"',
        f"[agents.{settings.name}]",
        f'profile = "{settings.name}"',
        f"command = {json.dumps(list(settings.command))}",
        f'model = "{settings.model}"',
        "[providers.main]",
        f'protocol = "{wire}"',
        f'base_url = "{url}"',
    ]
    for bucket in KEYS:
        key = f'key_env = "KEY_{bucket}"'
        lines += ["[[buckets]]", f'id = "{bucket}"', 'provider = "main"', key]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", WIRES)
def test_a_real_agent_finishes_while_buckets_are_spent_and_expire(
    name, real_settings, scripted_model, make_real, provider, tmp_path
):
    project = make_real(tmp_path)
    project.write("docs/one.md", PLAN)
    model = scripted_model(SCRIPT)
    url, seen = provider(model)
    text = config(real_settings(name, model), WIRES[name], url)
    (project.beside / "weighlock.toml").write_text(text, encoding="utf-8")
    project.env |= {f"KEY_{bucket}": key for bucket, key in KEYS.items()}
    project.env["XDG_STATE_HOME"] = str(tmp_path / "state")
    done = project.run("run", "docs/one.md", "--progress", "plain", seconds=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert seen[0] == "first"
    assert {"first", "second", "third"} == set(seen)
    assert seen.count("first") == 1
    report = project.run("report").stdout
    assert "quota-exhausted / quota" in report
    assert "expired-refresh-failed / rejected-key" in report
    status = json.loads(project.run("status", "--json").stdout)
    assert status["calls"]["requests"] >= 2
    assert status["calls"]["tokens"]["output"] > 0
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    leaks = [path for path in written if b"CANARY" in path.read_bytes()]
    assert leaks == []
