"""What git hides, misses or only points at is named, and nobody profits from it."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_checks import Project, codes, notes, phase

from weighlock.checks.history import look as history
from weighlock.checks.history.links import leads

Made = Callable[..., Project]


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ({"l": "/etc/passwd"}, "l"),
        ({"s/l": "../../x"}, "s/l"),
        ({"s/d": "..", "s/l": "d/../x"}, "s/l"),
        ({"a/top": "..", "b": "a/top", "c/l": "../b/../x"}, "c/l"),
        ({"a": "b", "b": "a"}, "a"),
        ({"l": ".git/config"}, "l"),
        ({"s/l": "../.GIT/hooks"}, "s/l"),
        ({"d": ".", "l": "d/d/d/.git"}, "l"),
    ],
)
def test_a_link_is_followed_as_a_file_system_would(links, path):
    assert leads(path, links) is not None


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ({"l": "a.py"}, "l"),
        ({"s/l": "../a.py"}, "s/l"),
        ({"s/t/l": "../../s/./t"}, "s/t/l"),
        ({"d": "s", "s/l": "../d/x"}, "s/l"),
        ({"l": "missing/file"}, "l"),
        ({"l": ".github/x"}, "l"),
    ],
)
def test_a_link_that_stays_inside_is_safe(links, path):
    assert leads(path, links) is None


STEPS = st.lists(st.sampled_from(["a", "b", "..", "."]), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(target=STEPS, other=STEPS)
def test_law_what_is_called_safe_lies_inside(tmp_path_factory, target, other):
    top = tmp_path_factory.mktemp("links") / "tree"
    (top / "a/b").mkdir(parents=True)
    links = {"a/b/l": "/".join(target), "b": "/".join(other)}
    for path, text in links.items():
        (top / path).symlink_to(text)
    if leads("a/b/l", links) is None:
        try:
            real = (top / "a/b/l").resolve()
        except (OSError, RuntimeError):  # a circle, which leads nowhere
            return
        assert real.is_relative_to(top)


@pytest.mark.slow
def test_a_link_of_base_that_a_new_link_bends_is_seen(project: Made) -> None:
    made = project({"a/x.txt": "1", "s/y.txt": "1"}, phase())

    def before(root: Path) -> None:
        (root / "l").symlink_to("a/../x")

    made.base = made.deliver(before).head

    def work(root: Path) -> None:
        (root / "a/x.txt").unlink()
        (root / "a").rmdir()
        (root / "a").symlink_to(".")

    found = made.look(history.look, work)  # type: ignore[arg-type]
    assert [r.path for r in found.reasons] == ["l"]


def pointer(data: bytes) -> str:
    named = hashlib.sha256(data).hexdigest()
    spec = "version https://git-lfs.github.com/spec/v1"
    return f"{spec}\noid sha256:{named}\nsize {len(data)}\n"


def test_a_pointer_to_content_that_nobody_has_is_no_content(project: Made) -> None:
    made = project({"a.txt": "1"}, phase(files="+model.bin"))
    found = made.look(history.look, {"model.bin": pointer(b"weights")})
    assert (found.verdict, codes(found)) == ("fail", {"git-hidden"})


@pytest.mark.slow
def test_a_pointer_whose_content_is_stored_is_worth_a_note(project: Made) -> None:
    made = project({"a.txt": "1"}, phase(files="+model.bin"))
    named = hashlib.sha256(b"weights").hexdigest()
    stored = made.root / ".git/lfs/objects" / named[:2] / named[2:4] / named
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"weights")
    found = made.look(history.look, {"model.bin": pointer(b"weights")})
    assert (found.verdict, notes(found)) == ("pass", {"git-hidden"})
    stored.write_bytes(b"forgery")
    assert made.look(history.look, {"model.bin": pointer(b"weights")}).reasons


def test_a_planned_file_that_a_rule_ignores_is_told_so(project: Made) -> None:
    base = {".gitignore": "out/\n!out/keep\n", "a.txt": "1"}
    made = project(base, phase(files="+out/gen.txt +b.txt"))
    [note] = made.look(history.look, {"b.txt": "1"}).notes
    assert (note.code, note.path) == ("git-hidden", "out/gen.txt")
    assert ".gitignore:1 (out/) ignores it" in note.message


@pytest.mark.slow
def test_two_spellings_of_one_accent_are_one_name_elsewhere(project: Made) -> None:
    made = project({"caf\u00e9.py": "1"}, phase())
    found = made.look(history.look, {"cafe\u0301.py": "1"})
    assert codes(found) == {"unsafe-path"}
