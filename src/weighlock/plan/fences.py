"""Fenced blocks, also where CommonMark would read them as their author did not mean.

Two habits are common in plans: a fence inside a fence of the same length, and a fence
that is never closed, which would swallow the rest of the plan.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(
    r"([ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+|>[ \t]*)?)(`{3,}|~{3,})([^`]*)$"
)
_DOCUMENT = frozenset({"", "markdown", "md", "mdx", "text", "txt"})
_MANY = 400
_PATIENCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block; ``line`` and ``end`` are its marker lines."""

    line: int
    end: int
    language: str
    closed: bool
    outer: bool
    """Whether it stands by itself, not inside another fence."""


@dataclass(slots=True)
class _Open:
    at: int
    mark: str
    width: int
    language: str
    indent: int
    opens: bool
    """Laid out as an opening: a blank line before it, text after it."""


def find_fences(lines: tuple[str, ...], shade: bytearray) -> Iterator[Fence]:
    """Yield every fence, outer ones in order, and mark their lines with 1 in shade."""
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
        opening, stack = self.all[at], [at]
        inner: list[tuple[int, int]] = []
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
