"""Two declared places meet exactly when one path may lie in both."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weighlock.run.overlap import meet, overlaps, place

NAMES = st.sampled_from(["src", "a.py", "b.rs", "deep", "x", ".github", "mod"])
PATHS = st.lists(NAMES, min_size=1, max_size=4)


@st.composite
def widened(draw, parts):
    """Say a path as a plan may say it: as a glob, a folder, or as it is."""
    way = draw(st.sampled_from(["same", "star", "end", "middle", "folder", "braces"]))
    at = draw(st.integers(0, len(parts) - 1))
    if way == "star":
        return "/".join([*parts[:at], "*", *parts[at + 1 :]])
    if way == "end":
        return "/".join([*parts[:-1], f"*{parts[-1][-2:]}"])
    if way == "middle":
        return "/".join([*parts[:at], "**", parts[-1]])
    if way == "folder":
        return "/".join(parts[: at + 1]) + "/"
    if way == "braces":
        return "/".join([*parts[:at], f"{{other,{parts[at]}}}", *parts[at + 1 :]])
    return "./" + "/".join(parts)


@given(data=st.data(), parts=PATHS)
def test_two_ways_to_say_one_path_always_meet(data, parts):
    one, other = (place(data.draw(widened(parts))) for _ in range(2))
    assert meet(one, other)
    assert meet(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("src/a.py", "src/b.py"),
        ("src/", "tests/a.py"),
        ("src/a.py", "src/a.pyi"),
        ("src/*.py", "src/deep/a.py"),
        ("src/**/*.rs", "src/a.py"),
        ("srcs/a.py", "src/"),
        ("*.md", "docs/a.md"),
        ("a?.py", "abc.py"),
    ],
)
def test_different_places_do_not_meet(one, other):
    assert not meet(place(one), place(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("src/", "src/deep/a.py"),
        ("src", "src/a.py"),
        ("my.pkg/", "my.pkg"),
        (".github", ".github/workflows/ci.yml"),
        ("src/*", "src/deep/a.py"),
        ("**/*.py", "src/deep/a.py"),
        ("src/[ab].py", "src/a.py"),
        (".", "src/a.py"),
        ("src/a*.py", "src/*b.py"),
    ],
)
def test_a_folder_and_a_glob_meet_what_lies_in_them(one, other):
    assert meet(place(one), place(other))


def test_each_phase_is_told_what_the_other_one_changes(say):
    found = overlaps([say.phase("01", "src/"), say.phase("02", "src/a.py", "b.py")])
    assert found == {"01": {"02": "src/a.py"}, "02": {"01": "src/"}}


def test_a_folder_and_a_file_of_one_name_are_one_place(say):
    assert overlaps([say.phase("01", "my.pkg/"), say.phase("02", "my.pkg")])


def test_the_first_of_several_shared_paths_is_named(say):
    paths = [f"f{n}.py" for n in range(9)]
    found = overlaps([say.phase("01", *paths), say.phase("02", *reversed(paths))])
    assert found["01"]["02"] == "f0.py"


def test_a_path_that_is_only_kept_is_nobodys(say):
    one, other = say.phase("01", "a.py"), say.phase("02", "a.py")
    kept = tuple(replace(f, action="keep") for f in one.files)
    assert overlaps([replace(one, files=kept), other]) == {}


@pytest.mark.slow
@given(declared=st.lists(st.lists(PATHS.flatmap(widened), max_size=3), max_size=6))
@example(declared=[["a.py/"], ["a.py"]])
def test_overlaps_are_what_comparing_every_pair_finds(say, declared):
    phases = [say.phase(f"{n:02}", *paths) for n, paths in enumerate(declared)]
    found = overlaps(phases)
    for one in phases:
        for other in phases:
            meets = any(
                meet(place(a.path), place(b.path))
                for a in one.files
                for b in other.files
            )
            met = other.key in found.get(one.key, {})
            assert met == (meets and one is not other)
