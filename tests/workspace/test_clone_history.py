"""Whether the base is still there is read from commit ids, not from what git says."""

import shutil
import zlib

import pytest

from weighlock.git import Git


def test_commits_on_top_of_the_base_keep_it(bench, agent):
    room = bench.open()
    for _ in range(3):
        agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    assert bench.freeze(room).ancestor


def test_a_merge_of_two_own_branches_keeps_the_base(bench, agent):
    room = bench.open()
    agent(room, "switch", "-q", "-c", "side")
    agent(room, "commit", "-q", "--allow-empty", "-m", "side")
    agent(room, "switch", "-q", "work")
    agent(room, "commit", "-q", "--allow-empty", "-m", "main")
    agent(room, "merge", "-q", "--no-edit", "side")
    assert bench.freeze(room).ancestor


def test_a_branch_of_the_agent_s_own_and_packed_refs_are_followed(bench, agent):
    room = bench.open()
    agent(room, "switch", "-q", "-c", "feature/x")
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    agent(room, "pack-refs", "--all")
    assert bench.freeze(room).ancestor


def test_a_detached_head_is_followed(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--detach")
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    assert bench.freeze(room).ancestor


def test_an_amended_base_is_noticed_and_its_content_still_delivered(bench, agent):
    room = bench.open()
    (room.path / "a.txt").write_text("rewritten")
    agent(room, "commit", "-q", "-a", "--amend", "-m", "first")
    delivery = bench.freeze(room)
    assert not delivery.ancestor
    assert delivery.base == bench.base
    assert bench.files(delivery.head)["a.txt"] == b"rewritten"


def test_an_orphan_history_is_noticed(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--orphan", "other")
    agent(room, "commit", "-q", "-m", "from nothing")
    assert not bench.freeze(room).ancestor


def test_a_head_without_a_commit_is_noticed(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--orphan", "unborn")
    assert not bench.freeze(room).ancestor


def test_a_replaced_commit_does_not_hide_a_rewritten_base(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--orphan", "other")
    agent(room, "commit", "-q", "-m", "from nothing")
    made = agent(room, "rev-parse", "HEAD")
    tree = agent(room, "rev-parse", "HEAD^{tree}")
    fake = agent(room, "commit-tree", tree, "-p", bench.base, "-m", "child of base")
    agent(room, "replace", made, fake)
    assert agent(room, "rev-list", "HEAD").endswith(bench.base)
    assert not bench.freeze(room).ancestor


def test_a_graft_does_not_hide_a_rewritten_base(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--orphan", "other")
    agent(room, "commit", "-q", "-m", "from nothing")
    made = agent(room, "rev-parse", "HEAD")
    grafts = room.path / ".git" / "info" / "grafts"
    grafts.write_text(f"{made} {bench.base}\n")
    assert agent(room, "rev-list", "HEAD").endswith(bench.base)
    assert not bench.freeze(room).ancestor


def test_a_forged_object_does_not_hide_a_rewritten_base(bench, agent):
    room = bench.open()
    agent(room, "checkout", "-q", "--orphan", "other")
    agent(room, "commit", "-q", "-m", "from nothing")
    made = agent(room, "rev-parse", "HEAD")
    body = agent(room, "cat-file", "commit", "HEAD").encode() + b"\n"
    agent(room, "commit", "-q", "--allow-empty", "-m", "honest, on top")
    tree, _, rest = body.partition(b"\n")
    body = b"%s\nparent %s\n%s" % (tree, bench.base.encode(), rest)
    loose = room.path / ".git" / "objects" / made[:2] / made[2:]
    loose.chmod(0o644)
    loose.write_bytes(zlib.compress(b"commit %d\0%s" % (len(body), body)))
    assert agent(room, "rev-list", "HEAD").endswith(bench.base)
    assert not bench.freeze(room).ancestor


@pytest.mark.parametrize("head", ["", "ref: ../../x", "ref: refs/heads/none", "0" * 40])
def test_a_broken_head_is_noticed(bench, head):
    room = bench.open()
    (room.path / ".git" / "HEAD").write_text(head + "\n")
    delivery = bench.freeze(room)
    assert not delivery.ancestor
    assert delivery.tree == bench.tree(bench.base)


def test_a_clone_without_its_git_directory_is_noticed(bench):
    room = bench.open()
    shutil.rmtree(room.path / ".git")
    delivery = bench.freeze(room)
    assert not delivery.ancestor
    assert delivery.tree == bench.tree(bench.base)


def test_a_git_directory_that_leads_elsewhere_is_noticed(bench):
    room = bench.open()
    shutil.rmtree(room.path / ".git")
    (room.path / ".git").symlink_to(bench.git.cwd / ".git")
    delivery = bench.freeze(room)
    assert not delivery.ancestor
    assert delivery.tree == bench.tree(bench.base)


def test_a_poisoned_configuration_runs_nothing(bench, agent):
    room = bench.open()
    ran = room.path.parent / "ran"
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    with (room.path / ".git" / "config").open("a") as config:
        config.write(
            "[extensions]\n\tpartialClone = evil\n"
            '[remote "evil"]\n\turl = ext::touch\n\tpromisor = true\n'
            f"\tuploadpack = touch {ran}; true\n"
        )
    shutil.rmtree(room.path / ".git" / "objects" / "pack")
    for loose in (room.path / ".git" / "objects").glob("??/*"):
        loose.unlink()
    assert not bench.freeze(room).ancestor
    assert not ran.exists()
    assert Git(bench.git.cwd).ok("fsck")
