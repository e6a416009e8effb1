"""Plans whose phases are numbered check-boxes of a ``tasks.md``.

spec-kit (``- [ ] T001 [P] …``), OpenSpec (``- [x] 1.1 …``) and Kiro (the same, with
parents, ``_Requirements: 1.2_`` and optional items) differ in little else.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from weighlock.plan import key
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.model import Status
from weighlock.plan.outline import Book, Outline, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_ITEM = re.compile(
    r"(?P<indent>\s*)[-*]\s+(?P<box>\[[ xX~/>!-]\])(?:\\?\*)?\s+\**"
    r"(?P<key>T\d{3,4}[a-z]?|\d{1,3}(?:\.\d{1,3})*[a-z]?)(?:\*\*)?[.:)]?(?:\*\*)?\s+"
    r"(?P<title>\S.*)"
)
_TAGS = re.compile(r"(?:\[(?:P|US\d+|Story|MVP|[A-Z]{1,4}\d*)\]\s*)+")
_ENOUGH = 2
_SURE, _LIKELY = 0.9, 0.7


@dataclass(frozen=True, slots=True)
class _Box:
    line: int
    key: str
    title: str
    status: Status
    box: str


def spec_kit(book: Book) -> float:
    """Say how sure it is that the check-boxes carry ``T001`` numbers."""
    found = _boxes(_page(book))
    return _SURE if _many(found) and found[0].key.startswith("T") else 0.0


def openspec(book: Book) -> float:
    """Say how sure it is that this is a change of OpenSpec: no box has a box below."""
    found = _boxes(_page(book))
    if not _many(found) or found[0].key.startswith("T"):
        return 0.0
    if "openspec/" in book.path:
        return _SURE
    groups = _groups(found)
    return _LIKELY if _named(book) and not groups else 0.0


def kiro(book: Book) -> float:
    """Say how sure it is that this is a Kiro specification."""
    found = _boxes(_page(book))
    if not _many(found) or found[0].key.startswith("T"):
        return 0.0
    if ".kiro/" in book.path:
        return _SURE
    return _LIKELY if _named(book) and _groups(found) else 0.0


def read(book: Book) -> Outline:
    """Read the lowest numbered boxes as phases; a box with boxes below is a group."""
    page = _page(book)
    found = _boxes(page)
    parents = _groups(found)
    starts = [box.line for box in found]
    names = {box.key: box.title for box in found}
    units = tuple(
        Unit(
            page=page,
            key=box.key,
            title=box.title,
            first=box.line,
            last=_last(page, box.line, starts, at),
            status=box.status,
            status_text=box.box,
            group=_group(page, box, names),
        )
        for at, box in enumerate(found)
        if box.key not in parents
    )
    title = re.sub(r"\A(?:Tasks|Implementation Plan):?\s*", "", title_of(page))
    return Outline(
        units=units,
        title=title or posixpath.basename(posixpath.dirname(page.file)),
        id=plan_id((page,)),
        rules=tuple(p for p in book.pages.values() if p is not page),
    )


def _page(book: Book) -> Page:
    for path, page in book.pages.items():
        if posixpath.basename(path).lower() == "tasks.md":
            return page
    return book.main


def _named(book: Book) -> bool:
    return any(posixpath.basename(path).lower() == "tasks.md" for path in book.pages)


def _many(found: Sequence[_Box]) -> bool:
    return len({box.key for box in found}) >= _ENOUGH


@lru_cache(maxsize=4)
def _boxes(page: Page) -> tuple[_Box, ...]:
    found = []
    for number, line in enumerate(page.lines, 1):
        if "[" not in line[:40] or page.shade[number - 1]:
            continue
        match = _ITEM.match(line)
        name = key.normal(match["key"]) if match else None
        if match and name:
            title = clean(_TAGS.sub("", match["title"], count=1))
            state = read_status(match["box"]) or "pending"
            found.append(_Box(number, name, title, state, match["box"]))
    return tuple(found)


def _groups(found: Sequence[_Box]) -> set[str]:
    """Return the keys that have keys below: ``01`` when there is a ``1.1``."""
    return {key.parent(box.key) for box in found} & {box.key for box in found}


def _group(page: Page, box: _Box, names: dict[str, str]) -> str | None:
    above = key.parent(box.key)
    if above in names:
        return names[above]
    headings = [h for h in page.headings_between(1, box.line) if h.level > 1]
    return clean(headings[-1].text) if headings else None


def _last(page: Page, line: int, starts: Sequence[int], at: int) -> int:
    after = starts[at + 1] if at + 1 < len(starts) else len(page.lines) + 1
    heads = page.headings_between(line + 1, after)
    return (heads[0].line if heads else after) - 1
