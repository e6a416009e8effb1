"""How this author writes a state: copied from their own rows, legend or style."""

import re
from collections import Counter
from collections.abc import Iterable

from weighlock.plan.model import Status
from weighlock.plan.splice.paper import Paper
from weighlock.plan.status import read_status

WORDS: dict[Status, str] = {
    "pending": "pending",
    "in_progress": "in progress",
    "completed": "completed",
    "failed": "failed",
    "blocked": "blocked",
    "timed_out": "timed out",
    "skipped": "skipped",
    "cancelled": "cancelled",
}
GLYPHS: dict[Status, str] = {
    "pending": "⬜",
    "in_progress": "🔄",
    "completed": "✅",
    "failed": "❌",
    "blocked": "🛑",
    "timed_out": "⌛",
    "skipped": "⏭",
}
_BOX = re.compile(r"\[[ xX_~!-]?\]\Z")
_BOXES: dict[Status, str] = {"pending": "[ ]", "completed": "[x]"}
_LONGEST = 24
_LEGEND = re.compile(rb"\s*[-*+]\s+(.{1,60}?)\s+(?:-|\xe2\x80\x93|\xe2\x80\x94)\s+\S")
_BOLD = re.compile(rb"\A(\*\*|__)(.+)\1\Z")


def spell(status: Status, old: str, seen: Iterable[bytes], paper: Paper) -> bytes:
    """Return the bytes for a state.

    Args:
        status: The state to write.
        old: The text that will be replaced; its style counts when all else fails.
        seen: The author's own spellings of this state, elsewhere in this file.
        paper: The file, for its legend and its encoding.
    """
    usual = Counter(s for s in seen if _general(s))
    if usual:
        return usual.most_common(1)[0][0]
    return legend(paper).get(status) or _in_style(status, old, plain=paper.plain)


def _general(spelling: bytes) -> bool:
    """Say whether a spelling could stand in any row, without a row's own details."""
    return 0 < len(spelling) <= 2 * _LONGEST and not re.search(rb"[\d(]", spelling)


def legend(paper: Paper) -> dict[Status, bytes]:
    """Read a list that explains the states: ``- [OK] COMPLETE - finished``."""
    found: dict[Status, bytes] = {}
    run: dict[Status, bytes] = {}
    for number in range(1, len(paper.raw) + 1):
        entry = _explained(paper, number)
        if entry is None:
            # One item that looks so may be prose; two in a row are a legend.
            if len(run) > 1:
                found = {**run, **found}
            run = {}
        else:
            run.setdefault(*entry)
    return {**run, **found} if len(run) > 1 else found


def _explained(paper: Paper, number: int) -> tuple[Status, bytes] | None:
    match = _LEGEND.match(paper.line(number))
    if not match or paper.page.shade[number - 1]:
        return None
    lead = _BOLD.sub(rb"\2", match[1].strip())
    words = re.split(r"\s+[-–—]\s+", paper.text(number).strip().lstrip("-*+ "))[0]
    status = read_status(words)
    if status is None or len(words) > _LONGEST:
        return None
    return status, lead


def _in_style(status: Status, old: str, *, plain: bool) -> bytes:
    word, bare = WORDS[status], old.strip().strip("*_` ")
    if _BOX.match(bare):
        return _BOXES.get(status, word.upper()).encode()
    letters = "".join(c for c in bare if c.isascii() and c.isalpha())
    glyph = plain and bool(re.search(r"[^\x00-\x7f]", bare)) and status in GLYPHS
    if not letters and glyph:
        return GLYPHS[status].encode()
    shown = cased(joined(word, bare), letters)
    return (f"{GLYPHS[status]} {shown}" if glyph else shown).encode()


def joined(word: str, like: str) -> str:
    """Write "in progress" as "in-progress" where the author joins words so."""
    found = re.search(r"(?<=[A-Za-z])[-_](?=[A-Za-z])", like)
    return word.replace(" ", found[0]) if found else word


def cased(word: str, like: str) -> str:
    """Write a word in the capitals of another."""
    if like.isupper():
        return word.upper()
    return word.title() if like[:1].isupper() else word
