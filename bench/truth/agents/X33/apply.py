from hand import put, say

put(
    "tests/unit/test_quote.py",
    "import pytest\n"
    "\n"
    "from parcel.quote import quote\n"
    "\n"
    "\n"
    "@pytest.mark.parametrize((\"country\", \"cents\"), [(\"DE\", 490), (\"FR\", 890), (\"US\", 1590)])\n"
    "def test_quote(country, cents):\n"
    "    wanted = cents + 120\n"
    "    pytest.fail(f\"{quote.__name__} does not give {wanted} for {country} yet\")\n"
    "\n"
    "\n"
    "def test_nothing_is_not_sent():\n"
    "    pytest.fail(\"quote does not refuse a weight of nothing yet\")\n",
)
say()
