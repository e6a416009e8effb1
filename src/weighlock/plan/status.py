"""Status words and glyphs of real plans → the eight states."""

import re

from weighlock.plan.model import STATUSES, Status

_WORDS = r"""
(?P<pending>not[\ -](?:yet[\ ])?(?:started|begun|done|complete\w*|implemented|executed)
  |un(?:started|done)|incomplete|pending|to[\ -]?do|planned|queued|ready|draft|reviewed
  |proposed|open\b|backlog|approved|waiting|new\b)
|(?P<in_progress>in[\ _-]?progress|partial\w*|ongoing|underway|started|running|active\b
  |working|executing|wip\b|current\b|doing\b)
|(?P<completed>completed?\b|completion|done\b|pass(?:ed|es)?\b|ok\b|verified|implemented
  |executed|finished|exists?\b|created|merged|shipped|resolved|closed|success\w*)
|(?P<failed>fail(?:ed|ure|s)?\b|error\b|broken|rejected)
|(?P<blocked>blocked|on[\ -]?hold|paused|needs[\ ]attention)
|(?P<timed_out>timed?[\ _-]?out)
|(?P<skipped>skip(?:ped)?\b|deferred|n/a\b|not[\ ]applicable|postponed)
|(?P<cancelled>cancell?ed|abandoned|dropped|superseded|won'?t[\ ]do|obsolete)
"""
_WORD = re.compile(r"(?<![a-z])(?:" + _WORDS + ")", re.IGNORECASE | re.VERBOSE)
GLYPHS: dict[str, Status] = {
    **dict.fromkeys("✅✓✔☑🟢🎉", "completed"),
    **dict.fromkeys("❌✗✘🔴", "failed"),
    **dict.fromkeys("🔄🟡🚧🔨▶", "in_progress"),
    **dict.fromkeys("⬜☐⏳⏸◻□🔲⚪○", "pending"),
    **dict.fromkeys("🛑🚫⛔", "blocked"),
    **dict.fromkeys("⏭", "skipped"),
    **dict.fromkeys("⏰⌛", "timed_out"),
}
"""Sign → the state it stands for."""
_GLYPH = re.compile("[" + "".join(GLYPHS) + "]")
_CHOICE = re.compile(r"[a-z\]]\s*[|/]\s*\[?[A-Za-z]")
_LONG = 400
_BOX = re.compile(r"\[([ xX_~!/>-]?)\]")
_BOXES: dict[str, Status] = {
    "x": "completed",
    "X": "completed",
    "~": "in_progress",
    "/": "in_progress",
    ">": "in_progress",
    "-": "cancelled",
    "!": "blocked",
}


def read_status(text: str) -> Status | None:
    """Return the state that a status cell or line names, or None.

    A list of choices that nobody has filled in ("Pending | Done") names none.
    """
    text = text[:_LONG]
    if ("|" in text or "/" in text) and _CHOICE.search(text):
        words = {m.lastgroup for m in _WORD.finditer(text)}
        if len(words) > 1:
            return None
    if found := _WORD.search(text):
        return _state(found.lastgroup)
    if glyph := _GLYPH.search(text):
        return GLYPHS[glyph[0]]
    if box := _BOX.search(text):
        return _BOXES.get(box[1], "pending")
    return None


def _state(name: str | None) -> Status | None:
    return name if name in STATUSES else None


def glyph_status(text: str) -> Status | None:
    """Return the state that a glyph at the end of a title shows, or None."""
    found = _GLYPH.search(text)
    return GLYPHS[found[0]] if found else None
