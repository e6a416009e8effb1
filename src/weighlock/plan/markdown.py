"""Text → headings, fences and tables with line numbers; no meaning.

A line scanner of our own, because CommonMark reads two common habits in a way the
author did not mean: a fence inside a fence of the same length, and a fence that is
never closed (it would swallow the rest of the plan).
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(
    r"([ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+|>[ \t]*)?)(`{3,}|~{3,})([^`]*)$"
)
_RULER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DOCUMENT = frozenset({"", "markdown", "md", "mdx", "text", "txt"})
_MANY = 400
_PATIENCE = 100
_LONG = 2000
_SPLIT = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading outside every fence."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block; ``line`` and ``end`` are its marker lines."""

    line: int
    end: int
    language: str
    closed: bool
    outer: bool
    """Whether it stands by itself, not inside another fence."""


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
    fences = tuple(sorted(_fences(lines, shade), key=lambda f: f.line))
    return Page(
        file=file,
        lines=lines,
        headings=tuple(_headings(lines, shade)),
        fences=fences,
        shade=bytes(shade),
        front=front,
    )


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
            yield Heading(
                line=at + 1, level=len(found[1]), text=(found[2] or "").strip()
            )
        elif mark == "=" and not line.strip("= \t") and _underlined(lines, shade, at):
            yield Heading(line=at, level=1, text=lines[at - 1].strip())


def _underlined(lines: tuple[str, ...], shade: bytearray, at: int) -> bool:
    """Say whether the line above a row of equals signs is a title."""
    above = lines[at - 1].strip() if at else ""
    return bool(above) and not shade[at - 1] and above[0] not in "#|-*>="


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


@dataclass(slots=True)
class _Open:
    at: int
    mark: str
    width: int
    language: str
    indent: int
    opens: bool
    """Laid out as an opening: a blank line before it, text after it."""


def _fences(lines: tuple[str, ...], shade: bytearray) -> Iterator[Fence]:
    marks = _Marks(_markers(lines, shade))
    at = 0
    while at < len(marks.all):
        opening = marks.all[at]
        close, inner = marks.closing(at)
        if close is None:
            # Never closed: it ends before the next heading of the plan, so that one
            # forgotten mark does not take the phases after it along.
            last = _before_heading(lines, opening.at, marks.all, at)
        else:
            last = marks.all[close].at
        for n in range(opening.at, last + 1):
            shade[n] = 1
        yield _fence(opening, last, closed=close is not None, outer=True)
        for child, end in inner:
            yield _fence(marks.all[child], marks.all[end].at, closed=True, outer=False)
        at = close + 1 if close is not None else at + 1


def _fence(opening: _Open, last: int, *, closed: bool, outer: bool) -> Fence:
    return Fence(
        line=opening.at + 1,
        end=last + 1,
        language=opening.language,
        closed=closed,
        outer=outer,
    )


def _markers(lines: tuple[str, ...], shade: bytearray) -> list[_Open]:
    found = []
    for at, line in enumerate(lines):
        if ("```" in line or "~~~" in line) and not shade[at]:
            match = _FENCE.match(line)
            if match:
                words = match[3].split(maxsplit=1)
                language = words[0].lower().strip("{}.") or "?" if words else ""
                above = at > 0 and bool(lines[at - 1].strip())
                below = at + 1 < len(lines) and bool(lines[at + 1].strip())
                opens = below and not above
                mark, indent = match[2], len(match[1])
                found.append(_Open(at, mark[0], len(mark), language, indent, opens))
    return found


class _Marks:
    """The fence marks of a file, and which one closes which.

    Every search is bounded, so that no text makes reading slow.
    """

    def __init__(self, marks: list[_Open]) -> None:
        self.all = marks
        self._bare = [n for n, mark in enumerate(marks) if not mark.language]
        self._patience = _PATIENCE

    def closing(self, at: int) -> tuple[int | None, list[tuple[int, int]]]:
        """Find the closing mark of a fence, and the fences inside it.

        Inside a block that shows a document, an opening mark with a language starts
        an inner block; should that leave the outer one open, CommonMark's reading
        stands.
        """
        opening = self.all[at]
        if opening.language in _DOCUMENT and self._patience:
            close, inner = self._nested(at)
            if close is not None:
                return close, inner
            self._patience -= 1
        first = bisect_right(self._bare, at)
        for n in self._bare[first : first + _MANY]:
            if _closes(self.all[n], opening):
                return n, []
        return None, []

    def _nested(self, at: int) -> tuple[int | None, list[tuple[int, int]]]:
        opening, stack, inner = self.all[at], [at], []
        for n in range(at + 1, min(len(self.all), at + _MANY)):
            mark = self.all[n]
            if mark.mark == opening.mark and _starts(mark, opening, len(stack)):
                stack.append(n)
            elif _closes(mark, self.all[stack[-1]]):
                start = stack.pop()
                if not stack:
                    return n, inner
                inner.append((start, n))
        return None, []


def _closes(mark: _Open, opening: _Open) -> bool:
    return (
        mark.mark == opening.mark and mark.width >= opening.width and not mark.language
    )


def _starts(mark: _Open, opening: _Open, depth: int) -> bool:
    """Say whether a mark inside a shown document opens a block of its own."""
    if mark.language:
        return bool(opening.language) or mark.indent > opening.indent
    return bool(opening.language) and mark.opens and depth == 1


def _before_heading(
    lines: tuple[str, ...], start: int, markers: list[_Open], at: int
) -> int:
    limit = markers[at + 1].at if at + 1 < len(markers) else len(lines)
    for n in range(start + 1, limit):
        if lines[n].startswith("## ") or lines[n].startswith("### "):
            return n - 1
    return limit - 1


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
            or not _RULER.match(ruler)
        ):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and "|" in lines[end] and not shade[end]:
            end += 1
        rows = tuple(Row(line=n + 1, cells=cells(lines[n])) for n in range(at + 1, end))
        yield Table(line=at, header=cells(lines[at - 1]), rows=rows)
        at = end + 1
