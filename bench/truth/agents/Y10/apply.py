from hand import put, say, take

take("04", "tests/test_slug.py")
put(
    "tests/conftest.py",
    '"""What the tests share."""\n\nimport pytest\n\n\n@pytest.fixture\ndef text():\n'
    '    """Return a text of words of one to four letters."""\n    return "a bb ccc dddd"\n',
)
put(
    "tests/test_wrap.py",
    "import pytest\n\nfrom textkit.wrap import wrap\n\n\n"
    '@pytest.mark.parametrize("width", range(4, 14))\n'
    "def test_lines_are_full_and_keep_the_words(text, width):\n"
    "    lines = wrap(text, width)\n"
    "    assert all(len(line) <= width for line in lines)\n"
    '    assert " ".join(lines) == text\n'
    "    for line, after in zip(lines, lines[1:]):\n"
    "        assert len(line) + 1 + len(after.split()[0]) > width\n\n\n"
    "def test_a_long_word_stands_alone():\n"
    '    assert wrap("abcdef gh", 4) == ["abcdef", "gh"]\n\n\n'
    "def test_no_words_no_lines():\n"
    '    assert wrap("  ", 5) == []\n\n\n'
    "def test_a_width_below_one_is_refused(text):\n"
    '    with pytest.raises(ValueError, match="at least"):\n        wrap(text, 0)\n',
)
say("Tests are red.")
