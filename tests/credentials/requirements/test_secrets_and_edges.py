"""What is told (REQ-1598-LD), what is never told (SE), and odd places (EC)."""

import asyncio
import copy
import os
import pickle
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from pools import MONEY, QUOTA, START, refused, run, secret, served, world

from weighlock.config import parse
from weighlock.credentials import Secret, open_pool
from weighlock.credentials.policy.bench import Bench
from weighlock.credentials.policy.credential import Missing
from weighlock.credentials.source import KeySource
from weighlock.credentials.state import private
from weighlock.credentials.state.filebook import FileBook
from weighlock.credentials.state.install import fingerprints
from weighlock.errors import RefusedError
from weighlock.fakes import VirtualClock

CANARY = "sk-canary-5f0c9a"


def opened(folder, names=("one", "two"), **given):
    """Open a real pool in a folder; return it with its clock and what it tells."""
    table = {"protocol": "anthropic", "base_url": "https://p.example"}
    buckets = [{"id": n, "provider": "p", "key_env": n.upper()} for n in names]
    settings = parse(
        {"providers": {"p": table}, "buckets": buckets}, Path("weighlock.toml")
    )
    clock, told = VirtualClock(at=START), []
    pool = open_pool(
        settings,
        environ={n.upper(): f"{CANARY}-{n}" for n in names},
        clock=clock,
        folder=folder,
        tell=told.append,
        **given,
    )
    return pool, clock, told


def test_ld01_to_ld03_ld06_each_turn_is_told_once():
    made = world("a", "b")
    run(refused(made.pool(), {"a": [QUOTA], "b": [MONEY]}))
    told = [(n.what, n.bucket, n.before, n.detail) for n in made.notices]
    assert told == [
        ("left", "a", "", "quota"),
        ("switched", "b", "a", ""),
        ("left", "b", "", "billing"),
        ("exhausted", "", "", ""),
    ]


def test_ld04_ld05_a_login_is_told_with_what_became_of_it():
    made = world("a!")
    made.sources["a"].has = Missing(reason="no-token", detail="not-logged-in")

    async def login(bucket):
        raise RuntimeError(bucket.id + CANARY)

    made.login = login
    run(refused(made.pool(), {}))
    told = [(n.what, n.code) for n in made.notices]
    assert ("login-asked", "") in told
    assert ("login-failed", "RuntimeError") in told
    assert CANARY not in repr(made.notices)


@pytest.mark.parametrize("way", [repr, str, "{}".format, "{!r:>40}".format])
def test_se01_a_secret_is_not_printed(way):
    held = secret(CANARY)
    assert CANARY not in way(Secret(CANARY))
    assert f"secret-{CANARY}" not in way(held)


@pytest.mark.parametrize("way", [pickle.dumps, copy.deepcopy])
def test_se01_a_secret_is_not_pickled_or_copied(way):
    with pytest.raises(TypeError):
        way(Secret(CANARY))


def test_se01_no_secret_is_in_any_file_error_or_notice(tmp_path):
    pool, _, told = opened(tmp_path / "state")
    error = run(refused(pool, {"one": [MONEY], "two": [QUOTA]}))
    written = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    said = repr((error, error.history, error.reasons, told, pool.doors(), pool))
    assert b"billing" in written
    assert CANARY not in said + written.decode(errors="replace")
    assert set(pool.secrets()) == {f"{CANARY}-one", f"{CANARY}-two"}


def test_benches_are_known_to_the_next_process(tmp_path):
    far = replace(QUOTA, retry_at=START + 7200)
    pool, _, _ = opened(tmp_path)
    run(served(pool, {"one": [far]}, model="m"))
    other, _, _ = opened(tmp_path)
    tried, state = run(served(other, {}, model="m"))
    assert tried == ["two"]
    told = state.reasons()["one"]
    assert (told.reason, told.detail) == ("quota-exhausted", "cooling-down")
    assert told.retry_at == START + 7200


def test_another_key_in_the_same_bucket_begins_anew(tmp_path):
    pool, _, _ = opened(tmp_path)
    run(served(pool, {"one": [MONEY]}))
    settings_again = opened(tmp_path, names=("one", "two"))[0]
    settings_again.sources["one"].environ = {"ONE": "another"}
    assert run(served(settings_again, {}))[0] == ["one"]


