from hand import put, say

put(
    "tests/unit/conftest.py",
    "import pytest\n"
    "\n"
    "\n"
    "@pytest.fixture\n"
    "def heavy():\n"
    "    return 30000\n",
)
put(
    "tests/unit/test_quote.py",
    "import pytest\n"
    "\n"
    "from parcel.quote import quote\n"
    "\n"
    "PRICES = [\n"
    "    (\"DE\", 900, 490),\n"
    "    (\"FR\", 1001, 1010),\n"
    "    (\"FR\", 2000, 1130),\n"
    "    (\"US\", 1000, 1590),\n"
    "    (\"US\", 1501, 1830),\n"
    "]\n"
    "\n"
    "\n"
    "@pytest.mark.parametrize((\"country\", \"grams\", \"cents\"), PRICES)\n"
    "def test_quote(country, grams, cents):\n"
    "    assert quote(country, grams) == cents\n"
    "\n"
    "\n"
    "def test_light(light):\n"
    "    assert quote(\"DE\", light) == 490\n"
    "\n"
    "\n"
    "@pytest.mark.parametrize(\"grams\", [0, -5])\n"
    "def test_nothing_is_not_sent(grams):\n"
    "    with pytest.raises(ValueError):\n"
    "        quote(\"DE\", grams)\n"
    "\n"
    "\n"
    "def test_heavy(heavy):\n"
    "    assert quote(\"JP\", heavy) == 8550\n",
)
say()
