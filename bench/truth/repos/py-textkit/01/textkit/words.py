"""Split a text into words."""

import re


def words(text):
    """Return the words of a text, in order."""
    return re.findall(r"[A-Za-z0-9]+", text)


def count(text):
    """Return how often each word occurs, by its lower-case form."""
    found = {}
    for word in words(text):
        found[word.lower()] = found.get(word.lower(), 0) + 1
    return found
