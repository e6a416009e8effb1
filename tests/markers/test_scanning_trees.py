"""Markers are found in every text file of a work tree or a commit, and nowhere else."""

from pathlib import Path

import pytest

from weighlock.git import Git, GitError
from weighlock.markers import scan


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    Git(tmp_path).run("init", "-q")
    put(tmp_path, "src/a.py", "# @plan:X.P05\ndef f():\n    return 1\n")
    put(tmp_path, "src/b.ts", "// @requirement REQ-1\n")
    put(tmp_path, "plain.txt", "nothing\n")
    put(tmp_path, ".gitignore", "ignored/\n")
    keep(tmp_path)
    return tmp_path


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def keep(root: Path) -> None:
    Git(root).run("add", "-A")
    Git(root).run("commit", "-q", "-m", "x")


def seen(root: Path, **given) -> list[tuple[str, str, str]]:
    return [(m.path, m.id, m.phase) for m in scan(root, **given)]


BOTH = [("src/a.py", "X", "05"), ("src/b.ts", "REQ-1", "")]


def test_tracked_files_are_read(repo):
    assert seen(repo) == BOTH


def test_the_work_tree_is_read_as_it_is_on_disk(repo):
    put(repo, "src/a.py", "# @plan:X.P06\n")
    (repo / "src/b.ts").unlink()
    put(repo, "new.py", "# @plan:X.P07\n")
    put(repo, "ignored/x.py", "# @plan:X.P08\n")
    assert seen(repo) == [("new.py", "X", "07"), ("src/a.py", "X", "06")]


def test_a_commit_is_read_as_it_was(repo):
    put(repo, "src/a.py", "# @plan:X.P06\n")
    keep(repo)
    assert seen(repo, commit="HEAD~1") == BOTH
    assert seen(repo, commit="HEAD")[0] == ("src/a.py", "X", "06")


def test_a_commit_that_is_not_there_is_an_error(repo):
    with pytest.raises(GitError):
        scan(repo, commit="nope")


def test_files_and_folders_can_be_left_out(repo):
    assert seen(repo, without=["src/a.py"]) == BOTH[1:]
    assert seen(repo, without=["src"]) == []
    assert seen(repo, without=["sr", "src/a.p"]) == BOTH


def test_binary_files_links_and_submodules_are_passed_over(repo):
    put(repo, "binary.py", b"# @plan:X.P05\n\0")
    (repo / "link.py").symlink_to("src/a.py")
    put(repo, "module/file.py", "# @plan:X.P09\n")
    Git(repo / "module").run("init", "-q")
    keep(repo / "module")
    keep(repo)
    assert seen(repo) == BOTH
    assert seen(repo, commit="HEAD") == BOTH


def test_a_file_that_git_is_told_not_to_look_at_is_read(repo):
    Git(repo).run("update-index", "--assume-unchanged", "src/a.py")
    put(repo, "src/a.py", "# @plan:X.P06\n")
    assert seen(repo)[0] == ("src/a.py", "X", "06")


def test_names_that_are_odd_are_kept(repo):
    put(repo, "a b\t\n.py", "# @plan:X.P05\n")
    (repo / "näh.py").write_text("# @plan:X.P05\n")
    keep(repo)
    odd = {path for path, _, _ in seen(repo)}
    assert odd == {"a b\t\n.py", "näh.py", "src/a.py", "src/b.ts"}
    assert {path for path, _, _ in seen(repo, commit="HEAD")} == odd


def test_what_was_kept_gives_the_same_answer(repo, tmp_path):
    cache = tmp_path / ".git" / "weighlock" / "markers"
    first = scan(repo, nodes=True, cache=cache)
    assert cache.is_file()
    assert scan(repo, nodes=True, cache=cache) == first
    assert scan(repo, cache=cache) == scan(repo)
    assert scan(repo, commit="HEAD", nodes=True, cache=cache) == first


def test_what_was_kept_is_never_older_than_the_file(repo, tmp_path):
    cache = tmp_path / ".git" / "markers"
    scan(repo, cache=cache)
    put(repo, "src/a.py", "# @plan:X.P09\ndef f():\n    return 1\n")
    assert seen(repo, cache=cache)[0] == ("src/a.py", "X", "09")
    put(repo, "plain.txt", "@plan:X.P01\n")
    assert ("plain.txt", "X", "01") in seen(repo, cache=cache)


@pytest.mark.parametrize("harm", [b"", b"x", b"weighlock markers\n[]"])
def test_a_cache_that_is_harmed_is_made_again(repo, tmp_path, harm):
    cache = tmp_path / ".git" / "markers"
    scan(repo, cache=cache)
    whole = cache.read_bytes()
    cache.write_bytes(harm + whole[len(harm) : -3])
    assert seen(repo, cache=cache) == BOTH
    assert cache.read_bytes() == whole or seen(repo, cache=cache) == BOTH


def test_a_cache_that_cannot_be_written_is_no_harm(repo, tmp_path):
    assert seen(repo, cache=tmp_path / "plain.txt" / "markers") == BOTH


def test_many_files_are_searched_by_git_first(repo, tmp_path):
    cache = tmp_path / ".git" / "markers"
    scan(repo, cache=cache)
    for n in range(450):
        put(repo, f"many/{n}.txt", f"{n}\n" if n % 50 else f"{n} é @plan:X.P{n % 7}\n")
    put(repo, "many/latin.txt", b"\xe9 @plan:X.P01\n")
    keep(repo)
    assert seen(repo, cache=cache) == seen(repo)
    assert len(seen(repo)) == 2 + 9 + 1


def test_a_marker_stands_on_its_node_when_asked(repo):
    on = [m.node for m in scan(repo, nodes=True)]
    assert [(n.kind, n.name) for n in on if n] == [("function", "f"), ("module", "")]
    assert [m.node for m in scan(repo)] == [None, None]


def test_a_marker_in_a_test_says_so(repo):
    put(repo, "tests/test_a.py", "# @plan:X.P04\ndef test_f():\n    assert True\n")
    put(repo, "src/lib.rs", "#[test]\nfn f() {\n    // @plan:X.P04\n}\n")
    found = {m.path for m in scan(repo, nodes=True) if m.is_test}
    assert found == {"tests/test_a.py", "src/lib.rs"}
