"""Headings and file names that carry a phase's number → unit word, key, title."""

import re
from dataclasses import dataclass
from string import whitespace

from weighlock.plan import key
from weighlock.plan.model import Status
from weighlock.plan.parts.numbers import spelled_lead
from weighlock.plan.status import GLYPHS, glyph_status, read_status

UNITS = (
    "phase",
    "wave",
    "batch",
    "slice",
    "milestone",
    "stage",
    "sprint",
    "iteration",
    "increment",
    "chunk",
    "track",
    "part",
    "step",
    "task",
    "work package",
    "wp",
    "pr",
    "week",
    "day",
)
_NUMBERED = re.compile(
    rf"[^\w\[(]*(?:(?P<unit>{'|'.join(UNITS)})s?(?:[\s_]+|\s*-(?=\d)|\s*(?=#)))?"
    rf"(?:no\.?\s+|number\s+)?#?"
    rf"(?P<key>(?:P(?=\d))?{key.NUMBER}(?![\w%/])"
    r"|(?-i:T)\d{1,3}(?:\.\d{1,2}){0,2}(?![\w%/])"
    rf"|(?(unit)(?-i:{key.DIVIDED})(?![\w%/])|(?!))"
    r"|(?(unit)(?-i:[A-HJ-W](?![\w'’]|\.\d))|(?!))"
    rf"|(?(unit){key.NUMBER}(?=\s*/\s*\d{{1,2}}(?![\w/]))|(?!)))"
    r"(?(unit)(?:\s*/\s*\d{1,2}|\s+of\s+\d{1,2})?)"
    r"(?:-V(?![\w-]))?(?P<more>\s*[-–&+]\s*P?\d{1,3}[a-z]?(?=\s*[:–—(]|\s+[-–—]|\s*$))?"
    r"(?P<sep>\s*[:.)—–]+\s*|\s*-+\s+|\s+-+\s*|\s+|$)(?P<title>.*)\Z",
    re.IGNORECASE,
)
_SIGNS = rf"[\s\ufe0f{''.join(GLYPHS)}]*"
_STATES = (
    r"(?P<word>done|completed?|in[ _-]progress|pending|to[ -]?do|not[ _-]started|ready"
    r"|blocked|skipped|wip|failed|cancell?ed|paused|timed[ _-]out)"
)
STATE = re.compile(
    rf"\s*(?:(?P<open>[\[(]){_SIGNS}|[{''.join(GLYPHS)}]\ufe0f?\s*){_STATES}"
    rf"(?(open){_SIGNS}[\])]|\**)\s*\Z",
    re.IGNORECASE,
)
"""A state after a title: "Parser [IN PROGRESS]", "Types (DONE)", "Forms ✅ DONE"."""
_MILESTONE = re.compile(r"\AM(\d{1,2})(?=\s*[:.–—-])")
_DIGITS = 3
_LONGEST = 400
"""Characters among which the number and the state of a title stand."""
_TRAILING = whitespace + "".join(GLYPHS) + "\ufe0f"
_CODE = re.compile(r"(`[^`]*`)")
_REMARK = re.compile(r"<!--.*?-->|\s\[[ xX]\]\s*\Z")
_WHEN = re.compile(
    r"\((?:(?:weeks?|days?|sprint|month)\b|\d)[^()]*\):\s*(?=\S)", re.IGNORECASE
)
"""What stands between number and title: "Phase 1 (Week 1-2): Basis"."""
_TICKED = re.compile(r"\s*\[([ xX])\]\s+")
"""A box before the number: "[x] Phase 3: Forms"."""
_STRUCK = re.compile(r"\s*~~(?:(?!~~).)+~~\s*")
_BOLD = re.compile(r"\*\*|~~|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)")
_ITALIC = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^*_]*[^\s*_\\])\1(?![\w*])")
_FILE = re.compile(
    r"(?:P|(?:phase|step|task)[-_ ]?)?(?P<key>\d{1,3}(?:\.\d+)?[a-z]?)"
    r"(?=[-_. ]|$)(?P<rest>.*?)(?:\.(?:md|markdown|txt))?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A heading with a number."""

    unit: str
    """``phase``, ``step`` …, or empty for a bare number."""
    key: str
    title: str
    status: Status | None
    """What a glyph in the heading says."""


def read_title(text: str) -> Numbered | None:
    """Return the parts of a numbered heading, or None when it has no number.

    Without a unit word, punctuation must follow or zeros come first: "1. Set up" and
    "001 Set up" are numbered, "3 files changed" is not.
    """
    said = text[:_LONGEST]
    box, struck = _TICKED.match(said), _STRUCK.fullmatch(said)
    bare = " ".join(_unmarked(said[box.end() :] if box else said).split())
    plain = spelled_lead(_MILESTONE.sub(r"milestone \1", bare))
    state = STATE.search(plain)
    found = _NUMBERED.match(plain[: state.start()] if state else plain)
    if not found:
        return None
    unit = (found["unit"] or "").lower()
    lettered = found["key"][0] in "pP"
    padded = found["key"].startswith("00")
    if not unit and not lettered and not found["sep"].strip() and not padded:
        return None
    number = key.normal(found["key"])
    if unit == "part" and found["key"].isalpha():
        return None  # "Part B" divides a document
    digits = sum(letter.isdigit() for letter in found["key"])
    if number is None or (digits > _DIGITS and not unit and "." not in number):
        return None
    return Numbered(
        "phase" if lettered else unit or ("task" if number.startswith("T") else ""),
        number,
        clean(_WHEN.sub("", found["title"], count=1) + text[_LONGEST:]),
        (read_status(state["word"]) if state else None)
        or glyph_status(text)
        or ("completed" if box and box[1] != " " else None)
        or ("cancelled" if struck else None),
    )


def _unmarked(text: str) -> str:
    """Take bold, italic and strike marks away; code keeps its stars and underscores."""
    if not any(mark in text for mark in "*_~"):
        return text
    parts = _CODE.split(text)
    parts[::2] = [_ITALIC.sub(r"\2", _BOLD.sub("", part)) for part in parts[::2]]
    return "".join(parts)


def clean(text: str) -> str:
    """Return a title without surrounding markup, status glyphs and closing dots."""
    text = _REMARK.sub("", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text))
    text = _unmarked(text)
    text = re.sub(r"\A[^\w`\"'(\[/<@$.&]+", "", text).rstrip(_TRAILING)
    return " ".join(text.split()).rstrip(":")


def read_file_name(name: str) -> tuple[str, str] | None:
    """Return the key of a phase file's name and its words, or None."""
    found = _FILE.match(name)
    number = key.normal(found["key"]) if found else None
    if not found or number is None:
        return None
    return number, re.sub(r"[-_. ]+", " ", found["rest"]).strip()
