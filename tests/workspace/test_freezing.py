"""What is delivered is what lies on disk; the clone's own git has no say."""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weighlock.git import Git


def test_an_untouched_room_is_exactly_the_base(bench):
    delivery = bench.freeze(bench.open())
    assert delivery.tree == bench.tree(bench.base)
    assert delivery.ancestor
    assert delivery.left_out == ()


def test_a_delivery_is_a_commit_of_ours_on_the_base(bench):
    delivery = bench.freeze(bench.open())
    shown = bench.git.text("show", "-s", "--format=%P %an", delivery.head)
    assert shown == f"{bench.base} weighlock"
    assert bench.tree(delivery.head) == delivery.tree


def test_freezing_the_same_content_twice_gives_the_same_commit(bench):
    one, two = bench.open(), bench.open()
    for room in (one, two):
        (room.path / "new").write_text("same")
    assert bench.freeze(one).head == bench.freeze(two).head


def test_uncommitted_and_committed_work_are_both_delivered(bench, agent):
    room = bench.open()
    (room.path / "committed").write_text("1")
    agent(room, "add", "-A")
    agent(room, "commit", "-q", "-m", "x")
    (room.path / "loose").write_text("2")
    (room.path / "a.txt").write_text("changed")
    assert bench.files(bench.freeze(room).head) == {
        "a.txt": b"changed",
        "committed": b"1",
        "loose": b"2",
    }


def test_the_user_s_work_tree_index_and_refs_stay_untouched(bench):
    before = bench.git.text("for-each-ref"), bench.git.text("status", "--porcelain")
    room = bench.open()
    (room.path / "new").write_text("x")
    bench.freeze(room)
    after = bench.git.text("for-each-ref"), bench.git.text("status", "--porcelain")
    assert after == before


def test_the_objects_of_a_delivery_survive_the_room(bench, agent):
    room = bench.open()
    (room.path / "new").write_text("kept")
    agent(room, "add", "-A")  # the clone's store has the blob already
    agent(room, "commit", "-q", "-m", "x")
    delivery = bench.freeze(room)
    bench.close(room)
    assert bench.files(delivery.head)["new"] == b"kept"
    bench.git.run("fsck", "--strict", delivery.head)


def test_many_new_files_are_delivered_at_once(bench):
    room = bench.open()
    for number in range(300):
        (room.path / f"f{number}").write_text(f"{number}")
    delivery = bench.freeze(room)
    bench.close(room)
    assert len(bench.files(delivery.head)) == 301


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_hidden_by_an_index_flag_is_delivered(bench, agent, flag):
    room = bench.open()
    agent(room, "update-index", flag, "a.txt")
    (room.path / "a.txt").write_text("hidden change")
    assert agent(room, "status", "--porcelain") == ""
    assert bench.files(bench.freeze(room).head)["a.txt"] == b"hidden change"


def test_a_file_hidden_by_the_clone_s_excludes_is_delivered(bench):
    room = bench.open()
    (room.path / ".git" / "info" / "exclude").write_text("*\n")
    (room.path / "hidden").write_text("x")
    assert "hidden" in bench.files(bench.freeze(room).head)


def test_a_file_hidden_by_the_clone_s_configuration_is_delivered(bench, agent):
    room = bench.open()
    (room.path.parent / "ignore").write_text("*\n")
    agent(room, "config", "core.excludesFile", str(room.path.parent / "ignore"))
    (room.path / "hidden").write_text("x")
    assert "hidden" in bench.files(bench.freeze(room).head)


def test_what_the_tree_s_own_gitignore_names_is_not_delivered(bench):
    room = bench.open()
    (room.path / ".gitignore").write_text("build/\n*.log\n!keep.log\n")
    (room.path / "build").mkdir()
    (room.path / "build" / "out").write_text("x")
    (room.path / "x.log").write_text("x")
    (room.path / "keep.log").write_text("x")
    (room.path / "sub").mkdir()
    (room.path / "sub" / ".gitignore").write_text("mine\n")
    (room.path / "sub" / "mine").write_text("x")
    found = set(bench.files(bench.freeze(room).head))
    assert found == {".gitignore", "a.txt", "keep.log", "sub/.gitignore"}


def test_what_the_user_excludes_is_not_delivered(bench):
    (bench.git.cwd / ".git" / "info" / "exclude").write_text("*.secret\n")
    room = bench.open()
    (room.path / "my.secret").write_text("x")
    assert set(bench.files(bench.freeze(room).head)) == {"a.txt"}


