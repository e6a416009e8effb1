"""Phases that are numbered check-boxes of a page: what three dialects share.

spec-kit (``- [ ] T001 [P] …``), OpenSpec (``- [x] 1.1 …``) and Kiro (the same, with
parents, ``_Requirements: 1.2_`` and optional items) differ in what stands around them.
"""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from weighlock.plan import key
from weighlock.plan.dialects.items import item_command, item_files, item_kind
from weighlock.plan.markdown import Heading, Page
from weighlock.plan.model import Status
from weighlock.plan.outline import Added, Book, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean, read_title

_BOX = re.compile(
    r"(?P<indent>[ \t>]*)(?:[-*+]|(?P<number>\d{1,3})[.)])[ \t]+"
    r"\[(?P<mark>[^\[\]\n]{0,3})\](?P<star>\\?\*)?[ \t]+(?P<text>\S.*)"
)
_KEY = re.compile(
    r"(?:\*\*|__|~~|`|\()*(?:Task[ \t]+)?"
    r"(?P<key>T-?\d{1,4}(?:\.\d{1,3})*[a-z]?|\d{1,3}(?:\.\d{1,3})*[a-z]?)"
    r"(?:\*\*|__|`|\))*(?:[.:)]|[ \t]+[-–—](?=[ \t]))?(?:\*\*|__|`)*"
    r"(?:[ \t]+|(?=[\[*]))(?P<title>\S.*)"
)
_DEPENDS = re.compile(
    r"[(\[]\s*(?:depends? on|requires|needs|after|blocked by):?\s+(?:tasks?\s+)?"
    r"(\d[\d.,&\s]*(?:and\s+[\d.]+)?)\s*[)\]]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_TAG = re.compile(r"\s*\[(P|US-?\d+|Story|MVP|[A-Z]{1,4}\d*)\]")
_ENOUGH = 2
_LINE = 4000
_UNDONE = frozenset({"", " ", "☐", "⬜"})


@dataclass(frozen=True, slots=True)
class Box:
    """A check-box that starts a phase, or a group of them."""

    line: int
    indent: int
    key: str
    title: str
    status: Status
    mark: str
    """The box as written, with the star of an optional item."""
    tags: frozenset[str]
    """``P``, ``US1`` …"""


def tasks_page(book: Book) -> Page:
    """Return the page that holds the boxes: ``tasks.md``, else the largest."""
    for path, page in book.pages.items():
        if posixpath.basename(path).lower() == "tasks.md":
            return page
    return book.main


def named(book: Book, name: str) -> Page | None:
    """Return the page with this file name."""
    paths = (p for p in book.pages if posixpath.basename(p).lower() == name)
    return next((book.pages[p] for p in paths), None)


def many(found: Sequence[Box]) -> bool:
    """Say whether these are enough boxes for a plan."""
    return len({box.key for box in found}) >= _ENOUGH


@lru_cache(maxsize=8)
def boxes(page: Page) -> tuple[Box, ...]:
    """Return the numbered boxes of a page."""
    return tuple(box for _, box in _all(page) if box.key)


@lru_cache(maxsize=8)
def counted(page: Page) -> tuple[Box, ...]:
    """Return the numbered boxes, and give a number to those of a section without any.

    A section "## 3. Docs" whose boxes carry no numbers has 3.1, 3.2 …; a page without
    any number has 01, 02 ….
    """
    found = [box for _, box in _all(page)]
    numbered = {_section(page, box.line) for box in found if box.key}
    loose: Counter[str] = Counter()
    taken = {box.key for box in found}
    out: list[Box] = []
    for box in found:
        name = box.key
        heading = _section(page, box.line)
        if not name and not box.indent and heading not in numbered:
            number = _number(heading)
            loose[number] += 1
            given = f"{number}.{loose[number]}" if number else f"{loose['']:02d}"
            if (number or not numbered) and given not in taken:
                name = given
        if name:
            out.append(replace(box, key=name))
    return tuple(out)


def _all(page: Page) -> Iterator[tuple[int, Box]]:
    for number, line in enumerate(page.lines, 1):
        if "[" not in line[:40] or page.shade[number - 1]:
            continue
        if found := _BOX.match(line[:_LINE]):
            yield number, _box(number, found)


def _box(line: int, found: re.Match[str]) -> Box:
    text = re.sub(r"\A[^\w*`~(\[]+\s+", "", found["text"])
    title = text
    name = None
    if match := _KEY.match(text):
        name = key.normal(match["key"].replace("-", "").replace("t", "T"))
        title = match["title"]
    tags = set()
    while tag := _TAG.match(title):
        tags.add(tag[1])
        title = title[tag.end() :]
    mark = f"[{found['mark']}]"
    return Box(
        line=line,
        indent=len(found["indent"].expandtabs(4)),
        key=name or (key.normal(found["number"]) if found["number"] else "") or "",
        title=clean(title.replace("~~", "")),
        status=read_status(mark if mark != "[]" else "[ ]") or "pending",
        mark=mark + ("*" if found["star"] else ""),
        tags=frozenset(tags),
    )


def groups(found: Iterable[Box]) -> set[str]:
    """Return the keys that have keys below: ``01`` when there is a ``1.1``."""
    listed = {box.key for box in found}
    return {key.parent(name) for name in listed} & listed


def _section(page: Page, line: int) -> Heading | None:
    above = page.headings_between(1, line)
    return above[-1] if above and above[-1].level > 1 else None


def _number(heading: Heading | None) -> str:
    """Return the number of a section as its items carry it: ``3`` of "## 3. Docs"."""
    found = read_title(heading.text) if heading else None
    return (found.key.lstrip("0") or "0") if found else ""


def units(page: Page, found: Sequence[Box]) -> tuple[Unit, ...]:
    """Return the lowest boxes as phases; a box with boxes below is a group."""
    parents = groups(found)
    names = {box.key: box.title for box in found}
    leaves = [box.key for box in found if box.key not in parents]
    return tuple(
        Unit(
            page=page,
            key=box.key,
            title=box.title,
            first=box.line,
            last=(last := _last(page, box.line, found, at)),
            status=box.status,
            status_text=box.mark,
            group=_group(page, box, names),
            needs=_needs(box, leaves),
            added=_added(page, box, last),
        )
        for at, box in enumerate(found)
        if box.key not in parents
    )


def _needs(box: Box, leaves: Sequence[str]) -> tuple[str, ...] | None:
    """Return what "(depends on 1, 2.1)" in a title names; of a group all leaves."""
    found = _DEPENDS.search(box.title)
    said = _NUMBER.findall(found[1]) if found else []
    named = {key.normal(number) for number in said}
    keys = [k for k in leaves if k in named or key.parent(k) in named]
    return tuple(k for k in keys if k != box.key) or None


def _added(page: Page, box: Box, last: int) -> Added:
    """Read the files and the command that the words of a box and its items name."""
    items = [(box.line, box.title)]
    for number in range(box.line + 1, last + 1):
        text = page.lines[number - 1].lstrip(" \t>")
        if text[:2] in {"- ", "* ", "+ "} and not page.shade[number - 1]:
            items.append((number, re.sub(r"\A[-*+]\s+(?:\[.\]\s+)?", "", text)))
    command = item_command(box.line, box.title, page.file)
    return Added(
        kind=item_kind(box.title),
        files=item_files(items, page.file),
        commands=(command,) if command else (),
    )


def _group(page: Page, box: Box, names: dict[str, str]) -> str | None:
    above = key.parent(box.key)
    if above in names:
        return names[above]
    heading = _section(page, box.line)
    return clean(heading.text) if heading else None


def _last(page: Page, line: int, found: Sequence[Box], at: int) -> int:
    after = found[at + 1].line if at + 1 < len(found) else len(page.lines) + 1
    heads = page.headings_between(line + 1, after)
    return (heads[0].line if heads else after) - 1
