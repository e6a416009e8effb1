from hand import put, say

put(
    "src/parcel/fees.json",
    "{\"A\": 490, \"B\": 890, \"C\": 1590}\n",
)
put(
    "src/parcel/quote.py",
    "\"\"\"What a parcel costs.\"\"\"\n"
    "\n"
    "import json\n"
    "from pathlib import Path\n"
    "\n"
    "from parcel.zones import zone\n"
    "\n"
    "\n"
    "def _fees():\n"
    "    return json.loads((Path(__file__).parent / \"fees.json\").read_text())\n"
    "\n"
    "\n"
    "class TooHeavy(ValueError):\n"
    "    \"\"\"It weighs more than is carried.\"\"\"\n"
    "\n"
    "\n"
    "\n"
    "def quote(country, grams):\n"
    "    \"\"\"Return the price of a parcel in cents.\"\"\"\n"
    "    if grams < 1:\n"
    "        raise ValueError(f\"{grams} grams: nothing to send\")\n"
    "    if grams > 30000:\n"
    "        raise TooHeavy(f\"{grams} grams\")\n"
    "    steps = max(0, -(-(grams - 1000) // 500))\n"
    "    return _fees()[zone(country)] + 120 * steps\n",
)
say()
