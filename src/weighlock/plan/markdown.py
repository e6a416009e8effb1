"""Text → headings, fences and tables with line numbers; no meaning.

A line scanner of our own, because CommonMark's fences swallow phases (see fences.py),
and because a thousand phases must be read in well under a second.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from weighlock.plan.fences import Fence, find_fences

_HEADING = re.compile(r" {0,3}(#{1,6})(?=[ \t]|\Z)")
_RULER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?\Z")
_WRAP = re.compile(r"(`{3,}|~{3,})\s*(?:markdown|md)?", re.IGNORECASE)
_LONG = 2000
_DASHES = 3
_TITLE = 120
"""Characters of a title that dashes may underline."""
_SPLIT = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading outside every fence."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its header cells and its rows, the ruler left out."""

    line: int
    header: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """One file as lines, with the blocks found in it; lines count from 1.

    A page equals only itself, so that what is found in it can be remembered.
    """

    file: str
    lines: tuple[str, ...]
    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    shade: bytes = field(repr=False)
    """Per line: 0 text, 1 a fence or its content, 2 a comment or front matter."""
    front: dict[str, str] = field(default_factory=dict, repr=False)
    """Front matter, top-level keys only, values as written."""

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table outside fences."""
        return tuple(_tables(self))

    def fences_between(self, first: int, last: int) -> tuple[Fence, ...]:
        """Return the outer fences that start on the lines first to last."""
        start = bisect_left(self.fences, first, key=lambda f: f.line)
        end = bisect_right(self.fences, last, key=lambda f: f.line)
        return tuple(f for f in self.fences[start:end] if f.outer)

    def headings_between(self, first: int, last: int) -> tuple[Heading, ...]:
        """Return the headings on the lines first to last."""
        start = bisect_left(self.headings, first, key=lambda h: h.line)
        end = bisect_right(self.headings, last, key=lambda h: h.line)
        return self.headings[start:end]

    def text(self, first: int, last: int) -> str:
        """Return the lines first to last, inclusive."""
        return "\n".join(self.lines[first - 1 : last])


def scan(file: str, lines: tuple[str, ...]) -> Page:
    """Find the blocks of a file."""
    shade = bytearray(len(lines))
    front = _front_matter(lines, shade)
    _comments(lines, shade)
    fences = tuple(sorted(find_fences(lines, shade), key=lambda f: f.line))
    return Page(
        file=file,
        lines=lines,
        headings=tuple(_headings(lines, shade)),
        fences=fences,
        shade=bytes(shade),
        front=front,
    )


def unwrapped(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Take away a fence around the whole file; the lines keep their numbers.

    Chat windows hand plans over so, and a ``PLANS.md`` asks for it.
    """
    full = [n for n, line in enumerate(lines) if line.strip()]
    if not full:
        return lines
    first, last = full[0], full[-1]
    opening = _WRAP.fullmatch(lines[first].strip())
    if not opening or lines[last].strip() != opening[1] or first == last:
        return lines
    inner = next((line for line in lines[first + 1 : last] if line.strip()), "")
    marks = sum(line.strip().startswith(opening[1]) for line in lines)
    if marks % 2 or not inner.startswith(("#", "---")):
        return lines
    return (*lines[:first], "", *lines[first + 1 : last], "", *lines[last + 1 :])


def cells(line: str) -> tuple[str, ...]:
    """Split a table row into its cells."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return tuple(part.strip().replace("\\|", "|") for part in _SPLIT.split(inner))


def _headings(lines: tuple[str, ...], shade: bytearray) -> Iterator[Heading]:
    for at, line in enumerate(lines):
        if shade[at]:
            continue
        mark = line.lstrip(" ")[:1]
        if mark == "#" and len(line) < _LONG and (found := _HEADING.match(line)):
            text = _unclosed(line[found.end() :].strip())
            yield Heading(line=at + 1, level=len(found[1]), text=text)
        elif mark == "=" and not line.strip("= \t") and _underlined(lines, shade, at):
            yield Heading(line=at, level=1, text=lines[at - 1].strip())
        elif mark == "-" and _dashed(line) and _alone(lines, shade, at):
            yield Heading(line=at, level=2, text=lines[at - 1].strip())


def _unclosed(text: str) -> str:
    """Drop the closing hashes of a heading: "Title ##"."""
    bare = text.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else text


def _underlined(lines: tuple[str, ...], shade: bytearray, at: int) -> bool:
    """Say whether the line above a row of equals signs is a title."""
    above = lines[at - 1].strip() if at else ""
    return bool(above) and not shade[at - 1] and above[0] not in "#|-*>="


def _dashed(line: str) -> bool:
    return len(line) >= _DASHES and not line.strip("- \t") and " -" not in line


def _alone(lines: tuple[str, ...], shade: bytearray, at: int) -> bool:
    """Say whether the line above dashes is a title, and no end of a paragraph.

    CommonMark makes a heading of any paragraph above dashes; people draw rules so.
    """
    above = lines[at - 1].strip() if at else ""
    if (
        not _underlined(lines, shade, at)
        or above[0] in "`<[(_+"
        or above[-1] in ".:;,!?"
    ):
        return False
    before = lines[at - 2].strip() if at > 1 else ""
    return len(above) <= _TITLE and (not before or bool(shade[at - 2]))


def _front_matter(lines: tuple[str, ...], shade: bytearray) -> dict[str, str]:
    front: dict[str, str] = {}
    if not lines or lines[0].rstrip() != "---":
        return front
    end = next(
        (n for n in range(1, min(len(lines), 2000)) if lines[n].rstrip() == "---"), 0
    )
    name = ""
    for line in lines[1:end]:
        if found := re.match(r"([A-Za-z_][\w -]{0,40}):(?:\s+(.*)|$)", line):
            name = found[1].strip().lower()
            front[name] = (found[2] or "").strip().strip("\"'")
        elif name and (item := re.match(r"\s*-\s+(.*)", line)):
            front[name] = ", ".join(x for x in (front[name], item[1].strip()) if x)
    for n in range(end + 1 if end else 0):
        shade[n] = 2
    return front


def _comments(lines: tuple[str, ...], shade: bytearray) -> None:
    """Shade comments of several lines; one that is never closed is no comment."""
    last = max((n for n, line in enumerate(lines) if "-->" in line), default=-1)
    at = 0
    while at <= last:
        start = lines[at].lstrip()
        if shade[at] or not start.startswith("<!--") or "-->" in start:
            at += 1
            continue
        end = next(n for n in range(at, last + 1) if "-->" in lines[n])
        for n in range(at, end + 1):
            shade[n] = 2
        at = end + 1


def _tables(page: Page) -> Iterator[Table]:
    lines, shade, at = page.lines, page.shade, 1
    while at < len(lines):
        ruler = lines[at]
        if (
            shade[at]
            or "-" not in ruler
            or "|" not in ruler
            or "|" not in lines[at - 1]
            or len(ruler) > _LONG
            or not _RULER.match(ruler.strip())
        ):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and "|" in lines[end] and not shade[end]:
            end += 1
        rows = tuple(Row(line=n + 1, cells=cells(lines[n])) for n in range(at + 1, end))
        yield Table(line=at, header=cells(lines[at - 1]), rows=rows)
        at = end + 1
