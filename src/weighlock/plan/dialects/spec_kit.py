"""spec-kit: ``specs/001-x/`` with ``spec.md``, ``plan.md`` and ``tasks.md``."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.dialects.boxes import Box, boxes, many, named, tasks_page, units
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.outline import Book, Outline
from weighlock.plan.requirements import Defined

_SURE = 0.9
_T = r"T\d{1,4}(?:\.\d{1,3})*[a-z]?"
_ANY_T = _T.replace("T", "T-?")
_STORY = re.compile(r"User Story\s+(\d+)\s*[:.–—-]*\s*(.*)", re.IGNORECASE)
_SCENARIO = re.compile(
    r"[ \t]*(?:\d{1,2}[.)]|[-*])[ \t]+\**(?:Scenario|Given)\b", re.IGNORECASE
)
_DEPENDS = re.compile(
    r"(?:depends? on|requires|blocked by|after)\s+"
    rf"((?:{_ANY_T}[\s,&+–—-]{{0,4}}(?:(?:and|to)\s)?)+)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    rf"({_T})\s+(?:depends? on|requires|is blocked by|after)\s+"
    rf"((?:{_T}[\s,&+–—-]{{0,4}}(?:and\s)?)+)"
)
_NAMES = re.compile(rf"({_T})(?:\s*[-–—]\s*({_T}))?", re.IGNORECASE)
_ORDER = re.compile(r"dependenc|execution order", re.IGNORECASE)


def confidence(book: Book) -> float:
    """Say how sure it is that the check-boxes carry ``T001`` numbers."""
    found = boxes(tasks_page(book))
    lettered = sum(box.key.startswith("T") for box in found)
    return _SURE if many(found) and lettered * 2 > len(found) else 0.0


def read(book: Book) -> Outline:
    """Read the boxes as phases; ``[P]`` says which of them need not wait."""
    page = tasks_page(book)
    found = [box for box in boxes(page) if box.key.startswith("T")]
    stated = _stated(page, found)
    beside = _beside(page, found)
    spec = named(book, "spec.md")
    title = re.sub(r"\ATasks(?:\s*[:–—-]\s*|\s*\Z)", "", title_of(page))
    stories = tuple(_stories(spec)) if spec else ()
    return Outline(
        units=tuple(
            replace(unit, needs=stated.get(unit.key, beside.get(unit.key)))
            for unit in units(page, found)
        ),
        title=title or posixpath.basename(posixpath.dirname(page.file)),
        id=plan_id((page,)),
        rules=tuple(p for p in book.pages.values() if p is not page),
        defined=stories,
        covered={
            story.id: tuple(box.key for box in found if _tagged(box, story.id))
            for story in stories
        },
    )


def _tagged(box: Box, story: str) -> bool:
    return any(tag.replace("-", "") == story for tag in box.tags)


def _beside(page: Page, found: Sequence[Box]) -> dict[str, tuple[str, ...]]:
    """Give the needs that ``[P]`` states: those in a row need what stands before them.

    What follows such a row needs all of it, and a row ends with its section.  Boxes
    around which nothing is parallel keep the order of the plan.
    """
    needs: dict[str, tuple[str, ...]] = {}
    before: tuple[str, ...] = ()
    row: list[str] = []
    above = 0
    for box in found:
        if row and page.headings_between(above, box.line):
            before, row = tuple(row), []
        above = box.line
        if "P" in box.tags:
            needs[box.key] = before
            row.append(box.key)
            continue
        if row:
            before, row = tuple(row), []
        if len(before) > 1:
            needs[box.key] = before
        before = (box.key,)
    return needs


def _stated(page: Page, found: Sequence[Box]) -> dict[str, tuple[str, ...]]:
    """Return what is said outright: in the box itself, or in the part on the order."""
    keys = [box.key for box in found]
    needs: dict[str, dict[str, None]] = {}
    for box in found:
        for said in _DEPENDS.finditer(page.lines[box.line - 1][:2000]):
            needs.setdefault(box.key, {}).update(dict.fromkeys(_listed(said[1], keys)))
    for line in _order_lines(page):
        for said in _SENTENCE.finditer(line[:2000]):
            own = key.normal(said[1])
            if own in keys and own is not None:
                names = _listed(said[2], keys)
                needs.setdefault(own, {}).update(dict.fromkeys(names))
    return {
        own: tuple(name for name in names if name != own)
        for own, names in needs.items()
        if names
    }


def _order_lines(page: Page) -> Iterator[str]:
    depth = 0
    heads = {h.line: h for h in page.headings}
    for number, line in enumerate(page.lines, 1):
        head = heads.get(number)
        if head and (not depth or head.level <= depth):
            depth = head.level if _ORDER.search(head.text) else 0
        elif depth and not page.shade[number - 1]:
            yield line


def _listed(text: str, keys: Sequence[str]) -> Iterator[str]:
    for low, high in _NAMES.findall(text):
        first, last = key.normal(low), key.normal(high) if high else None
        if first and last:
            yield from key.between(first, last, keys)
        elif first:
            yield first


def _stories(page: Page) -> Iterator[Defined]:
    """Yield the user stories with their acceptance scenarios, ids ``US1``."""
    heads = page.headings
    for at, heading in enumerate(heads):
        found = _STORY.match(heading.text)
        if not found:
            continue
        end = next((h for h in heads[at + 1 :] if h.level <= heading.level), None)
        last = end.line - 1 if end else len(page.lines)
        lines = page.lines[heading.line : last]
        told = [x.strip()[:1000] for x in lines if _SCENARIO.match(x[:2000])]
        text = "\n".join([found[2].replace("🎯 MVP", "").strip(), *told])
        yield Defined(f"US{int(found[1])}", text.strip(), page.file, heading.line)
