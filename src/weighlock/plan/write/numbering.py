"""A specification without ids → the same text with ids, and nothing else changed.

What counts as a requirement, the first that is found: headings "Requirement …" or
"User Story …", else scenarios, else the items below a heading that names requirements,
else items and paragraphs that say what shall or must be.
"""

import re
from collections.abc import Callable, Iterator

from weighlock.errors import UsageError
from weighlock.plan.encoding import decode
from weighlock.plan.markdown import Page, scan
from weighlock.plan.requirements import ID

_HEAD = re.compile(
    r"(#{1,6}[ \t]+)(?:(?:functional |non-functional )?requirement|user story)"
    r"(?:[ \t]+\d+(?:\.\d+)*[ \t]*[:.—–-]?|[ \t]*[:—–-])[ \t]*(?=\S|$)",
    re.IGNORECASE,
)
_SCENARIO = re.compile(
    r"(#{1,6}[ \t]+)(?:scenario|case)[ \t]*\d*[ \t]*[:.—–-][ \t]*", re.IGNORECASE
)
_ITEM = re.compile(r"([-*+]|\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_ABOUT = re.compile(
    r"requirements?|acceptance|behaviou?rs?|rules?|must|criteria|functional|features?",
    re.IGNORECASE,
)
_OUT = re.compile(r"out[ -]of[ -]scope|non-?goals|future|background", re.IGNORECASE)
_MODAL = re.compile(r"\b(?:shall|must|should)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?=[A-Za-z*_`\"'])")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*\Z")

_Place = tuple[int, int, int]
"""(index of the line, where the id goes, where the rest begins)."""


def candidates(data: bytes) -> list[int]:
    """Return the numbers of the lines that read like requirements."""
    page = scan("", decode(data).lines)
    return [index + 1 for index, _, _ in _places(page)]


def numbered(data: bytes, prefix: str, file: str) -> bytes:
    """Return the text with ids ``PREFIX-001`` at its requirements.

    Raises:
        UsageError: The prefix cannot begin an id.
    """
    stem = prefix.strip().rstrip("-").upper()
    if not _PREFIX.match(stem) or not re.fullmatch(ID, f"{stem}-001"):
        raise UsageError(
            f"--number {prefix}: ids are not made like this",
            hint="give REQ, or REQ and a word: --number REQ-SLUG",
        )
    lines = list(decode(data).lines)
    places = list(_places(scan(file, tuple(lines))))
    width = max(3, len(str(len(places))))
    for number, (index, start, rest) in enumerate(places, 1):
        line = lines[index]
        lines[index] = f"{line[:start]}{stem}-{number:0{width}}: {line[rest:]}".rstrip()
    return "\n".join(lines).encode()


def _places(page: Page) -> Iterator[_Place]:
    ways: tuple[Callable[[Page], Iterator[_Place]], ...] = (
        lambda p: _headed(p, _HEAD),
        lambda p: _headed(p, _SCENARIO),
        _items,
        _sentences,
    )
    for way in ways:
        found = list(way(page))
        if found:
            yield from found
            return


def _headed(page: Page, pattern: re.Pattern[str]) -> Iterator[_Place]:
    for heading in page.headings:
        found = pattern.match(page.lines[heading.line - 1])
        if found:
            yield heading.line - 1, len(found[1]), found.end()


def _items(page: Page) -> Iterator[_Place]:
    """Yield the outermost items below headings about requirements."""
    for index, above in _text(page):
        found = _ITEM.match(page.lines[index])
        if found and _ABOUT.search(above):
            yield index, found.end(), found.end()


def _sentences(page: Page) -> Iterator[_Place]:
    for index, _ in _text(page):
        line = page.lines[index]
        found = _ITEM.match(line) or _PARAGRAPH.match(line)
        first = index == 0 or not page.lines[index - 1].strip()
        if found and _MODAL.search(line) and (found.end() or first):
            yield index, found.end(), found.end()


def _text(page: Page) -> Iterator[tuple[int, str]]:
    """Yield (index, heading above) of the lines of text that may be requirements."""
    heads = {h.line: h.text for h in page.headings}
    above = ""
    for index in range(len(page.lines)):
        above = heads.get(index + 1, above)
        if index + 1 not in heads and not page.shade[index] and not _OUT.search(above):
            yield index, above
