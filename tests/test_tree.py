"""What differs between two commits, against real git."""

import os
from pathlib import Path

import pytest

from weighlock.git import Git, GitError
from weighlock.tree import Change, changes


@pytest.fixture
def git(tmp_path: Path) -> Git:
    made = Git(tmp_path)
    made.run("init", "-q")
    return made


def commit(git: Git) -> str:
    git.run("add", "-A")
    git.run("commit", "-q", "--allow-empty", "-m", "x")
    return git.text("rev-parse", "HEAD")


def seen(found: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(c.status, c.path) for c in found]


def test_added_changed_and_deleted_files_are_told_apart(git: Git):
    (git.cwd / "gone").write_text("1")
    (git.cwd / "kept").write_text("2")
    base = commit(git)
    (git.cwd / "gone").unlink()
    (git.cwd / "kept").write_text("3")
    (git.cwd / "new").write_text("quite another text")
    found = changes(git, base, commit(git))
    assert seen(found) == [("D", "gone"), ("M", "kept"), ("A", "new")]
    assert (found[0].new_mode, found[0].new_blob) == (0, "")
    assert git.run("cat-file", "blob", found[2].new_blob) == b"quite another text"


def test_a_rename_carries_both_names(git: Git):
    (git.cwd / "old").write_text("line\n" * 50)
    base = commit(git)
    (git.cwd / "old").rename(git.cwd / "new")
    (found,) = changes(git, base, commit(git))
    assert (found.status, found.old_path, found.path) == ("R", "old", "new")


def test_without_rename_detection_a_rename_is_a_deletion_and_an_addition(git: Git):
    (git.cwd / "old").write_text("line\n" * 50)
    base = commit(git)
    (git.cwd / "old").rename(git.cwd / "new")
    found = changes(git, base, commit(git), renames=False)
    assert seen(found) == [("A", "new"), ("D", "old")]


def test_a_mode_change_is_a_change(git: Git):
    (git.cwd / "run").write_text("x")
    base = commit(git)
    (git.cwd / "run").chmod(0o755)
    (found,) = changes(git, base, commit(git))
    assert (found.status, found.old_mode, found.new_mode) == ("M", 0o100644, 0o100755)


def test_a_file_that_became_a_link_is_another_type(git: Git):
    (git.cwd / "it").write_text("x")
    base = commit(git)
    (git.cwd / "it").unlink()
    (git.cwd / "it").symlink_to("elsewhere")
    assert seen(changes(git, base, commit(git))) == [("T", "it")]


def test_names_with_line_breaks_quotes_and_wild_bytes_come_back_exactly(git: Git):
    base = commit(git)
    names = [b"a b", b'q"uote', b"line\nbreak", b"wild\xff\xfe"]
    for name in names:
        (git.cwd / os.fsdecode(name)).write_text("x")
    found = changes(git, base, commit(git))
    assert sorted(os.fsencode(c.path) for c in found) == sorted(names)


def test_an_unknown_commit_is_an_error_not_an_empty_answer(git: Git):
    base = commit(git)
    with pytest.raises(GitError):
        changes(git, base, "f" * 40)
