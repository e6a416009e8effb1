"""Pseudocode that a phase refers to by its lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighlock.run.reference import Reference, excerpt, references


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see `a/handler.md` lines 10-20", ("a/handler.md", 10, 20)),
        ("handler.md (lines 10–20)", ("handler.md", 10, 20)),
        ("handler.md, line 7", ("handler.md", 7, 7)),
        ("Lines 3 - 5 from `notes.txt`", ("notes.txt", 3, 5)),
        ("line 3 of notes.txt", ("notes.txt", 3, 3)),
    ],
)
def test_a_reference_is_read_as_people_write_it(text, found):
    path, first, last = found
    assert references(text) == (Reference(path=path, first=first, last=last),)


@pytest.mark.parametrize(
    "text",
    ["", "lines 3-5", "handler.md", "handler.py lines 1-2", f"a.md line {'9' * 5000}"],
)
def test_what_names_no_lines_of_a_text_file_is_no_reference(text):
    assert references(text) == ()


def test_a_reference_made_twice_counts_once_and_order_is_kept():
    text = "b.md lines 1-2, then lines 3-4 of a.md, and again b.md lines 1-2"
    assert [str(r) for r in references(text)] == ["b.md lines 1-2", "a.md lines 3-4"]


NUMBERED = "# Title\n10: FUNCTION f\n11:   RETURN\n12: END\n"


def test_numbers_in_the_pseudocode_itself_are_what_is_meant():
    at = Reference(path="p.md", first=10, last=11)
    assert excerpt(NUMBERED, at) == "10: FUNCTION f\n11:   RETURN"


def test_lines_that_numbered_pseudocode_does_not_have_are_not_guessed():
    assert excerpt(NUMBERED, Reference(path="p.md", first=1, last=2)) == ""


def test_text_without_numbers_is_counted_by_lines():
    at = Reference(path="p.md", first=2, last=3)
    assert excerpt("one\ntwo\nthree\nfour", at) == "two\nthree"


@given(text=st.text(), first=st.integers(0, 10**9), length=st.integers(0, 10**9))
def test_any_range_of_any_text_is_some_of_its_lines(text, first, length):
    at = Reference(path="p.md", first=first, last=first + length)
    assert set(excerpt(text, at).splitlines()) <= {*text.splitlines(), ""}


def test_lines_are_counted_from_one_so_line_zero_is_none():
    assert excerpt("one\ntwo", Reference(path="p.md", first=0, last=0)) == ""


@given(text=st.text(alphabet="lines 0123456789.md-–`(of", max_size=80))
def test_reading_references_never_fails(text):
    assert all(r.first >= 0 for r in references(text))
