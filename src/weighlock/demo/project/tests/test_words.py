"""Tests of textkit.words."""

import unittest

from textkit.words import words


class WordsTest(unittest.TestCase):
    """What a word is."""

    def test_words_are_letters_and_digits(self) -> None:
        """Punctuation separates."""
        self.assertEqual(words("Hello, big world 2!"), ["Hello", "big", "world", "2"])

    def test_no_words(self) -> None:
        """A text without words has none."""
        self.assertEqual(words(" -- "), [])


if __name__ == "__main__":
    unittest.main()
