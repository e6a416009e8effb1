import pytest

from textkit.wrap import wrap


def test_lines_are_as_full_as_possible():
    assert wrap("a bb ccc", 4) == ["a bb", "ccc"]


def test_a_long_word_stands_alone():
    assert wrap("abcdef gh", 4) == ["abcdef", "gh"]


def test_no_words_no_lines():
    assert wrap("  ", 5) == []


def test_a_width_below_one_is_refused():
    with pytest.raises(ValueError):
        wrap("a", 0)
