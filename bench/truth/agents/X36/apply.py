from hand import say, swap

swap(
    "src/parcel/quote.py",
    "    steps = max(0, -(-(grams - 1000) // 500))\n",
    "    steps = max(0, round((grams - 750) / 500))\n",
)
say()