@pytest.mark.parametrize(
    "name", ["__pycache__/m.cpython-311.pyc", ".pytest_cache/x", "node_modules/p/i.js"]
)
def test_what_tools_leave_behind_is_not_delivered(bench, agent, name):
    room = bench.open()
    (room.path / name).parent.mkdir(parents=True)
    (room.path / name).write_text("x")
    agent(room, "add", "-A")
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    assert set(bench.files(bench.freeze(room).head)) == {"a.txt"}


def test_an_ignored_file_that_head_tracks_is_delivered(bench, agent):
    room = bench.open()
    (room.path / ".gitignore").write_text("*.gen\n")
    (room.path / "out.gen").write_text("x")
    agent(room, "add", "-f", "out.gen")
    agent(room, "commit", "-q", "-m", "x")
    assert "out.gen" in bench.files(bench.freeze(room).head)


def test_an_ignored_file_that_the_base_tracks_stays_and_can_change(make):
    def fill(root: Path) -> None:
        (root / ".gitignore").write_text("dist/\n")
        (root / "dist").mkdir()
        (root / "dist" / "lib.js").write_text("old")

    bench = make(fill)
    room = bench.open()
    (room.path / "dist" / "lib.js").write_text("new")
    (room.path / "dist" / "other.js").write_text("ignored")
    files = bench.files(bench.freeze(room).head)
    assert files["dist/lib.js"] == b"new"
    assert "dist/other.js" not in files


def test_a_deletion_is_honoured_committed_or_not(make, agent):
    def fill(root: Path) -> None:
        for name in ("loose", "committed", "kept"):
            (root / name).write_text(name)

    bench = make(fill)
    room = bench.open()
    agent(room, "rm", "-q", "committed")
    agent(room, "commit", "-q", "-m", "x")
    (room.path / "loose").unlink()
    assert set(bench.files(bench.freeze(room).head)) == {"kept"}


def test_deleting_everything_delivers_the_empty_tree(bench):
    room = bench.open()
    (room.path / "a.txt").unlink()
    assert bench.files(bench.freeze(room).head) == {}


def test_an_empty_base_can_be_filled(make):
    bench = make(lambda _: None)
    room = bench.open()
    assert bench.freeze(room).tree == bench.tree(bench.base)
    (room.path / "first").write_text("x")
    assert set(bench.files(bench.freeze(room).head)) == {"first"}


def test_a_file_can_become_a_folder_and_back(make):
    def fill(root: Path) -> None:
        (root / "x").write_text("file")
        (root / "y").mkdir()
        (root / "y" / "f").write_text("in a folder")

    bench = make(fill)
    room = bench.open()
    (room.path / "x").unlink()
    (room.path / "x").mkdir()
    (room.path / "x" / "f").write_text("1")
    (room.path / "y" / "f").unlink()
    (room.path / "y").rmdir()
    (room.path / "y").write_text("2")
    assert bench.files(bench.freeze(room).head) == {"x/f": b"1", "y": b"2"}


def test_modes_are_kept_and_their_change_is_delivered(make):
    def fill(root: Path) -> None:
        for name in ("run", "plain"):
            (root / name).write_text("x")
        (root / "run").chmod(0o755)

    bench = make(fill)
    room = bench.open()
    assert bench.freeze(room).tree == bench.tree(bench.base)
    (room.path / "run").chmod(0o644)
    (room.path / "plain").chmod(0o755)
    head = bench.freeze(room).head
    assert (bench.mode(head, "run"), bench.mode(head, "plain")) == ("100644", "100755")


def test_the_clone_s_filemode_setting_does_not_hide_a_mode(bench, agent):
    room = bench.open()
    agent(room, "config", "core.filemode", "false")
    (room.path / "a.txt").chmod(0o755)
    assert bench.mode(bench.freeze(room).head, "a.txt") == "100755"


def test_a_link_stays_a_link_and_is_not_followed(bench):
    room = bench.open()
    (room.path / "out").symlink_to("/etc")
    (room.path / "broken").symlink_to("nowhere")
    (room.path / "a.txt").unlink()
    (room.path / "a.txt").symlink_to("/etc/passwd")
    head = bench.freeze(room).head
    assert bench.files(head) == {
        "a.txt": b"/etc/passwd",
        "broken": b"nowhere",
        "out": b"/etc",
    }
    assert bench.mode(head, "a.txt") == "120000"


