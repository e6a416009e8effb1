"""Split text into words."""

import re


def words(text: str) -> list[str]:
    """Return the words of a text, in order."""
    return re.findall(r"[A-Za-z0-9]+", text)
