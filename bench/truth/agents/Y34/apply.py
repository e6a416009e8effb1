from hand import put, say

put(
    "src/parcel/label.py",
    "\"\"\"Labels of parcels.\"\"\"\n"
    "\n"
    "\n"
    "class NoName(ValueError):\n"
    "    \"\"\"Nobody is named on the label.\"\"\"\n"
    "\n"
    "\n"
    "def label(country, name):\n"
    "    \"\"\"Return the text of a label.\"\"\"\n"
    "    ...\n",
)
say()
