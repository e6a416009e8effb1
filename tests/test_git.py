"""Git answers the same whatever the user has set up, and its failures are plain."""

import os
from pathlib import Path

import pytest

from weighlock.git import Git, GitError, _trusted


@pytest.fixture
def git(tmp_path: Path) -> Git:
    root = tmp_path / "project"
    root.mkdir()
    made = Git(root)
    made.run("init", "-q", "-b", "main")
    made.run("commit", "-q", "--allow-empty", "-m", "first")
    return made


def test_the_user_s_configuration_and_environment_have_no_say(
    git: Git, tmp_path: Path, monkeypatch
):
    (tmp_path / ".gitconfig").write_text(
        "[alias]\n\tx = version\n[user]\n\tname = me\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "somebody")
    git.run("commit", "-q", "--allow-empty", "-m", "second")
    assert git.text("log", "-1", "--format=%an") == "weighlock"
    assert not git.ok("x")


def test_hooks_do_not_run(git: Git, tmp_path: Path):
    hook = git.cwd / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
    hook.chmod(0o755)
    git.run("commit", "-q", "--allow-empty", "-m", "second")
    assert not (tmp_path / "ran").exists()


def test_a_refusal_says_what_was_asked_and_why(git: Git):
    with pytest.raises(GitError) as caught:
        git.run("-c", "a.b=c", "cat-file", "blob", "nonsense")
    assert str(caught.value) == (
        f"{git.cwd}: git cat-file blob: Not a valid object name nonsense"
    )
    assert "fatal" in caught.value.said
    assert caught.value.exit_code == 8


def test_a_code_that_was_expected_is_an_answer(git: Git):
    assert git.run("diff", "--exit-code", codes=(0, 1)) == b""
    with pytest.raises(GitError):
        git.run("merge-base", "HEAD", "f" * 40, codes=(0, 1))


def test_a_missing_folder_is_not_a_missing_git(tmp_path: Path):
    with pytest.raises(GitError, match="no such folder"):
        Git(tmp_path / "away").run("version")


def test_a_missing_git_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="not on PATH") as caught:
        Git(tmp_path).run("version")
    assert "install git" in caught.value.hint


def test_a_git_that_never_answers_is_ended(git: Git):
    pipe = git.cwd / ".gitignore"
    os.mkfifo(pipe)
    with pytest.raises(GitError, match=r"did not answer in 0\.3 s"):
        Git(git.cwd, timeout_s=0.3).run("status")


@pytest.fixture
def anew():
    _trusted.cache_clear()
    yield
    _trusted.cache_clear()


@pytest.mark.usefixtures("anew")
def test_a_repository_of_somebody_else_is_read_only_when_the_user_says_so(
    git: Git, tmp_path: Path, monkeypatch
):
    foreign = Git(git.cwd, {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    config = tmp_path / "user"
    config.write_text("")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    with pytest.raises(GitError, match="dubious ownership"):
        foreign.run("status")
    config.write_text(f"[safe]\n\tdirectory = {git.cwd}\n")
    _trusted.cache_clear()
    assert foreign.run("status", "--porcelain") == b""


def test_git_is_out_of_reach_of_ctrl_c(git: Git):
    alias = "alias.group=!cut -d' ' -f5 /proc/$$/stat"
    assert int(git.text("-c", alias, "group")) != os.getpgrp()


def test_stdin_can_be_bytes_or_a_file(git: Git, tmp_path: Path):
    (tmp_path / "data").write_bytes(b"x")
    with (tmp_path / "data").open("rb") as file:
        from_file = git.run("hash-object", "--stdin", stdin=file)
    assert from_file == git.run("hash-object", "--stdin", stdin=b"x")


def test_a_revision_resolves_to_a_commit_or_to_nothing(git: Git):
    head = git.text("rev-parse", "HEAD")
    assert git.resolve("HEAD") == git.resolve("main") == head
    for wrong in ("", "nonsense", "--all", "-q", "a\0b", "HEAD^{tree}", "--since=now"):
        assert git.resolve(wrong) is None


def test_names_with_wild_bytes_pass_in_both_directions(git: Git):
    name = os.fsdecode(b"wild\xff\nname")
    (git.cwd / name).write_text("x")
    git.run("add", "--", name)
    git.run("commit", "-q", "-m", "second")
    assert git.lines("ls-tree", "-z", "--name-only", "HEAD") == [name]
    assert git.show("HEAD", name) == b"x"
    assert git.show("HEAD", "missing") is None


def test_the_common_folder_of_a_linked_work_tree_is_the_repository_s(
    git: Git, tmp_path: Path
):
    git.run("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    assert Git(tmp_path / "linked").common_dir() == git.cwd / ".git"
