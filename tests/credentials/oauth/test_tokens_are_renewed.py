"""Refresh with rotation: once, whoever asks, in whatever process (REQ-1598-CL, EC)."""

import asyncio
import stat
import subprocess
import sys
import textwrap

import pytest
from oauth_server import START, AuthServer, Browser, Hurry

from weighlock.credentials.policy.credential import Credential, Missing


def story(tmp_path, act, server=None, **client):
    """Log in, then act on (server, clock, source); return what came of it."""
    server, clock, browser = server or AuthServer(), Hurry(), Browser()

    async def go():
        async with server.serving():
            source = server.source(tmp_path, clock, **client)
            await source.log_in(browser.show)
            await browser.went
            server.forms.clear()
            return await act(server, clock, source)

    return asyncio.run(go())


def asked(server):
    return [form["refresh_token"] for form in server.forms]


def test_fl04_fl05_ec04_a_token_that_ran_out_is_renewed_when_it_is_used(tmp_path):
    async def act(server, clock, source):
        before = await source.get()
        clock.at += server.life
        return before, await source.get()

    before, after = story(tmp_path, act)
    assert before.version != after.version
    assert after.expires_at > START + 3600


def test_a_fresh_token_is_not_renewed(tmp_path):
    async def act(server, _, source):
        await source.get()
        return server.forms

    assert story(tmp_path, act) == []


def test_fl18_near_its_end_a_token_is_renewed_and_used_all_the_same_if_that_fails(
    tmp_path,
):
    async def act(server, clock, source):
        clock.at += server.life - 20
        server.answers.append((503, {}))
        return await source.get(), server.forms

    got, forms = story(tmp_path, act)
    assert isinstance(got, Credential)
    assert len(forms) == 1


def test_a_refresh_token_is_used_once_however_many_ask_at_once(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(source.get()) for _ in range(20)]
        return server, {task.result().version for task in tasks}

    server, versions = story(tmp_path, act)
    assert len(asked(server)) == 1
    assert len(versions) == 1


