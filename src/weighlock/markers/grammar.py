"""How markers are written: ``@plan:X.P05``, ``@requirement REQ-1, REQ-2``, tags.

Both spellings are in use, with a colon and with a space.  Prose names the words too
(``@plan markers are required``), so what follows must look like an id.  The tags are
OpenFastTrace's: ``[impl->req~login~2]``.
"""

import re
from functools import lru_cache

HINT = b"@(plan|requirement|pseudocode)[: \t]|->[ \t]*[[:alnum:]_-]+~"
"""For a first look at bytes, as a POSIX extended expression for ``git grep``."""
FIRST_LOOK = re.compile(HINT.replace(b"[:alnum:]", b"A-Za-z0-9"))

_ID = r"[^\W_]\w*(?:[.\-]\w+)*(?:[/:][Pp]?\d\w*(?:\.\w+)*)?(?:[.\-]\*(?!\*))?"
ID = re.compile(_ID)
AT = re.compile(rf"@(plan|requirement|pseudocode)(:?)([ \t]*)({_ID})?")
"""The word, the colon, the space, and what may be an id.

It begins with a letter and not with a look behind: that is searched for faster.
"""
PLAIN_ENDS = frozenset("\n\r\"'`)")
"""After one of these no list goes on, and nothing is left blank."""

_TEMPLATE = re.compile(r"[.\-]*[{\[$]|[.\-]+<")
"""What follows an id that somebody has yet to fill in: ``PLAN-{N}``, ``X.P<n>``."""

MORE = re.compile(
    r"[ \t]*(?:(\.\.\.?|…|–|—|--?|to\b|through\b)|,|;|/|&|and\b|)[ \t]*(?=\w)"
)
"""Between two ids of a list; its group is between the two ends of a range."""

PAGE = re.compile(r"[\w.\-/]*\w")
LINES = re.compile(r"[\s,:(]*lines?[ \t:]+(?=\d)|[:#]L?(?=\d)", re.IGNORECASE)
EXTENT = re.compile(r"(\d{1,9})(?:[ \t]*(?:-|–|—|\.\.|to)[ \t]*L?(\d{1,9}))?")
AND = re.compile(r"[ \t]*(?:,|;|&|and\b)[ \t]*(?=\d)")
FROM = re.compile(r"[ \t,]*\(?(?:from|of|in)[ \t]+`?([\w.\-/]*\w)")

_NAME = r"[^\W\d_][\w\-]*(?:\.[\w\-]+)*"
TAG = re.compile(
    rf"\[[ \t]*({_NAME})(?:~(?:{_NAME})?(?:~\d*)?)?[ \t]*->[ \t]*"
    rf"((?:{_NAME}~{_NAME}~\d{{1,9}}[ \t]*,?[ \t]*)+)(?:>>[^\]\n]*)?\]"
)
TARGET = re.compile(rf"({_NAME}~{_NAME})~(\d+)")

_DIGIT = re.compile(r"\d")
_PHASE = re.compile(r"(.+)[.\-/:]([Pp]\d[\w.]*)\Z")
_NUMBER = re.compile(r"(.+)[./:](\d\d[a-z]?|T\d{3})\Z")
_PHASES = re.compile(r"(.+)[.\-/:][Pp](\d{1,4})([a-z]?)-[Pp]?(\d{1,4})([a-z]?)\Z")
_SPREAD = re.compile(r"(.*?)([A-Za-z]+)(\d+)-\2(\d+)\Z")
_END = re.compile(r"(.*?)([A-Za-z]*)(\d+)\Z", re.DOTALL)
_MOST = 200
"""A range of more ids than this is a slip of the pen."""


@lru_cache(maxsize=4096)
def is_id(text: str, *, glued: bool) -> bool:
    """Say whether a word is an id and not prose: it has a digit, or shouts.

    Args:
        text: The word.
        glued: Whether it follows the colon without a space.
    """
    if _DIGIT.search(text):
        return True
    return text.isupper() and (glued or "-" in text)


def is_template(text: str, end: int) -> bool:
    """Say whether an id that ends here has a blank in it that nobody filled in."""
    return _TEMPLATE.match(text, end) is not None


def phases(text: str) -> list[tuple[str, str]]:
    """Return the plan and the phase's number as written, for each phase named."""
    if found := _PHASES.match(text):
        first, last = int(found[2]), int(found[4])
        if first < last <= first + _MOST:
            middle = [str(n) for n in range(first + 1, last)]
            ends = found[2] + found[3], found[4] + found[5]
            return [(found[1], n) for n in (ends[0], *middle, ends[1])]
    found = _PHASE.match(text) or _NUMBER.match(text)
    return [(found[1], found[2])] if found else [(text, "")]


@lru_cache(maxsize=4096)
def spread(text: str) -> tuple[str, ...]:
    """Return the ids of ``REQ-1598-FL01-FL03``; another id is itself."""
    if "-" not in text or not (found := _SPREAD.match(text)):
        return (text,)
    stem = found[1] + found[2]
    return (stem + found[3], *between(stem + found[3], stem + found[4]))


def between(first: str, last: str) -> tuple[str, ...]:
    """Return the ids after the first to the last; the last alone when unlike."""
    low, high = _END.match(first), _END.match(last)
    if not low or not high or (low[1], low[2]) != (high[1], high[2]):
        return (last,)
    start, end = int(low[3]), int(high[3])
    if not start < end <= start + _MOST:
        return (last,)
    width = len(low[3])
    return tuple(f"{low[1]}{low[2]}{n:0{width}}" for n in range(start + 1, end + 1))


def complete(before: str, text: str) -> str | None:
    """Return the id that continues a list, or None when it is the next word.

    ``FL02`` after ``REQ-1598-FL01`` is short for ``REQ-1598-FL02``; an id of another
    family ends the list, as prose does: ``REQ-1, 3 retries``.
    """
    own, last = _END.match(text), _END.match(before)
    if not own or not last:
        return None
    if "-" in text:
        same = text.partition("-")[0] == before.partition("-")[0]
        return text if same and "-" in before else None
    stem, dash, tail = before.rpartition("-")
    letters = re.match(r"[A-Za-z]*", tail)
    wanted = letters[0] if letters else ""
    if not re.match(rf"{wanted}\d", text):
        return None
    if not wanted and not re.match(r"0\d|\d{3}", text):
        return None
    return stem + dash + text
