"""Kiro: ``.kiro/specs/X/`` with ``requirements.md``, ``design.md``, ``tasks.md``."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from weighlock.plan.dialects.boxes import (
    Box,
    boxes,
    counted,
    groups,
    many,
    named,
    tasks_page,
    units,
)
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.outline import Book, Outline, Unit
from weighlock.plan.requirements import Defined

_SURE, _LIKELY = 0.9, 0.7
_CITES = re.compile(
    r"\s*(?:[-*+]\s+)?[_*]*(?:Validates:?[_*]*\s*)?Requirements?(?:\s+covered)?:?[_*]*"
    r"\s*(?P<ids>(?:All(?![a-z])|\d).*?)[_*\s]*\Z",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+(?:\.\d+)?)(?:\s*(?:-|–|to|through)\s*(\d+(?:\.\d+)?))?")
_REQUIREMENT = re.compile(
    r"(?:Requirement\s+(?P<named>\d+)|(?P<bare>\d+)[.:)])\s*[:.–—-]*\s*", re.IGNORECASE
)
_CRITERION = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(?:\[.\][ \t]+)?[*_]*(?:AC[ -]?)?"
    r"(?P<id>\d{1,3}(?:\.\d{1,3})?)[*_]*[.):]?[*_]*[ \t]+(?P<text>\S.*)",
    re.IGNORECASE,
)
_CRITERIA = re.compile(r"acceptance criteria", re.IGNORECASE)
_EARS = re.compile(r"\b(?:WHEN|IF|WHILE|WHERE|SHALL|THEN)\b")


def confidence(book: Book) -> float:
    """Say how sure it is: the folder, cited criteria, or boxes below boxes."""
    page = tasks_page(book)
    if ".kiro/" in f"{book.path}/" and many(counted(page)):
        return _SURE
    found = boxes(page)
    if not many(found) or found[0].key.startswith("T"):
        return 0.0
    if any(line.lstrip(" -*").startswith("_Requirements:") for line in page.lines):
        return _SURE
    there = named(book, "requirements.md")
    if there and any(_CRITERIA.search(h.text) for h in there.headings):
        return _SURE
    here = posixpath.basename(page.file).lower() == "tasks.md"
    return _LIKELY if here and groups(found) else 0.0


def read(book: Book) -> Outline:
    """Read the lowest boxes as phases, the criteria of ``requirements.md`` beside."""
    page = tasks_page(book)
    found = tuple(map(_state, counted(page)))
    about = named(book, "requirements.md")
    defined = tuple(criteria(about)) if about else ()
    known = [item.id for item in defined]
    title = re.sub(
        r"\A(?:Tasks|Implementation (?:Plan|Tasks)|Task List):?\s*[–—-]*\s*",
        "",
        title_of(page),
        flags=re.IGNORECASE,
    )
    return Outline(
        units=tuple(_cited(unit, known) for unit in units(page, found)),
        title=title or posixpath.basename(posixpath.dirname(page.file)),
        id=plan_id((page,)),
        rules=tuple(p for p in book.pages.values() if p not in {page, about}),
        defined=defined,
    )


def _state(box: Box) -> Box:
    """Read ``[-]`` as Kiro writes it: work has begun."""
    return replace(box, status="in_progress") if box.mark.startswith("[-]") else box


def _cited(unit: Unit, known: Sequence[str]) -> Unit:
    lines = unit.page.lines[unit.first : unit.last]
    ids: dict[str, None] = {}
    for line in lines:
        if "equirement" in line and (found := _CITES.match(line[:2000])):
            ids.update(dict.fromkeys(_spread(found["ids"], known)))
    return replace(unit, added=replace(unit.added, requirements=tuple(ids)))


def _spread(text: str, known: Sequence[str]) -> Iterator[str]:
    """Yield the criteria that a citation names; a whole requirement has all of its own.

    "All" is every criterion; a range counts within one requirement.
    """
    if text.lower().startswith("all"):
        yield from known
        return
    for low, high in _RANGE.findall(text):
        own = [name for name in known if name.startswith(f"{low}.")]
        if high:
            yield from _between(low, high)
        elif own and low not in known:
            yield from own
        else:
            yield low


def _between(low: str, high: str) -> Iterable[str]:
    stem, _, first = low.rpartition(".")
    other, _, last = high.rpartition(".")
    if (stem == other or not other) and int(first) <= int(last) <= int(first) + 99:
        dot = f"{stem}." if stem else ""
        return (f"{dot}{n}" for n in range(int(first), int(last) + 1))
    return (low, high)


def criteria(page: Page) -> Iterator[Defined]:
    """Yield the acceptance criteria of a requirements page, ids ``1.2``.

    Under "### Requirement 1" the items count 1, 2 …; some authors write 1.1 themselves.
    """
    number = ""
    for at, heading in enumerate(page.headings):
        if found := _REQUIREMENT.match(heading.text.strip("*_ ")):
            number = str(int(found["named"] or found["bare"]))
        elif heading.level == 1:
            number = ""
        if number:
            after = page.headings[at + 1].line if at + 1 < len(page.headings) else 0
            last = after - 1 if after else len(page.lines)
            yield from _below(page, heading.line + 1, last, number)


def _below(page: Page, first: int, last: int, number: str) -> Iterator[Defined]:
    for line in range(first, last + 1):
        found = _CRITERION.match(page.lines[line - 1][:2000])
        if not found or page.shade[line - 1]:
            continue
        own = found["id"]
        if "." not in own and not _stands(page, first, line, found["text"]):
            continue
        name = own if "." in own else f"{number}.{int(own)}"
        text = " ".join((found["text"], *_rest(page, line, last)))
        yield Defined(name, text.replace("**", "").strip(), page.file, line)


def _stands(page: Page, first: int, line: int, text: str) -> bool:
    """Say whether a numbered item is a criterion: by its place, or by its words."""
    heading = page.headings_between(1, first)[-1]
    told = _CRITERIA.search(heading.text) or any(
        _CRITERIA.search(x[:80]) for x in page.lines[first - 1 : line]
    )
    return bool(told or _EARS.search(text))


def _rest(page: Page, line: int, last: int) -> Iterator[str]:
    """Yield the lines that go on with an item: deeper, no new number."""
    for text in page.lines[line:last]:
        if not text.strip() or not text[0].isspace() or _CRITERION.match(text[:2000]):
            return
        yield text.strip()[:1000]
