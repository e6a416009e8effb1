from hand import say, swap

swap(
    "src/parcel/quote.py",
    "    steps = max(0, -(-(grams - 1000) // 500))\n",
    "    steps = max(0, (grams - 501) // 500)\n",
)
say()