def test_the_state_is_this_users_alone(tmp_path):
    before = os.umask(0)
    try:
        pool, _, _ = opened(tmp_path / "state")
        run(served(pool, {"one": [MONEY]}))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    modes = {
        p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "state").iterdir()
    }
    assert set(modes.values()) == {0o600}, modes


def test_what_stands_for_a_key_is_the_same_on_this_installation_alone(tmp_path):
    one, again, other = (fingerprints(tmp_path / name) for name in "aab")
    assert one(CANARY) == again(CANARY) != one(CANARY + "x")
    assert other(CANARY) != one(CANARY)


def test_fl14_without_a_disk_failover_goes_on_in_memory(tmp_path):
    (tmp_path / "state").write_text("a file where a folder should be")
    pool, _, told = opened(tmp_path / "state")
    assert run(served(pool, {"one": [MONEY]}))[0] == ["one", "two"]
    assert run(served(pool, {}))[0] == ["two"]
    assert [n.what for n in told].count("state") == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"benches": 3}', '{"benches": {"a": {"until": "x"}}}', "\x00" * 9],
)
def test_a_torn_file_of_benches_holds_none(tmp_path, text):
    (tmp_path / "benches.json").write_text(text)
    (tmp_path / "benches.json").chmod(0o600)
    book = FileBook(tmp_path, lambda: START, lambda _: None)
    assert dict(book.read()) == {}
    bench = Bench(
        since=START, until=START + 9, probe_at=START, reason="skipped", detail=""
    )
    book.change("k", lambda _: bench)
    fresh = FileBook(tmp_path, lambda: START, lambda _: None)
    assert fresh.read()["k"] == bench


def test_what_another_process_benches_is_seen_a_moment_later(tmp_path):
    clock = VirtualClock(at=START)
    mine = FileBook(tmp_path, clock.now, lambda _: None)
    other = FileBook(tmp_path, clock.now, lambda _: None)
    assert dict(mine.read()) == {}
    bench = Bench(
        since=START, until=START + 9, probe_at=START, reason="skipped", detail=""
    )
    other.change("k", lambda _: bench)
    clock.at += 0.1
    assert mine.read() == {"k": bench}
    mine.change("l", lambda _: bench)
    clock.at += 0.1
    assert set(other.read()) == {"k", "l"}


def test_a_link_in_place_of_a_file_of_secrets_is_refused(tmp_path):
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises((RefusedError, OSError)):
        private.read(tmp_path / "link")


def key(**given):
    source = KeySource(fingerprint=lambda text: f"v{len(text)}", **given)
    return asyncio.run(source.get())


def test_cl03_an_unset_variable_is_no_token():
    got = key(variable="X", environ={"X": "  "})
    assert (got.reason, got.detail) == ("no-token", "unset")


def test_ec02_cl04_a_key_that_cannot_be_read_is_no_token(tmp_path):
    (tmp_path / "k").write_bytes(b"\xff\xfe")
    (tmp_path / "two").write_text("first\nsecond")
    for path in (tmp_path, tmp_path / "k", tmp_path / "two"):
        assert key(file=path).detail == "unreadable"


def test_ec02_cl04_the_next_bucket_serves_and_it_is_told(tmp_path):
    pool, _, told = opened(tmp_path / "state")
    pool.sources["one"].file = tmp_path
    tried, state = run(served(pool, {}))
    assert tried == ["two"]
    assert state.reasons()["one"].reason == "no-token"
    assert [(n.what, n.detail) for n in told] == [("left", "unreadable")]


def test_a_key_file_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "k"
    path.write_text("one\n")
    source = KeySource(fingerprint=str, file=path)
    first = source.version()
    path.write_text("other\n")
    assert (first, source.version()) == ("one", "other")


def test_a_header_carries_a_key_as_its_protocol_wants():
    held = secret("k")
    assert "x-api-key" in held.headers("anthropic")
    assert "x-goog-api-key" in held.headers("gemini")
    assert held.headers("openai-chat")["authorization"].startswith("Bearer ")
    assert "authorization" in secret("k", "oauth").headers("anthropic")
