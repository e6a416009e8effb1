"""Put words on a terminal: safe, measured, shortened, coloured."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_SIMPLE = re.compile(r"\d+[a-z]*")
_JOINER = "\u200d"
_CODES = {
    "bad": "31",
    "bad strong": "1;31",
    "dim": "2",
    "good": "32",
    "live": "36",
    "strong": "1",
    "you": "1;33",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a terminal can show."""

    color: bool = False
    ascii: bool = False
    """Whether only ASCII may be written."""
    width: int = 80
    """Columns."""

    def paint(self, text: str, tone: str) -> str:
        """Colour a text, or return it as it is."""
        code = _CODES.get(tone)
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code else text


def label(key: str) -> str:
    """Return a phase's key as people say it: ``P03a``; other forms stay bare."""
    return f"P{key}" if _SIMPLE.fullmatch(key) else key


def clean(text: str) -> str:
    """Make a foreign text harmless: control and direction characters are shown.

    Line ends and tabs become spaces, since a cell has one line.
    """
    if text.isprintable():
        return text
    return "".join(_shown(c) for c in text)


def _shown(char: str) -> str:
    if char.isprintable() or char == _JOINER:
        return char
    if char.isspace():
        return " "
    number = ord(char)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"  # noqa: PLR2004


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells(c) for c in text)


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char == _JOINER or "\ufe00" <= char <= "\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, limit: int, style: Style) -> str:
    """Clean a text and shorten it to a number of columns, with an ellipsis."""
    text = plain(clean(text), style)
    if columns(text) <= limit:
        return text
    dots = "..." if style.ascii else "…"
    room, kept = limit - len(dots), []
    for char in text:
        room -= _cells(char)
        if room < 0:
            break
        kept.append(char)
    return ("".join(kept).rstrip() + dots)[: max(limit, 0)]


def plain(text: str, style: Style) -> str:
    """Replace what an ASCII terminal cannot show."""
    if not style.ascii or text.isascii():
        return text
    for char, stand_in in (("…", "..."), ("·", "-"), ("–", "-"), ("—", "-")):
        text = text.replace(char, stand_in)
    return text.encode("ascii", "backslashreplace").decode()


def brief(text: str, limit: int = 200) -> str:
    """Shorten a text of one line at a word, so that a list stays a list."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(";, ") + " …"


def pad(text: str, limit: int, style: Style) -> str:
    """Clip or fill a text to exactly this many columns."""
    text = clip(text, limit, style)
    return text + " " * (limit - columns(text))


def duration(seconds: float) -> str:
    """Say how long in at most two units: ``42s``, ``14m``, ``2h 05m``, ``3d 4h``."""
    total = max(0, round(seconds))
    minutes, rest = divmod(total, 60)
    hours, minutes_left = divmod(minutes, 60)
    if not minutes:
        return f"{total}s"
    if minutes < 10 and rest:  # noqa: PLR2004 - seconds matter for short things only
        return f"{minutes}m {rest:02}s"
    if not hours:
        return f"{minutes}m"
    if hours < 24:  # noqa: PLR2004 - hours of a day
        return f"{hours}h {minutes_left:02}m"
    return f"{hours // 24}d {hours % 24}h"


def stamp(at: float) -> str:
    """Write a time in UTC, to the second: ``2026-11-21T09:31:02Z``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ranges(keys: Iterable[str], order: Sequence[str]) -> str:
    """Name phases briefly, runs of the plan's order as ``P00-P08a``."""
    place = {key: i for i, key in enumerate(order)}
    runs: list[list[str]] = []
    for key in sorted(keys, key=lambda k: place.get(k, len(place))):
        if runs and place.get(key, -1) == place.get(runs[-1][-1], -2) + 1:
            runs[-1].append(key)
        else:
            runs.append([key])
    return ", ".join(_run(run) for run in runs)


def _run(run: Sequence[str]) -> str:
    ends = [label(run[0]), label(run[-1])]
    if len(run) == 1:
        return ends[0]
    return ("-" if len(run) > 2 else ", ").join(ends)  # noqa: PLR2004 - two have no middle


def count(number: int, one: str, many: str = "") -> str:
    """Return ``1 phase`` or ``3 phases``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
