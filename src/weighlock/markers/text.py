"""One text → its markers, with exact positions."""

import re
from collections.abc import Iterator
from functools import lru_cache

from weighlock.markers import grammar
from weighlock.plan import key
from weighlock.run.trace.marker import MarkerKind

Row = tuple[MarkerKind, str, int, int, str, tuple[int, int] | None, str, int | None]
"""Kind, id, line, column, phase, lines, covering, revision: a marker without a path.

It depends on the bytes alone, so it can be kept by blob id.
"""
_Said = tuple[MarkerKind, str, int, str, tuple[int, int] | None, str, int | None]
"""The same with one offset for line and column."""


def rows(data: bytes) -> list[Row]:
    """Return the markers of a text in the order in which they stand.

    A text with a NUL byte is binary and has none.  Of what is no UTF-8, each bad byte
    is one character.
    """
    if not grammar.FIRST_LOOK.search(data) or b"\0" in data:
        return []
    text = data.decode(errors="replace")
    found = list(_markers(text))
    if b"~" in data and (tags := list(_tags(text))):
        found = sorted(found + tags, key=lambda said: said[2])
    return list(_placed(text, found))


def _placed(text: str, found: list[_Said]) -> Iterator[Row]:
    """Turn offsets into lines and columns, in one walk over the text."""
    line, begins, last = 1, 0, 0
    for kind, name, at, phase, lines, covering, revision in found:
        if more := text.count("\n", last, at):
            line += more
            begins = text.rfind("\n", last, at) + 1
        last = at
        column = at - begins + 1
        yield kind, name, line, column, phase, lines, covering, revision


def _markers(text: str) -> Iterator[_Said]:
    for match in grammar.AT.finditer(text):
        word, colon, space, name = match.groups()
        if not (colon or space) or _is_address(text, match.start()):
            continue
        if word == "pseudocode":
            yield from _pseudocode(text, match.start(), match.end(3))
        elif name and grammar.is_id(name, glued=not space):
            yield from _named(text, match)


def _is_address(text: str, at: int) -> bool:
    """Say whether the sign joins two words: ``a@plan``."""
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")


def _named(text: str, match: re.Match[str]) -> Iterator[_Said]:
    """Read what follows ``@plan`` and ``@requirement``."""
    at, end, name = match.start(), match.end(), match[4]
    alone = text[end : end + 1] in grammar.PLAIN_ENDS
    if not alone and grammar.is_template(text, end):
        return
    if match[1] == "plan":
        for plan, phase in _phases(name):
            yield "plan", plan, at, phase, None, "", None
        return
    for each in grammar.spread(name):
        yield "requirement", each, at, "", None, "", None
    for each, where in () if alone else _list(text, name, end):
        yield "requirement", each, where, "", None, "", None


@lru_cache(maxsize=4096)
def _phases(text: str) -> tuple[tuple[str, str], ...]:
    """Return the plan and the phases that an id names; an odd number is no phase."""
    named = [(plan, key.normal(n)) for plan, n in grammar.phases(text)]
    if any(number is None for _, number in named) or not named[0][1]:
        return ((text, ""),)
    return tuple((plan, number or "") for plan, number in named)


def _list(text: str, name: str, end: int) -> Iterator[tuple[str, int]]:
    """Return what a list goes on with after an id, and where; ranges are spread out."""
    while (more := grammar.MORE.match(text, end)) and more[0]:
        item = grammar.ID.match(text, more.end())
        full = grammar.complete(name, item[0]) if item else None
        if not item or full is None or grammar.is_template(text, item.end()):
            return
        ids = grammar.between(name, full) if more[1] else grammar.spread(full)
        for each in ids:
            yield each, item.start()
        name, end = ids[-1], item.end()


def _pseudocode(text: str, at: int, end: int) -> Iterator[_Said]:
    """Read ``lines 10-44``, ``bucket.md lines 10-42, 50``, ``lines 3 from a.md``."""
    page = ""
    cited = grammar.LINES.match(text, end)
    if not cited and (named := grammar.PAGE.match(text, end)):
        page, end = named[0], named.end()
        cited = grammar.LINES.match(text, end)
    if not cited:
        if "." in page:
            yield "pseudocode", page, at, "", None, "", None
        return
    extents, end = _extents(text, cited.end())
    if not page and (source := grammar.FROM.match(text, end)):
        page = source[1]
    for extent in extents:
        yield "pseudocode", page, at, "", extent, "", None


def _extents(text: str, end: int) -> tuple[list[tuple[int, int]], int]:
    found: list[tuple[int, int]] = []
    more = grammar.EXTENT.match(text, end)
    while more:
        found.append((int(more[1]), int(more[2] or more[1])))
        end = more.end()
        then = grammar.AND.match(text, end)
        more = grammar.EXTENT.match(text, then.end()) if then else None
    return found, end


def _tags(text: str) -> Iterator[_Said]:
    for tag in grammar.TAG.finditer(text):
        for target in grammar.TARGET.finditer(text, tag.start(2), tag.end(2)):
            at = tag.start() if target.start() == tag.start(2) else target.start()
            yield "tag", target[1], at, "", None, tag[1], int(target[2])
