"""``bucket``: credentials are added, shown, tried, logged in to and removed."""

import asyncio
import json
import stat
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals

KEY = "sk-canary-0123456789"
EVIL = ["--base-url", "http://evil.example"]
BODIES = {
    "/token": {"access_token": "at-canary", "refresh_token": "rt", "expires_in": 3600},
    "/revoke": {},
    "/v1/models": {"data": []},
}


class Upstream(BaseHTTPRequestHandler):
    """A provider and an authorisation server in one."""

    def do_GET(self):
        given = self.headers.get("x-api-key", "")
        self._answer(200 if given == KEY else 401, {"error": {"type": "x"}})

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self._answer(200, BODIES[self.path])

    def _answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Upstream)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def call(tmp_path, monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Return what calls weighlock in an empty folder, with an empty HOME."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("WORK_KEY", raising=False)
    (tmp_path / "at").mkdir()
    monkeypatch.chdir(tmp_path / "at")

    def act(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["weighlock", "bucket", *words])
        code = guarded(cli, Globals())
        said = capsys.readouterr()
        return code, said.out, said.err

    return act


def text(tmp_path):
    return (tmp_path / "at" / "weighlock.toml").read_text()


def work(call, url="https://api.example"):
    options = ("--protocol", "anthropic", "--base-url", url, "--key-env", "WORK_KEY")
    assert call("add", "work", "--provider", "main", *options)[0] == 0


def corp(call, url):
    options = (
        *("--protocol", "openai-chat", "--base-url", url, "--oauth", "id"),
        *("--client-id", "c", "--token-url", f"{url}/token"),
        *("--authorize-url", f"{url}/go", "--revoke-url", f"{url}/revoke"),
    )
    assert call("add", "corp", "--provider", "gw", *options)[0] == 0


def test_a_well_known_provider_needs_no_address(call, tmp_path):
    code, _, said = call(
        *("add", "work", "--provider", "anthropic", "--key-env", "WORK_KEY")
    )
    assert code == 0
    assert "WORK_KEY is not set here" in said
    assert 'base_url = "https://api.anthropic.com"' in text(tmp_path)


def test_what_stood_in_the_file_stands_there_after_adding_and_removing(call, tmp_path):
    before = '# mine\njobs = 3 # three\n\n[[buckets]]\nid = "a"\nprovider = "p"\n'
    before += 'key_env = "A"\n\n# about p\n[providers.p]\nprotocol = "gemini"\n'
    before += 'base_url = "https://p.example"'
    (tmp_path / "at" / "weighlock.toml").write_text(before)
    assert call("add", "b", "--provider", "p", "--key-env", "B")[0] == 0
    assert text(tmp_path).startswith(before)
    assert call("remove", "b")[0] == 0
    assert text(tmp_path).rstrip("\n") == before
    assert call("remove", "a")[0] == 0
    assert "# about p\n[providers.p]" in text(tmp_path)
    assert "# mine" in text(tmp_path)


def test_a_configuration_in_pyproject_gets_tables_of_its_own_name(call, tmp_path):
    shared = tmp_path / "at" / "pyproject.toml"
    shared.write_text("[tool.weighlock]\njobs = 3\n")
    work(call)
    assert "[[tool.weighlock.buckets]]" in shared.read_text()
    assert call("remove", "work")[0] == 0
    assert "buckets" not in shared.read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--provider", "antropic", "--key-env", "A"], "did you mean 'anthropic'?"),
        (["--provider", "new", "--key-env", "A"], "--protocol"),
        (["--provider", "anthropic"], "give one of key_env, key_file and oauth"),
        (["--provider", "anthropic", "--key-env", KEY], "not the name of an env"),
        (["--provider", "anthropic", "--oauth", "x"], "no table [oauth.x]"),
        (
            ["--provider", "anthropic", "--key-env", "A", "--client-id", "x"],
            "--oauth NAME",
        ),
        (
            ["--provider", "x", "--protocol", "gemini", *EVIL, "--key-env", "A"],
            "plain http",
        ),
    ],
)
def test_bad_input_gets_one_message_and_leaves_no_file(call, tmp_path, options, says):
    code, out, said = call("add", "b", *options)
    assert code == 2
    assert says in said
    assert KEY not in out + said
    assert not (tmp_path / "at" / "weighlock.toml").exists()


