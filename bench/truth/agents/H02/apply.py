from hand import put, say, take

take("05")
put(
    "tests/test_slug_edges.py",
    "from textkit.slug import slugify\n\n\n"
    "def test_no_hyphen_stands_at_an_end():\n"
    '    assert slugify("  (Really?)  ") == "really"\n\n\n'
    "def test_a_slug_is_its_own_slug():\n"
    '    assert slugify(slugify("A b, c")) == "a-b-c"\n',
)
say("Implemented; two more tests.")
