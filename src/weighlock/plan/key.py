"""Phase keys: one normal form for every way people number their phases.

``P03``, ``Phase 3``, ``PLAN-X.P03`` and ``3`` are all ``03``; ``3A`` is ``03a``;
``0.5`` and ``2.3`` stay; ``T001`` stays.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_UNIT = (
    r"(?:phases?|steps?|slices?|batch(?:es)?|tasks?|waves?|milestones?|stages?"
    r"|parts?|sprints?|iterations?|increments?|chunks?|tracks?|work packages?|wps?"
    r"|prs?|p)"
)
NUMBER = r"\d{1,4}(?:\.\d{1,3})*[a-z]{0,2}"
DIVIDED = r"[A-HJ-LNOQSU-W]\.?\d{1,2}(?:\.\d{1,2})?"
"""A letter and a number, as in "Phase A.1"; P1, M1, R1 and T1 are something else."""
_KEY = re.compile(
    rf"(?:.*\.(?=p\d))?(?:{_UNIT}[\s_-]*)?({NUMBER})(#\d+)?\Z", re.IGNORECASE
)
_LETTERED = re.compile(
    r"(T)(\d{3,4}[a-z]?|\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?)(#\d+)?\Z", re.IGNORECASE
)
# A letter alone names a slice, "Slice B"; an x would be a ticked box.
_LETTER = re.compile(rf"(?:{_UNIT}[\s_-]+)?([a-wyz])(#\d+)?\Z", re.IGNORECASE)
_DIVIDED = re.compile(
    rf"(?:{_UNIT}[\s_-]+)?({DIVIDED})(#\d+)?\Z",
    re.IGNORECASE,
)
_FOLDED = re.compile(r"(\d{1,3}(?:\.\d+)?-\d{1,3})(#\d+)?\Z")
_PARTS = re.compile(r"(\D*)(\d+)((?:[.-]\d+)*)([a-z]*)(?:#(\d+))?\Z")
_LONGEST = 80
_ALIAS = {"0.5": "00a", "00a": "0.5", "0.5a": "00b", "00b": "0.5a"}


@lru_cache(maxsize=16384)
def normal(text: str) -> str | None:
    """Return the normal form of a phase number, or None when it is none."""
    text = text.strip().strip("`*[]").strip()
    if len(text) > _LONGEST or not text:
        return None
    if found := _LETTERED.match(text):
        return f"T{found[2].lower()}{found[3] or ''}"
    if found := _FOLDED.match(text):
        return text
    if found := _LETTER.match(text):
        return found[1].lower() + (found[2] or "")
    if found := _DIVIDED.match(text):
        return found[1].lower() + (found[2] or "")
    found = _KEY.match(text)
    return _pad(found[1].lower()) + (found[2] or "") if found else None


def _pad(number: str) -> str:
    digits = re.match(r"\d+", number)
    whole = digits[0] if digits else ""
    rest = number[len(whole) :]
    whole = whole.lstrip("0") or "0"
    return whole + rest if rest.startswith(".") else whole.rjust(2, "0") + rest


@lru_cache(maxsize=16384)
def order(key: str) -> tuple[str, int, tuple[int, ...], str, int]:
    """Return what keys are sorted by: 03 < 03a < 04 < 10."""
    found = _PARTS.match(key)
    if not found:
        return (key, 0, (), "", 0)
    below = tuple(int(x) for x in re.findall(r"\d+", found[3]))
    return (found[1], int(found[2]), below, found[4], int(found[5] or 1))


def stem(key: str) -> str:
    """Return a key without its letters: the phase that ``03a`` belongs to."""
    return re.sub(r"[a-z]+(#\d+)?\Z", "", key)


def parent(key: str) -> str:
    """Return the key of the group that a dotted key stands in: ``01`` for ``1.2``."""
    above, dot, _ = key.rpartition(".")
    return normal(above) or above if dot else ""


def same(one: str, other: str) -> bool:
    """Say whether two keys may name one phase: 0.5 and 00a do."""
    return one == other or _ALIAS.get(one) == other


def resolve(key: str, known: Iterable[str]) -> str | None:
    """Return the known key that this one names: itself, or its alias."""
    known = known if isinstance(known, (set, frozenset, dict)) else set(known)
    if key in known:
        return key
    alias = _ALIAS.get(key)
    return alias if alias in known else None


def between(first: str, last: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the known keys of a range, lettered phases between included."""
    low, high = order(first), order(last)
    inside = tuple(k for k in known if low <= order(k) <= high)
    return inside or tuple(k for k in (first, last) if k not in inside)
