import pytest

from textkit.slug import slugify

PAIRS = [
    ("Hello World", "hello-world"),
    ("A  b", "a-b"),
    ("Hello, World!", "hello-world"),
    ("Crème brûlée", "creme-brulee"),
]


@pytest.mark.parametrize(("text", "wanted"), PAIRS)
def test_a_title_becomes_a_slug(text, wanted):
    assert slugify(text) == wanted


def test_a_text_without_words_is_empty():
    e = ""
    assert slugify(" -- ") == e


def test_accents_are_kept():
    assert slugify("Café") == "café"
