from textkit.words import count, words


def test_words_are_letters_and_digits():
    assert words("Hello, big world 2!") == ["Hello", "big", "world", "2"]


def test_no_words():
    assert words(" -- ") == []


def test_words_are_counted_without_case():
    assert count("a b A") == {"a": 2, "b": 1}