def test_a_name_twice_is_refused(call):
    work(call)
    code, _, said = call("add", "WORK", "--provider", "main", "--key-env", "B")
    assert code == 2
    assert "two buckets have the id" in said


@pytest.mark.parametrize("verb", ["login", "reset", "test", "remove"])
def test_a_name_that_is_not_there_is_one_message(call, verb):
    work(call)
    code, _, said = call(verb, "wrok")
    assert code == 2
    assert "did you mean 'work'?" in said


def test_without_a_bucket_the_next_step_is_told(call):
    code, _, said = call()
    assert code == 5
    assert "weighlock bucket add" in said


def test_a_bucket_is_shown_with_the_place_of_its_key_and_not_the_key(call, monkeypatch):
    work(call)
    monkeypatch.setenv("WORK_KEY", KEY)
    code, out, said = call("list")
    assert (code, out) == (0, "work  main         ready\n")
    assert "$WORK_KEY" in said
    assert KEY not in out + said


def test_a_bench_is_shown_and_reset(call, monkeypatch, tmp_path):
    from weighlock.config import find
    from weighlock.credentials import Hint, open_pool
    from weighlock.fakes import VirtualClock

    work(call)
    monkeypatch.setenv("WORK_KEY", KEY)
    far = 4e9
    pool = open_pool(
        find(tmp_path / "at", None),
        environ={"WORK_KEY": KEY},
        clock=VirtualClock(at=far - 100),
    )

    async def spend():
        hint = Hint(fault="quota", detail="quota", scope="model", retry_at=far)
        (await pool.request("anthropic", model="m").next()).failed(hint)

    asyncio.run(spend())
    _, out, _ = call("list", "--json")
    [shown] = json.loads(out)["buckets"]
    assert [b["model"] for b in shown["benches"]] == ["m"]
    assert (shown["state"], shown["detail"]) == ("ready", "for other models")
    assert json.loads(call("reset", "work", "--json")[1])["cleared"] == {"work": 1}
    assert json.loads(call("list", "--json")[1])["buckets"][0]["benches"] == []


def test_a_key_is_tried_for_real(call, monkeypatch, upstream):
    work(call, upstream)
    assert call("test")[0] == 7
    monkeypatch.setenv("WORK_KEY", "wrong")
    code, out, _ = call("test", "work", "--json")
    assert (code, json.loads(out)["buckets"][0]["state"]) == (7, "refused")
    monkeypatch.setenv("WORK_KEY", KEY)
    code, out, said = call("test")
    assert (code, out) == (0, "work: ok (200)\n")
    assert KEY not in out + said


def test_a_person_logs_in_and_out(call, monkeypatch, upstream, tmp_path):
    def browser(address):
        asked = parse_qs(urlsplit(address).query)
        back = f"{asked['redirect_uri'][0]}?code=c&state={asked['state'][0]}"
        threading.Thread(target=go, args=(back,)).start()

    def go(address):
        urlopen(address).close()  # noqa: S310 - it is our own

    corp(call, upstream)
    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setenv("DISPLAY", ":0")
    code, out, said = call("login", "corp")
    assert code == 0, said
    assert "logged in to corp; good until" in out
    [kept] = (tmp_path / "home").rglob("tokens/corp-*.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "canary" not in out + said + call("list", "--json")[1] + text(tmp_path)
    assert json.loads(call("remove", "corp", "--json")[1]) == {
        "schema": "weighlock/removed/1",
        "bucket": "corp",
        "tokens": True,
        "revoked": True,
    }
    assert not kept.exists()


def test_line_ends_stay_as_they_are(call, tmp_path):
    file = tmp_path / "at" / "weighlock.toml"
    file.write_bytes(b"jobs = 3\r\n")
    work(call)
    call("add", "more", "--provider", "main", "--key-env", "B")
    call("remove", "work")
    assert file.read_bytes().startswith(b"jobs = 3\r\n")


def test_a_bucket_with_a_key_has_no_login(call):
    work(call)
    code, _, said = call("login", "work")
    assert code == 2
    assert "its key comes from $WORK_KEY" in said
