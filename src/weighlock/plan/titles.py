"""Headings and file names that carry a phase's number → unit word, key, title."""

import re
from dataclasses import dataclass
from string import whitespace

from weighlock.plan import key
from weighlock.plan.model import Status
from weighlock.plan.status import glyph_status

UNITS = (
    "phase",
    "wave",
    "batch",
    "slice",
    "milestone",
    "stage",
    "sprint",
    "iteration",
    "part",
    "step",
    "task",
)
_NUMBERED = re.compile(
    rf"[^\w\[(]*(?:(?P<unit>{'|'.join(UNITS)})s?\s+)?#?"
    rf"(?P<key>(?:P(?=\d))?{key.NUMBER}(?![\w%/]))"
    r"(?P<more>\s*[-–&+]\s*P?\d{1,3}[a-z]?(?=\s*[:–—(]|\s+[-–—]|\s*$))?"
    r"(?P<sep>\s*[:.)—–]+\s*|\s*-+\s+|\s+-+\s*|\s+|$)(?P<title>.*)\Z",
    re.IGNORECASE,
)
_DIGITS = 3
_TRAILING = whitespace + "✅✓✔❌🔄⏳⬜⏸️🟢🟡🔴"
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

    Without a unit word, punctuation must follow: "1. Set up" is numbered, "3 files
    changed" is not.
    """
    found = _NUMBERED.match(text.replace("**", "").strip())
    if not found:
        return None
    unit = (found["unit"] or "").lower()
    lettered = found["key"][0] in "pP"
    if not unit and not lettered and not found["sep"].strip():
        return None
    number = key.normal(found["key"])
    if number is None or (
        len(found["key"]) > _DIGITS and not unit and "." not in number
    ):
        return None
    return Numbered(
        "phase" if lettered else unit,
        number,
        clean(found["title"]),
        glyph_status(text),
    )


def clean(text: str) -> str:
    """Return a title without surrounding markup, status glyphs and closing dots."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*\*|__(?=\S)|(?<=\S)__", "", text)
    text = re.sub(r"\A[^\w`\"'(\[/<@$.&]+", "", text).rstrip(_TRAILING)
    return " ".join(text.split()).rstrip(":")


def read_file_name(name: str) -> tuple[str, str] | None:
    """Return the key of a phase file's name and its words, or None."""
    found = _FILE.match(name)
    number = key.normal(found["key"]) if found else None
    if not found or number is None:
        return None
    return number, re.sub(r"[-_. ]+", " ", found["rest"]).strip()
