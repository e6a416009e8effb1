"""A room: a clone for one attempt, apart from everything of the user's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from weighlock.errors import RefusedError
from weighlock.git import Git, GitError
from weighlock.workspace import clones
from weighlock.workspace.room import MARKER


def test_a_room_holds_the_base_on_a_branch_of_its_own(bench, agent):
    room = bench.open()
    assert (room.path / "a.txt").read_text() == "one\n"
    assert agent(room, "rev-parse", "HEAD") == bench.base
    assert agent(room, "branch", "--show-current") == "work"
    assert agent(room, "status", "--porcelain") == ""


def test_a_room_lies_outside_the_repository_under_the_project_s_name(bench):
    room = bench.open()
    assert not room.path.is_relative_to(bench.git.cwd)
    assert room.path.name == "project"


def test_nothing_of_other_branches_tags_or_remotes_is_visible(bench, agent):
    bench.git.run("switch", "-q", "-c", "secret")
    (bench.git.cwd / "answer").write_text("42")
    bench.git.run("add", "answer")
    bench.git.run("commit", "-q", "-m", "the answer")
    bench.git.run("tag", "v1")
    bench.git.run("remote", "add", "origin", "/nowhere")
    room = bench.open()
    assert agent(room, "for-each-ref", "--format=%(refname)") == "refs/heads/work"
    assert agent(room, "remote") == ""
    assert agent(room, "log", "--all", "--format=%s") == "first"


def test_an_agent_can_commit_in_its_room(bench, agent):
    room = bench.open()
    (room.path / "b.txt").write_text("two")
    agent(room, "add", "-A")
    agent(room, "commit", "-q", "-m", "work")
    assert agent(room, "log", "-1", "--format=%an") == "agent"


def test_what_happens_in_a_room_stays_out_of_the_repository(bench, agent):
    before = bench.git.text("for-each-ref"), bench.git.text("config", "--list")
    room = bench.open()
    agent(room, "config", "core.hooksPath", "/tmp/evil")
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    agent(room, "branch", "mine")
    assert (bench.git.text("for-each-ref"), bench.git.text("config", "--list")) == (
        before
    )


def test_the_user_s_hooks_and_filters_do_not_run_in_a_room(bench, tmp_path: Path):
    hook = bench.git.cwd / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    bench.git.run("config", "filter.loud.smudge", f"tee {tmp_path}/ran")
    (bench.git.cwd / ".gitattributes").write_text("* filter=loud\n")
    bench.git.run("add", "-A")
    bench.git.run("commit", "-q", "-m", "attributes")
    bench.open(base=bench.git.text("rev-parse", "HEAD"))
    assert not (tmp_path / "ran").exists()


def test_a_room_can_start_from_what_a_failed_attempt_delivered(bench, agent):
    first = bench.open()
    (first.path / "new.txt").write_text("kept")
    (first.path / "a.txt").unlink()
    delivery = bench.freeze(first)
    room = bench.open(start=delivery.tree)
    assert sorted(p.name for p in room.path.iterdir()) == [".git", "new.txt"]
    assert agent(room, "rev-parse", "HEAD") == bench.base
    assert agent(room, "status", "--porcelain") == "D a.txt\n?? new.txt"
    assert bench.freeze(room).tree == delivery.tree


def test_an_ignored_file_that_was_delivered_before_is_delivered_again(bench, agent):
    first = bench.open()
    (first.path / ".gitignore").write_text("*.gen\n")
    (first.path / "out.gen").write_text("x")
    agent(first, "add", "-f", "out.gen")
    agent(first, "commit", "-q", "-m", "x")
    delivery = bench.freeze(first)
    room = bench.open(start=delivery.head)
    assert "out.gen" in bench.files(bench.freeze(room).head)


def test_closing_a_room_leaves_nothing_whatever_its_modes(bench):
    room = bench.open()
    locked = room.path / "locked"
    locked.mkdir()
    (locked / "file").write_text("x")
    (room.path / "out").symlink_to(bench.git.cwd)
    locked.chmod(0)
    bench.close(room)
    assert not room.path.parent.exists()
    assert (bench.git.cwd / "a.txt").exists()


def test_closing_twice_is_closing_once(bench):
    room = bench.open()
    bench.close(room)
    bench.close(room)


def test_only_rooms_can_be_closed(bench):
    import dataclasses

    elsewhere = dataclasses.replace(bench.open(), path=bench.git.cwd)
    with pytest.raises(RefusedError, match="not a workspace of ours"):
        bench.close(elsewhere)
    assert bench.git.cwd.exists()


def test_sweeping_takes_what_dead_runs_left_and_nothing_else(bench):
    mine, dead, strange = bench.open("01"), bench.open("02"), bench.open("03")
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    marker = dead.path.parent / MARKER
    owner = json.loads(marker.read_text())
    marker.write_text(json.dumps(owner | {"pid": child.pid}))
    (strange.path.parent / MARKER).write_text("{torn")
    assert bench.space.sweep() == (dead.path.parent,)
    assert mine.path.exists()
    assert strange.path.exists()
    assert not dead.path.exists()


def test_a_reused_pid_does_not_protect_a_leftover(bench):
    room = bench.open()
    marker = room.path.parent / MARKER
    owner = json.loads(marker.read_text())
    assert owner["pid"] == os.getpid()
    marker.write_text(json.dumps(owner | {"started": owner["started"] - 1}))
    assert bench.space.sweep() == (room.path.parent,)


def test_a_room_on_another_machine_is_left_alone(bench):
    room = bench.open()
    marker = room.path.parent / MARKER
    owner = json.loads(marker.read_text())
    marker.write_text(json.dumps(owner | {"pid": 2**30, "host": "elsewhere"}))
    assert bench.space.sweep() == ()


def test_a_repository_that_borrows_objects_can_be_cloned(bench, tmp_path: Path):
    root = tmp_path / 'bor"rowed'
    Git(tmp_path).run("clone", "-q", "--shared", str(bench.git.cwd), str(root))
    again = tmp_path / "twice"
    Git(tmp_path).run("clone", "-q", "--shared", str(root), str(again))
    git = Git(again)
    space = clones(
        again,
        "weighlock/x",
        base=bench.base,
        cache=tmp_path / "cache",
        state=git.common_dir() / "weighlock",
    )
    assert len(space.source.stores) == 3
    import asyncio

    room = asyncio.run(space.open("01", 1, bench.base))
    assert asyncio.run(space.freeze(room)).tree == bench.tree(bench.base)


def test_a_shallow_repository_can_be_cloned(bench, agent, tmp_path: Path):
    (bench.git.cwd / "b").write_text("x")
    bench.git.run("add", "-A")
    bench.git.run("commit", "-q", "-m", "second")
    root, url = tmp_path / "shallow", bench.git.cwd.as_uri()
    Git(tmp_path).run("clone", "-q", "--depth=1", url, str(root))
    base = Git(root).text("rev-parse", "HEAD")
    state = root / ".git" / "weighlock"
    space = clones(root, "weighlock/x", base=base, cache=tmp_path, state=state)
    import asyncio

    room = asyncio.run(space.open("01", 1, base))
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    assert agent(room, "log", "--format=%s") == "x\nsecond"
    assert asyncio.run(space.freeze(room)).ancestor


def test_a_linked_work_tree_of_the_user_is_a_repository_too(bench, tmp_path: Path):
    linked = tmp_path / "linked"
    bench.git.run("worktree", "add", "-q", "--detach", str(linked))
    state = bench.git.common_dir() / "weighlock"
    space = clones(linked, "weighlock/y", base=bench.base, cache=tmp_path, state=state)
    assert space.source.common == bench.git.common_dir()


def test_a_sparse_checkout_of_the_user_does_not_thin_the_room(make):
    def fill(root: Path) -> None:
        for name in ("in", "out"):
            (root / name).mkdir()
            (root / name / "f").write_text(name)

    bench = make(fill)
    bench.git.run("sparse-checkout", "set", "in")
    assert not (bench.git.cwd / "out").exists()
    assert (bench.open().path / "out" / "f").exists()


def test_a_cache_that_cannot_be_written_is_refused_plainly(bench, tmp_path: Path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(RefusedError, match="a workspace cannot be made"):
        bench.open()


def test_a_branch_that_is_checked_out_is_refused_with_its_place(bench):
    bench.git.run("switch", "-q", "-c", "weighlock/demo")
    with pytest.raises(RefusedError, match="is checked out") as caught:
        clones(
            bench.git.cwd,
            "weighlock/demo",
            base=bench.base,
            cache=bench.place,
            state=bench.place,
        )
    assert caught.value.where == str(bench.git.cwd)
    assert caught.value.exit_code == 6


def test_a_room_that_cannot_be_filled_leaves_nothing(bench):
    blob = bench.git.text("rev-parse", "HEAD:a.txt")
    (bench.git.cwd / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitError):
        bench.open()
    assert list(bench.space.rooms.iterdir()) == []


@pytest.mark.slow
def test_a_full_or_read_only_disk_is_one_clear_message(tmp_path: Path):
    if not _can_mount():
        pytest.skip("needs to mount a small file system")
    for name in ("small", "large", "repo"):
        (tmp_path / name).mkdir()
    mounts = "mount -t tmpfs -o size=40k x small; mount -t tmpfs -o size=600k x repo"
    script = Path(__file__).with_name("on_a_small_disk.py")
    done = subprocess.run(
        [
            *("unshare", "-m", "sh", "-c", f'{mounts}; exec "$@"', "sh"),
            *(sys.executable, str(script), "."),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in said] == ["RefusedError"] * 5, done
    assert ["full" in line for line in said] == [True, True, False, False, False]
    assert all("read-only" in line for line in said[2:])


def _can_mount() -> bool:
    try:
        argv = ["unshare", "-m", "mount", "-t", "tmpfs", "x", "/mnt"]
        return subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False