def test_two_processes_share_a_rotation_and_the_loser_adopts_it(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        others = [server.source(tmp_path, clock) for _ in range(3)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(s.get()) for s in (source, *others)]
        return server, {t.result().secret.reveal() for t in tasks}

    server, secrets = story(tmp_path, act)
    assert len(asked(server)) == len(secrets) == 1
    assert not server.spent & server.good


def test_who_gives_up_waiting_stops_no_renewal(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        server.slow = came, go_on = asyncio.Event(), asyncio.Event()
        task = asyncio.ensure_future(source.get())
        await came.wait()
        task.cancel()
        await asyncio.wait({task})
        go_on.set()
        server.slow = None
        return server, await source.get()

    server, got = story(tmp_path, act)
    assert isinstance(got, Credential)
    assert len(asked(server)) == 1


def test_an_answer_without_a_refresh_token_leaves_the_old_one(tmp_path):
    async def act(server, clock, source):
        server.rotates = False
        for _ in range(2):
            clock.at += server.life
            await source.get()
        return asked(server)

    first, second = story(tmp_path, act)
    assert first == second


def test_an_answer_that_comes_in_pieces_loses_no_token(tmp_path):
    async def act(server, clock, source):
        server.pieces = 7
        clock.at += server.life
        return await source.get()

    assert isinstance(story(tmp_path, act), Credential)


def test_a_grant_that_was_revoked_is_lost_for_good(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        server.good.clear()
        return await source.get()

    got = story(tmp_path, act)
    assert got == Missing(
        reason="expired-refresh-failed", detail="expired", permanent=True
    )


def test_after_a_passing_fault_the_server_is_left_alone_for_a_while(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        server.answers.append((500, {}))
        failed = [await source.get(), await source.get()]
        clock.at += 31
        return failed, await source.get(), len(server.forms)

    failed, got, calls = story(tmp_path, act)
    assert all(isinstance(f, Missing) and not f.permanent for f in failed)
    assert isinstance(got, Credential)
    assert calls == 2


def test_the_tokens_lie_in_a_file_that_nobody_else_may_read(tmp_path):
    async def act(_, __, source):
        return source.store.path

    path = story(tmp_path, act)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("harm", ["link", "open"])
def test_a_file_that_others_could_have_written_is_not_believed(tmp_path, harm):
    async def act(server, clock, source):
        path = source.store.path
        if harm == "open":
            path.chmod(0o644)
        else:
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")
        return await server.source(tmp_path, clock).get()

    got = story(tmp_path, act)
    assert got == Missing(reason="no-token", detail="unreadable", permanent=True)


def test_a_disk_that_is_full_costs_no_login(tmp_path):
    async def act(server, clock, source):
        clock.at += server.life
        save, source.store.save = source.store.save, full
        got = await source.get()
        source.store.save = save
        clock.at += server.life
        return got, await source.get(), server

    def full(_):
        raise OSError(28, "No space left on device")

    got, later, server = story(tmp_path, act)
    assert isinstance(got, Credential)
    assert isinstance(later, Credential)
    assert not server.spent & server.good


def test_cl08_ec01_a_token_whose_file_names_no_end_counts_as_expired(tmp_path):
    async def act(server, _, source):
        text = source.store.path.read_text()
        source.store.path.write_text(text.replace("expires_at", "nothing"))
        await source.get()
        return len(server.forms)

    assert story(tmp_path, act) == 1


def test_logging_out_revokes_both_tokens_and_removes_them(tmp_path):
    async def act(server, _, source):
        held = set(source.reveal())
        done = await source.log_out()
        return done, set(server.revoked) == held, await source.get()

    done, both, got = story(tmp_path, act)
    assert done == (True, True)
    assert both
    assert got == Missing(reason="no-token", detail="not-logged-in", permanent=True)


def test_a_lock_that_is_never_given_back_is_not_waited_for_for_ever(tmp_path):
    from filelock import FileLock

    async def act(server, clock, source):
        clock.at += server.life
        with FileLock(source.store.lock):
            return await source.get()

    got = story(tmp_path, act)
    assert got == Missing(reason="expired-refresh-failed", detail="stalled")


def test_a_pool_renews_ahead_of_time_while_it_serves(tmp_path):
    from weighlock.credentials import Bucket, BucketPool, Upstream

    async def act(server, clock, source):
        upstream = Upstream(name="p", wire="gemini", base_url=server.url)
        bucket = Bucket(id="b", upstream=upstream, kind="oauth")
        pool = BucketPool([bucket], {"b": source}, clock=clock)
        renewed = asyncio.Event()
        source.tell = lambda notice: notice.what == "renewed" and renewed.set()
        async with pool.renewing():
            await renewed.wait()
            at = clock.now()
        seen = clock.now()
        await asyncio.sleep(0.01)
        assert clock.now() == seen, "the timer outlives the block"
        return at - START

    assert 0.75 * 3600 <= story(tmp_path, act) <= 0.8 * 3600 + 120


def test_a_person_is_asked_for_once_by_the_timer_and_by_a_request(tmp_path):
    from weighlock.credentials import AllBucketsExhausted, Bucket, BucketPool, Upstream

    async def act(server, clock, source):
        upstream = Upstream(name="p", wire="gemini", base_url=server.url)
        bucket = Bucket(id="b", upstream=upstream, kind="oauth")
        told, stopped = [], asyncio.Event()

        def tell(notice):
            told.append(notice.what)
            if notice.what == "reauth-required":
                stopped.set()

        pool = BucketPool([bucket], {"b": source}, clock=clock, tell=tell)
        server.good.clear()
        async with pool.renewing():
            await stopped.wait()
        clock.at += server.life
        with pytest.raises(AllBucketsExhausted):
            await pool.request("gemini").next()
        return told

    told = story(tmp_path, act)
    assert told == ["renewal-stopped", "reauth-required", "left", "exhausted"]


TWO = """
import asyncio, pathlib, sys
sys.path[:0] = [{tools!r}]
from oauth_server import AuthServer, Hurry
server, clock = AuthServer(url={url!r}), Hurry(at={at})
source = server.source(pathlib.Path({folder!r}), clock)
async def real(_): await asyncio.sleep(0.01)
clock.sleep = real
print(asyncio.run(source.get()).secret.reveal())
"""


@pytest.mark.slow
def test_real_processes_share_one_rotation(tmp_path):
    async def act(server, clock, source):
        code = TWO.format(
            tools=sys.modules["oauth_server"].__file__.rpartition("/")[0],
            url=server.url,
            at=clock.at + server.life,
            folder=str(tmp_path),
        )
        del source
        async with asyncio.TaskGroup() as group:
            made = [
                group.create_task(
                    asyncio.create_subprocess_exec(
                        *(sys.executable, "-c", textwrap.dedent(code)),
                        stdout=subprocess.PIPE,
                    )
                )
                for _ in range(3)
            ]
        said = [(await task.result().communicate())[0] for task in made]
        return server, {text.decode().strip() for text in said}

    server, secrets = story(tmp_path, act)
    assert len(asked(server)) == len(secrets) == 1
