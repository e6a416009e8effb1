"""Pseudocode that a phase refers to: ``failover-handler.md lines 100-170``."""

import re
from dataclasses import dataclass

_LINES = r"lines?\s+(\d{1,9})(?!\d)(?:\s*[-–—]\s*(\d{1,9})(?!\d))?"
_FILE = r"`?([\w./-]+\.(?:md|txt))"
_REFERENCE = re.compile(rf"{_FILE}`?,?\s*\(?{_LINES}", re.IGNORECASE)
_BEFORE = re.compile(rf"{_LINES}\s+(?:from|of|in)\s+{_FILE}", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(\d{1,9})\s*[:.]\s?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A range of numbered lines in a file of the plan."""

    path: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.path} lines {self.first}-{self.last}"


def references(text: str) -> tuple[Reference, ...]:
    """Return every reference to lines of a file, each once, in order."""
    found = [(m.start(), m[1], m[2], m[3]) for m in _REFERENCE.finditer(text)]
    found += [(m.start(), m[3], m[1], m[2]) for m in _BEFORE.finditer(text)]
    unique = {
        Reference(path=path, first=int(first), last=int(last or first)): None
        for _, path, first, last in sorted(found)
    }
    return tuple(unique)


def excerpt(text: str, reference: Reference) -> str:
    """Return the lines that a reference means; empty when there are none.

    Pseudocode carries its own numbers (``10: FUNCTION``), so these are looked for
    first; a file without such numbers is counted by lines.
    """
    lines = text.splitlines()
    numbers = [_number(line) for line in lines]
    if any(number is not None for number in numbers):
        first, last = reference.first, reference.last
        pairs = zip(numbers, lines, strict=True)
        return "\n".join(x for n, x in pairs if n is not None and first <= n <= last)
    return "\n".join(lines[max(0, reference.first - 1) : reference.last])


def last_line(text: str) -> int:
    """Return the number of the last line that a reference can mean."""
    lines = text.splitlines()
    numbers = (_number(line) for line in lines)
    return max((n for n in numbers if n is not None), default=len(lines))


def _number(line: str) -> int | None:
    found = _NUMBERED.match(line)
    return int(found[1]) if found else None
