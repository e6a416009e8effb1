"""Texts without comments, and without space, for what no grammar can read.

It knows strings and comments and nothing else; it takes time in proportion to the text.
"""

import functools
import re

from weighlock.syntax.language import Lexis, lexis


def bare(path: str, data: bytes) -> str:
    """Return a text without comments and without space outside strings."""
    text = data.decode(errors="surrogateescape")
    return strip(text, lexis(path) or Lexis())


def strip(text: str, how: Lexis) -> str:
    """Drop comments and white space outside strings."""
    pieces: list[str] = []
    last = 0
    for found in _scanner(how).finditer(text):
        pieces.append(_closed_up(text[last : found.start()]))
        if found.lastgroup == "text":
            pieces.append(found.group())
        last = found.end()
    return "".join([*pieces, _closed_up(text[last:])])


def _closed_up(text: str) -> str:
    return "".join(text.split())


@functools.cache
def _scanner(how: Lexis) -> re.Pattern[str]:
    """Build a pattern that never looks at a character twice.

    A string that is not closed ends with its line, one between backticks with the text.
    """
    quotes = [
        rf"{q}(?:\\.|[^\\{q}{'' if q == '`' else chr(10)}])*+{q}?" for q in how.quotes
    ]
    if how.line == ("#",):
        quotes = [rf"{q * 3}(?s:.*?)(?:{q * 3}|\Z)" for q in how.quotes] + quotes
    comments = [re.escape(mark) + r"[^\n]*" for mark in how.line]
    comments += [
        rf"{re.escape(start)}.*?(?:{re.escape(end)}|\Z)" for start, end in how.block
    ]
    parts = [f"(?P<text>{'|'.join(quotes)})"] if quotes else []
    parts += [f"(?P<comment>{'|'.join(comments)})"] if comments else []
    return re.compile("|".join(parts) or r"(?!)", re.DOTALL)


def uncommented(path: str, text: str) -> str:
    """Return a text without its comments, every line where it was.

    A language that is not known has none.
    """
    how = lexis(path)
    if how is None:
        return text

    def instead(found: re.Match[str]) -> str:
        kept = found.group() if found.lastgroup == "text" else ""
        return kept or "\n" * found.group().count("\n")

    return _scanner(how).sub(instead, text)


def unquoted(path: str, text: str) -> str:
    """Return a text without its comments and strings, every line where it was."""
    how = lexis(path)
    if how is None:
        return text
    return _scanner(how).sub(lambda found: "\n" * found.group().count("\n"), text)
