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
    "    raise NotImplementedError\n",
)
put(
    "tests/unit/test_label.py",
    "import pytest\n"
    "\n"
    "from parcel.label import label\n"
    "\n"
    "\n"
    "def test_label_is_a_stub():\n"
    "    with pytest.raises(NotImplementedError):\n"
    "        label(\"DE\", \"Ann\")\n",
)
say()