def test_line_ends_stay_what_they_are_whatever_autocrlf_says(make, agent):
    def fill(root: Path) -> None:
        (root / "dos.txt").write_bytes(b"a\r\nb\r\n")
        (root / "unix.bat").write_bytes(b"a\nb\n")
        (root / ".gitattributes").write_text("* text=auto\n*.bat text eol=crlf\n")

    bench = make(fill)
    room = bench.open()
    assert (room.path / "unix.bat").read_bytes() == b"a\nb\n"
    assert bench.freeze(room).tree == bench.tree(bench.base)
    agent(room, "config", "core.autocrlf", "true")
    (room.path / "new.txt").write_bytes(b"c\r\nd\n")
    assert bench.files(bench.freeze(room).head)["new.txt"] == b"c\r\nd\n"


def test_a_filter_named_in_the_tree_and_set_in_the_clone_is_not_run(bench, agent):
    room = bench.open()
    ran = room.path.parent / "ran"
    agent(room, "config", "filter.evil.clean", f"touch {ran}; echo clean")
    agent(room, "config", "filter.evil.required", "true")
    (room.path / ".gitattributes").write_text("*.txt filter=evil\n")
    (room.path / "a.txt").write_text("really here")
    assert bench.files(bench.freeze(room).head)["a.txt"] == b"really here"
    assert not ran.exists()


def test_hooks_monitors_and_settings_of_the_clone_are_not_run(bench, agent):
    room = bench.open()
    ran = room.path.parent / "ran"
    script = room.path.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    hooks = room.path / ".git" / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-index-change", "reference-transaction"):
        (hooks / name).symlink_to(script)
    agent(room, "commit", "-q", "--allow-empty", "-m", "before the traps")
    for key in ("core.fsmonitor", "core.sshCommand", "core.gitProxy", "core.editor"):
        agent(room, "config", key, str(script))
    agent(room, "config", "core.hooksPath", str(hooks))
    ran.unlink(missing_ok=True)
    (room.path / "new").write_text("x")
    bench.freeze(room)
    assert not ran.exists()


def test_a_false_worktree_setting_leads_nowhere(bench, agent):
    room = bench.open()
    agent(room, "config", "core.worktree", "/etc")
    assert bench.freeze(room).tree == bench.tree(bench.base)


def test_the_files_of_a_nested_repository_do_not_vanish(bench, agent):
    room = bench.open()
    inner = room.path / "inner"
    inner.mkdir()
    Git(inner).run("init", "-q")
    (inner / "code.py").write_text("x = 1")
    Git(inner).run("add", "-A")
    Git(inner).run("commit", "-q", "-m", "x")
    agent(room, "add", "inner")  # the agent's own commit holds only a link to it
    agent(room, "commit", "-q", "-m", "x")
    delivery = bench.freeze(room)
    assert bench.files(delivery.head)["inner/code.py"] == b"x = 1"
    assert delivery.left_out == ("inner/.git",)


@pytest.mark.parametrize("name", [".GIT", ".git.", "git~1", ".g\u200cit", ".git::$D"])
def test_a_folder_that_another_system_takes_for_git_s_own_is_left_out(bench, name):
    room = bench.open()
    (room.path / "sub" / name).mkdir(parents=True)
    (room.path / "sub" / name / "config").write_text("evil")
    delivery = bench.freeze(room)
    assert set(bench.files(delivery.head)) == {"a.txt"}
    assert delivery.left_out == (f"sub/{name}",)


@pytest.mark.parametrize("name", [".gitignore", ".github", ".gitea", "git", "x.git"])
def test_a_name_that_only_looks_like_git_s_own_is_delivered(bench, name):
    room = bench.open()
    (room.path / name).write_text("")
    assert name in bench.files(bench.freeze(room).head)


def test_pipes_and_sockets_are_named_and_not_waited_for(bench):
    room = bench.open()
    os.mkfifo(room.path / "pipe")
    (room.path / "a.txt").unlink()
    os.mkfifo(room.path / "a.txt")
    os.mknod(room.path / "socket", stat.S_IFSOCK | 0o600)
    delivery = bench.freeze(room)
    assert delivery.left_out == ("a.txt", "pipe", "socket")
    assert bench.files(delivery.head) == {}


def test_a_pipe_in_place_of_the_ignore_rules_does_not_hang(bench):
    room = bench.open()
    os.mkfifo(room.path / ".gitignore")
    (room.path / "new").write_text("x")
    delivery = bench.freeze(room)
    assert set(bench.files(delivery.head)) == {"a.txt", "new"}
    assert delivery.left_out == (".gitignore",)


