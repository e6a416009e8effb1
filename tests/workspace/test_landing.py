"""What passed lands on one branch, by comparison, and can be taken back."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from weighlock.errors import RefusedError, TamperedError
from weighlock.fakes import VirtualClock
from weighlock.workspace import clones


def landed(bench, phase: str = "01", **files: str) -> str:
    """Deliver files, land them, and return the new commit."""
    delivery = bench.delivered(phase, **files)
    new = bench.land(bench.combine(delivery), phase=phase)
    assert new is not None
    return new


def test_the_branch_is_made_at_the_base_and_then_kept(bench):
    assert bench.tip() == bench.base
    assert bench.git.resolve("refs/heads/weighlock/demo") == bench.base
    new = landed(bench, x="1")
    assert bench.tip() == new


def test_a_branch_in_the_way_is_named(bench):
    bench.git.run("branch", "weighlock")
    with pytest.raises(RefusedError, match="cannot be made") as caught:
        bench.tip()
    assert "git branch -m weighlock" in caught.value.hint


def test_work_on_the_tip_itself_needs_no_merge(bench):
    delivery = bench.delivered(x="1")
    merged = bench.combine(delivery)
    assert (merged.commit, merged.tree) == (delivery.head, delivery.tree)
    assert merged.paths == ("x",)


def test_a_landed_commit_holds_work_edits_and_message(bench):
    merged = bench.combine(bench.delivered(x="1"))
    new = bench.land(merged, {"plan/.completed/P01.md": b"done\n", "a.txt": b"two\n"})
    assert bench.files(new) == {
        "a.txt": b"two\n",
        "plan/.completed/P01.md": b"done\n",
        "x": b"1",
    }
    shown = bench.git.text("show", "-s", "--format=%P|%an|%cn|%s", new)
    assert shown == f"{bench.base}|weighlock|weighlock|demo: 01"
    bench.git.run("fsck", "--strict", new)


def test_an_edit_keeps_the_mode_of_the_file(make):
    def fill(root):
        (root / "run.sh").write_text("old")
        (root / "run.sh").chmod(0o755)

    bench = make(fill)
    new = bench.land(bench.combine(bench.delivered(x="1")), {"run.sh": b"new"})
    assert bench.mode(new, "run.sh") == "100755"
    assert bench.files(new)["run.sh"] == b"new"


def test_a_landed_commit_carries_the_clock_s_time(bench):
    space = clones(
        bench.git.cwd,
        bench.space.branch.name,
        base=bench.base,
        cache=bench.place / "cache",
        state=bench.place / "state",
        clock=VirtualClock(at=1_800_000_000.7),
    )
    merged = bench.combine(bench.delivered(x="1"))
    new = asyncio.run(space.land(merged, {}, "m\n"))
    assert bench.git.text("show", "-s", "--format=%at %ct %ci", new) == (
        "1800000000 1800000000 2027-01-15 08:00:00 +0000"
    )


def test_two_deliveries_side_by_side_are_merged(bench):
    one = bench.delivered("01", x="1")
    two = bench.delivered("02", y="2")
    first = bench.land(bench.combine(one), phase="01")
    merged = bench.combine(two)
    assert (merged.base, merged.conflicts, merged.paths) == (first, (), ("y",))
    assert bench.files(merged.commit) == {"a.txt": b"one\n", "x": b"1", "y": b"2"}
    new = bench.land(merged, phase="02")
    assert bench.git.text("rev-list", "--parents", "-1", new) == f"{new} {first}"


def test_combining_the_same_twice_gives_the_same_commit(bench):
    one, two = bench.delivered("01", x="1"), bench.delivered("02", y="2")
    bench.land(bench.combine(one))
    assert bench.combine(two) == bench.combine(two)


def test_of_two_that_land_on_one_tip_the_second_is_told_to_merge_again(bench):
    one = bench.combine(bench.delivered("01", x="1"))
    two = bench.combine(bench.delivered("02", y="2"))
    first = bench.land(one)
    assert bench.land(two) is None
    assert bench.tip() == first


def test_of_many_that_land_at_once_exactly_one_wins(bench):
    merged = [bench.combine(bench.delivered(f"0{n}", x=str(n))) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(bench.land, merged))
    (winner,) = [r for r in results if r is not None]
    assert bench.tip() == winner


def test_a_conflict_is_a_value_that_names_its_paths(bench):
    one = bench.delivered("01", **{"a.txt": "ours\n", "free": "1"})
    two = bench.delivered("02", **{"a.txt": "theirs\n"})
    tip = bench.land(bench.combine(one))
    merged = bench.combine(two)
    assert merged.conflicts == ("a.txt",)
    assert b"<<<<<<<" in bench.files(merged.tree)["a.txt"]
    assert bench.tip() == tip
    with pytest.raises(ValueError, match="conflicts"):
        bench.land(merged)


def test_a_conflict_between_deleting_and_changing_is_one_path(bench):
    room = bench.open("01", bench.tip())
    (room.path / "a.txt").unlink()
    gone = bench.freeze(room)
    changed = bench.delivered("02", **{"a.txt": "changed\n"})
    bench.land(bench.combine(gone))
    assert bench.combine(changed).conflicts == ("a.txt",)


def test_a_merge_driver_chosen_by_the_tree_is_not_run(bench):
    ran = bench.place / "ran"
    bench.git.run("config", "merge.evil.driver", f"touch {ran}")
    names = {".gitattributes": "*.txt merge=evil\n", "a.txt": "1\n"}
    one, two = bench.delivered("01", **names), bench.delivered("02", **{"a.txt": "2\n"})
    bench.land(bench.combine(one))
    assert bench.combine(two).conflicts == ("a.txt",)
    assert not ran.exists()


def test_work_on_a_base_that_was_taken_back_is_refused(bench):
    landed(bench, "01", x="1")
    late = bench.delivered("02", y="2")
    asyncio.run(bench.space.restore(bench.base))
    with pytest.raises(RefusedError, match="no longer on the branch"):
        bench.combine(late)


def test_landing_never_touches_a_work_tree_or_another_branch(bench):
    (bench.git.cwd / "a.txt").write_text("the user is working")
    before = (
        bench.git.text("status", "--porcelain"),
        bench.git.text("rev-parse", "main"),
    )
    landed(bench, x="1")
    after = bench.git.text("status", "--porcelain"), bench.git.text("rev-parse", "main")
    assert after == before


def test_hooks_of_the_repository_do_not_run_when_work_lands(bench):
    hook = bench.git.cwd / ".git" / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {bench.place}/ran\nexit 1\n")
    hook.chmod(0o755)
    landed(bench, x="1")
    assert not (bench.place / "ran").exists()


def test_a_file_is_read_at_a_commit(bench):
    new = landed(bench, x="1")
    read = bench.space.read
    assert asyncio.run(read(new, "x")) == b"1"
    assert asyncio.run(read(bench.base, "x")) is None
    assert asyncio.run(read(new, "nowhere/at/all")) is None


def test_many_files_are_read_at_once(bench):
    merged = bench.combine(bench.delivered(x="1", empty=""))
    new = bench.land(merged, {"d/line\nbreak": b"2"})
    wanted = ["x", "missing", "d", "d/line\nbreak", "empty", "gone\nnot"]
    found = asyncio.run(bench.space.read_all(new, wanted))
    assert found == {"x": b"1", "d/line\nbreak": b"2", "empty": b""}
    assert asyncio.run(bench.space.read_all(new, [])) == {}


def test_our_commits_since_one_are_read_back_from_their_trailers(bench):
    first, second = landed(bench, "01", x="1"), landed(bench, "02", y="2")
    found = asyncio.run(bench.space.since(bench.base))
    assert [(c.commit, c.phase, c.run) for c in found] == [
        (first, "01", "r1"),
        (second, "02", "r1"),
    ]
    assert found[0].tree == bench.tree(first)
    assert found[0].evidence == "sha256:" + "0" * 64
    assert [c.commit for c in asyncio.run(bench.space.since(first))] == [second]
    assert list(asyncio.run(bench.space.since(second))) == []


def test_a_commit_of_another_hand_on_the_branch_is_noticed(bench):
    landed(bench, "01", x="1")
    tip = bench.tip()
    bench.git.run("commit", "-q", "--allow-empty", "-m", "mine")
    bench.git.run("update-ref", "refs/heads/weighlock/demo", "HEAD")
    with pytest.raises(TamperedError, match="no longer holds"):
        asyncio.run(bench.space.since(tip))
    with pytest.raises(TamperedError, match="not made by weighlock"):
        asyncio.run(bench.space.since(bench.base))


def test_the_branch_goes_back_to_a_checkpoint(bench):
    first = landed(bench, "01", x="1")
    landed(bench, "02", y="2")
    asyncio.run(bench.space.restore(first))
    assert bench.tip() == first
    asyncio.run(bench.space.restore(bench.base))
    assert bench.tip() == bench.base


def test_the_branch_goes_nowhere_but_to_a_checkpoint(bench):
    landed(bench, "01", x="1")
    tip = bench.tip()
    bench.git.run("commit", "-q", "--allow-empty", "-m", "elsewhere")
    elsewhere = bench.git.text("rev-parse", "HEAD")
    for commit in (elsewhere, "f" * 40, "nonsense", "--all"):
        with pytest.raises(RefusedError, match="is not a checkpoint"):
            asyncio.run(bench.space.restore(commit))
    assert bench.tip() == tip


def test_a_branch_that_is_checked_out_is_not_taken_back(bench):
    landed(bench, "01", x="1")
    bench.git.run("worktree", "add", "-q", str(bench.place / "w"), "weighlock/demo")
    with pytest.raises(RefusedError, match="is checked out"):
        asyncio.run(bench.space.restore(bench.base))


def test_a_branch_that_cannot_be_locked_is_refused_not_taken_for_moved(bench):
    merged = bench.combine(bench.delivered(x="1"))
    ref = bench.git.cwd / ".git" / "refs" / "heads" / "weighlock" / "demo.lock"
    ref.touch()
    with pytest.raises(Exception, match="update-ref"):
        bench.land(merged)
