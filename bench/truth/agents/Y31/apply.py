from hand import put, say

put(
    "src/parcel/steps.py",
    "def steps_of(grams):\n"
    "    return max(0, -(-(grams - 1000) // 500))\n",
)
put(
    "src/parcel/quote.py",
    "\"\"\"What a parcel costs.\"\"\"\n"
    "\n"
    "from parcel.steps import steps_of\n"
    "from parcel.zones import zone\n"
    "\n"
    "FEES = {\"A\": 490, \"B\": 890, \"C\": 1590}\n"
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
    "    steps = steps_of(grams)\n"
    "    return FEES[zone(country)] + 120 * steps\n",
)
say()