def test_a_pipe_in_place_of_head_does_not_hang(bench):
    room = bench.open()
    head = room.path / ".git" / "HEAD"
    head.unlink()
    os.mkfifo(head)
    delivery = bench.freeze(room)
    assert not delivery.ancestor
    assert delivery.tree == bench.tree(bench.base)


def test_unreadable_files_and_folders_are_delivered(bench):
    room = bench.open()
    (room.path / "shut").mkdir()
    (room.path / "shut" / "file").write_text("x")
    (room.path / "shut" / "file").chmod(0)
    (room.path / "shut").chmod(0)
    assert "shut/file" in bench.files(bench.freeze(room).head)


def test_a_file_too_large_to_deliver_is_named(bench, monkeypatch):
    monkeypatch.setattr("weighlock.workspace.frozen.LARGE", 100)
    room = bench.open()
    (room.path / "huge").write_bytes(b"x" * 101)
    delivery = bench.freeze(room)
    assert delivery.left_out == ("huge",)
    assert "huge" not in bench.files(delivery.head)


NAMES = [b"a b", b'q"uote', b"line\nbreak", b"wild\xff\xfe", b"\\n", b":(glob)*"]
NAMES += [b"-rf", b" lead", b"trail ", b"A.txt", b"#1", b"\xc3\xa9", b"tab\t", b"{}"]


def test_unusual_names_are_delivered_exactly_and_can_be_read(bench):
    room = bench.open()
    for name in NAMES:
        (room.path / os.fsdecode(name)).write_bytes(b"in " + name)
    files = bench.files(bench.freeze(room).head)
    found = {os.fsencode(n): b for n, b in files.items() if n != "a.txt"}
    assert found == {name: b"in " + name for name in NAMES}


def test_unusual_names_are_ignored_exactly(bench):
    room = bench.open()
    rules = [b"/a\\ b", b'/q"uote', b"/wild\xff\xfe", b"/:(glob)\\*", b"/-rf", b"/\\#1"]
    (room.path / ".gitignore").write_bytes(b"\n".join(rules) + b"\n")
    for name in NAMES:
        (room.path / os.fsdecode(name)).write_bytes(b"")
    files = set(bench.files(bench.freeze(room).head)) - {"a.txt", ".gitignore"}
    ignored = {b"a b", b'q"uote', b"wild\xff\xfe", b":(glob)*", b"-rf", b"#1"}
    assert {os.fsencode(n) for n in files} == set(NAMES) - ignored


def test_a_repository_with_the_newer_hash_works_alike(make, agent):
    bench = make(None, "--object-format=sha256")
    room = bench.open()
    assert bench.freeze(room).tree == bench.tree(bench.base)
    agent(room, "commit", "-q", "--allow-empty", "-m", "x")
    (room.path / "new").write_text("x")
    delivery = bench.freeze(room)
    assert (len(delivery.head), delivery.ancestor) == (64, True)
    assert bench.land(bench.combine(delivery)) == bench.tip()


def test_an_empty_submodule_folder_keeps_its_link(make, tmp_path: Path):
    other = Git(tmp_path / "other")
    other.cwd.mkdir()
    other.run("init", "-q")
    other.run("commit", "-q", "--allow-empty", "-m", "x")

    def fill(root: Path) -> None:
        Git(root).run("submodule", "--quiet", "add", str(other.cwd), "lib")

    bench = make(fill)
    assert bench.mode(bench.base, "lib") == "160000"
    room = bench.open()
    assert bench.freeze(room).tree == bench.tree(bench.base)
    (room.path / "lib" / "own").write_text("x")
    assert "lib/own" in bench.files(bench.freeze(room).head)


TEXT = st.binary(max_size=30)
PATHS = st.sampled_from(["a", "b", "d/e", "d/f", "d/g/h", "x y", ".gitignore"])


@pytest.mark.slow
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(files=st.dictionaries(PATHS, st.tuples(TEXT, st.booleans()), max_size=5))
def test_law_freezing_gives_what_git_would_commit(bench, agent, files):
    room = bench.open()
    for path, (data, executable) in files.items():
        full = room.path / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(data)
        mode = stat.S_IMODE(full.stat().st_mode)
        full.chmod(mode | 0o111 if executable else mode & ~0o111)
    frozen = bench.freeze(room)
    agent(room, "add", "-A")
    assert frozen.tree == agent(room, "write-tree")
    bench.close(room)
