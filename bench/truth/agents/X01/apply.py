from hand import put, say

put(
    "tests/test_slug.py",
    "import pytest\n\nfrom textkit.slug import slugify\n\n\n"
    '@pytest.mark.parametrize("text", ["Hello World", "A  b", "Crème brûlée", ""])\n'
    "def test_a_slug_is_stable(text):\n"
    "    assert slugify(text) == slugify(text)\n",
)
put(
    "tests/test_wrap.py",
    "from textkit.wrap import wrap\n\n\n"
    "def test_lines_are_stable():\n"
    '    first = wrap("a bb ccc", 4)\n    second = wrap("a bb ccc", 4)\n'
    "    assert first == second\n",
)
say("5 tests, red for the right reason.")
