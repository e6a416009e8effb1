"""Text inside SVG: how wide it is, how it wraps, how it is escaped.

No font is embedded and none can be asked for its size here, so widths are taken
from the widest of the common sans fonts (DejaVu, Verdana): text that fits by this
measure fits everywhere.
"""

import unicodedata
from functools import cache, lru_cache
from xml.sax.saxutils import escape as _escape

FONT = "system-ui,'Segoe UI','Helvetica Neue',Arial,'DejaVu Sans',sans-serif"

_NARROW = frozenset("iljI|!.,:;'`()[]{}/\\ tfr-")
_WIDE = frozenset("mwMW@%")
_PICTURES = 0x1F000
"""First code point of the blocks that hold emoji."""


def escape(text: str) -> str:
    """Make text safe in an element or a double-quoted attribute."""
    allowed = "".join(c if c >= " " or c in "\t\n" else "�" for c in text)
    return _escape(allowed, {'"': "&quot;"})


@cache
def _advance(char: str) -> float:
    """Return the width of one character as a share of the font size."""
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or ord(char) >= _PICTURES:
        return 1.25
    if char in _NARROW:
        return 0.42
    if char in _WIDE:
        return 0.98
    return 0.70 if char.isupper() else 0.63


def text_width(text: str, size: float) -> float:
    """Return how many user units a text takes at most at a font size."""
    return _measure(text) * size


@lru_cache(maxsize=4096)
def _measure(word: str) -> float:
    return sum(map(_advance, word))


def fit(text: str, width: float, size: float) -> str:
    """Cut a text so that it fits, with an ellipsis where something was cut."""
    if text_width(text, size) <= width:
        return text
    room, kept = width - text_width("…", size), 0.0
    for at, char in enumerate(text):
        kept += _advance(char) * size
        if kept > room:
            return text[:at].rstrip() + "…"
    return text


def wrap(text: str, width: float, size: float, lines: int) -> list[str]:
    """Break a text at spaces into at most so many lines that each fit."""
    out: list[list[str]] = [[]]
    used = 0.0
    for word in text.split():
        taken = text_width(word, size)
        gap = text_width(" ", size) if out[-1] else 0.0
        if out[-1] and used + gap + taken > width and len(out) < lines:
            out.append([])
            used = gap = 0.0
        out[-1].append(word)
        used += gap + taken
    return [fit(" ".join(line), width, size) for line in out]


def text(
    x: float, y: float, words: str, *, size: float, look: str, anchor: str = "start"
) -> str:
    """Write one line of text; ``look`` is a space-separated list of classes."""
    end = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return (
        f'<text class="{look}" x="{x:g}" y="{y:g}" font-size="{size:g}"{end}>'
        f"{escape(words)}</text>"
    )


def document(width: float, height: float, label: str, style: str, body: str) -> str:
    """Wrap drawn elements into one self-contained SVG document."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(label)}" font-family="{FONT}">'
        f"<style>{style}</style>{body}</svg>\n"
    )
