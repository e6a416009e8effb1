"""A person logs in (REQ-1598-FR), only where one is there and it can help."""

import asyncio

import pytest
from pools import (
    MONEY,
    NOBODY,
    OLD,
    QUOTA,
    REFUSED,
    START,
    refused,
    run,
    secret,
    served,
    world,
)


def with_login(*names, succeeds=(), takes=0.0, **settings):
    """Make a world in which logging in succeeds for some buckets."""
    made = world(*names, **settings)
    made.asked = []

    async def login(bucket):
        made.asked.append(bucket.id)
        await made.time.sleep(takes)
        if bucket.id in succeeds:
            made.sources[bucket.id].has = secret(f"{bucket.id}-9", "oauth")
        elif bucket.id + "?" not in succeeds:
            raise RuntimeError("no")

    made.login = login
    return made


def lost(made, *names, why=NOBODY):
    for name in names:
        made.sources[name].has = why
    return made


def test_fl01_fl08_fr01_the_very_bucket_that_needs_it_is_logged_in_to():
    """Three passes in their order: what failed, what else there is, a person."""
    made = lost(with_login("a", "b!", succeeds="b"), "b")
    tried, _ = run(served(made.pool(), {"a": [QUOTA]}))
    assert (tried, made.asked) == (["a", "b"], ["b"])
    told = [(n.what, n.bucket) for n in made.notices]
    assert told == [
        ("left", "a"),
        ("left", "b"),
        ("login-asked", "b"),
        ("login", "b"),
        ("switched", "b"),
    ]


def test_a_single_bucket_can_be_mended():
    made = lost(with_login("a!", succeeds="a"), "a")
    assert run(served(made.pool(), {}))[0] == ["a"]


def test_the_bucket_that_failed_first_can_be_mended_too():
    made = with_login("a!", "b!", succeeds="a")
    lost(made, "b", why=OLD)
    tried, _ = run(served(made.pool(), {"a": [REFUSED]}))
    assert (tried, made.asked) == (["a", "a"], ["a"])


def test_fr03_a_spent_quota_and_a_key_are_no_reason_to_log_in():
    made = with_login("a!", "b")
    error = run(refused(made.pool(), {"a": [QUOTA], "b": [REFUSED]}))
    assert made.asked == []
    assert error.reasons["b"].detail == "rejected-key"


def test_fl10_a_login_that_fails_is_not_tried_again_and_the_next_is_only_named():
    made = lost(with_login("a!", "b!"), "a", "b")
    error = run(refused(made.pool(), {}))
    assert made.asked == ["a"]
    assert error.reasons["a"].reason == "reauth-failed"
    assert error.reasons["b"].reason == "no-token"


def test_more_logins_are_a_setting():
    made = lost(with_login("a!", "b!", succeeds="b", max_reauth=2), "a", "b")
    assert run(served(made.pool(), {}))[0] == ["b"]


def test_fl09_a_login_without_a_token_is_none():
    made = lost(with_login("a!", succeeds=["a?"]), "a")
    assert run(refused(made.pool(), {})).reasons["a"].reason == "reauth-failed"


def test_fr02_fr04_a_person_has_five_minutes():
    made = lost(with_login("a!", "b", succeeds="a", takes=301), "a")
    error = run(refused(made.pool(), {"b": [MONEY]}))
    assert error.reasons["a"].reason == "reauth-timeout"
    assert made.time.now() == pytest.approx(START + 300)


def test_fr05_dc01_a_login_that_took_too_long_is_cancelled():
    made = lost(with_login("a!", takes=1e9), "a")
    ended = []
    inner = made.login

    async def login(bucket):
        try:
            await inner(bucket)
        except asyncio.CancelledError:
            ended.append(bucket.id)
            raise

    made.login = login
    run(refused(made.pool(), {}))
    assert ended == ["a"]


def test_all_requests_that_need_it_wait_for_the_same_login():
    made = lost(with_login("a!", succeeds="a", takes=5), "a")
    pool = made.pool()

    async def many():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(served(pool, {})) for _ in range(5)]
        return [task.result()[0] for task in tasks]

    assert run(many()) == [["a"]] * 5
    assert made.asked == ["a"]


def test_nobody_is_asked_when_another_process_has_logged_in():
    made = lost(with_login("a!", "b"), "a")

    async def story():
        request = made.pool().request("anthropic")
        lease = await request.next()
        made.sources["a"].has = secret("a-7", "oauth")
        lease.failed(QUOTA)
        return (await request.next()).bucket.id

    assert run(story()) == "a"
    assert made.asked == []
