from hand import put, say, swap

put(
    "src/parcel/show.py",
    "\"\"\"Prices as people read them.\"\"\"\n"
    "\n"
    "from parcel.quote import quote\n"
    "\n"
    "\n"
    "def show(country, grams):\n"
    "    \"\"\"Return the price of a parcel with two decimals.\"\"\"\n"
    "    cents = quote(country, grams)\n"
    "    return f\"{cents // 100}.{cents % 100:02}\"\n",
)
swap(
    "src/parcel/__main__.py",
    "from parcel.zones",
    "from parcel.show import show\nfrom parcel.zones",
)
swap(
    "src/parcel/__main__.py",
    "def main(",
    "def show_quote(told):\n    \"\"\"Print the price of a parcel.\"\"\"\n    print(show(told.country, told.grams))\n\n\ndef main(",
)
say()
