"""A specification's text → requirements with ids, and the components they make.

Ids stand at the start of a heading, a list item, a paragraph or a table row.  What is
said of a requirement reaches to the next one.  Nothing is invented: a requirement
without a word is a fault of the specification.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from weighlock.errors import PlanError
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.encoding import decode
from weighlock.plan.markdown import Page, scan
from weighlock.plan.requirements import ID, read_ids
from weighlock.plan.write.scenario import Scenario, is_step, scenarios

_ANY = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[A-Z]*\d+(?:\.\d+)*[a-z]?"
_START = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>#{1,6}[ \t]+|(?:[-*+]|\d{1,3}[.)])[ \t]+"
    r"(?:\[[ xX]\][ \t]+)?)?[*_`\[]*"
    rf"(?P<id>{ID}|{_ANY})(?![\w-])(?P<close>[*_`\]]*)[ \t]*(?:\([^)]*\)[ \t]*)?"
    r"(?P<sep>[:.—–|-]*)[ \t]*(?P<rest>.*)"
)
_NAMES = re.compile(
    r"(?:requirement|req)s?(?:\s*ids?)?|ids?|req\.?\s*#?", re.IGNORECASE
)
_PHASES = re.compile(r"\b(?:phases?|status|priority)\b", re.IGNORECASE)
_OUT = re.compile(
    r"out[ -]of[ -]scope|non-?goals|not in scope|future work|deferred", re.IGNORECASE
)
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+")
_MODAL = re.compile(r"\b(?:shall|must)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?!(?:and|or|to|through|covered)\b)\w+\W+\w", re.IGNORECASE)
_LONG = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One requirement as its author wrote it."""

    id: str
    title: str
    """What stands behind the id, markup taken off; may be empty."""
    body: tuple[str, ...]
    """The lines below, without blank ones at either end."""
    scenarios: tuple[Scenario, ...]
    section: tuple[str, ...]
    """The headings it stands under, outermost first."""
    line: int

    @property
    def statement(self) -> str:
        """Return what it asks, on one line."""
        told = next((s.then for s in self.scenarios if s.then), "")
        plain = (_plain(line) for line in self.body if not _is_block(line))
        first = next((line for line in plain if line), "")
        return self.title or first or told


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """What a plan is to be made of."""

    title: str
    purpose: str
    """The first paragraph, on one line; may be empty."""
    requirements: tuple[Wanted, ...]
    excluded: tuple[str, ...]
    """Ids that stand under a heading such as "Out of scope"."""
    page: Page


def read_specification(data: bytes, file: str) -> Specification:
    """Read a specification.

    Args:
        data: Its bytes.
        file: Its path, for messages.

    Raises:
        PlanError: A requirement has an id and not one word.
    """
    page = scan(file, decode(data).lines)
    found = tuple(_requirements(page))
    wanted = [r for r in found if not _outside(r)]
    for one in wanted:
        if not one.statement:
            raise PlanError(
                f"requirement {one.id} says nothing yet",
                where=f"{file}:{one.line}",
                hint="write behind it what must be true, or delete it",
            )
    kept = {r.id for r in wanted}
    return Specification(
        title=title_of(page),
        purpose=_purpose(page),
        requirements=tuple(wanted),
        excluded=tuple(dict.fromkeys(r.id for r in found if r.id not in kept)),
        page=page,
    )


def _outside(one: Wanted) -> bool:
    return any(_OUT.search(heading) for heading in one.section)


def _requirements(page: Page) -> Iterator[Wanted]:
    """Yield each id once: where it has most to say of the places it starts."""
    places = list(_places(page))
    starts = [line for line, *_ in places]
    seen: dict[str, Wanted] = {}
    for at, (line, name, rest, table) in enumerate(places):
        after = starts[at + 1] if at + 1 < len(starts) else len(page.lines) + 1
        last = line if table else _end(page, line, after)
        body = _trimmed(page.lines[line:last])
        one = Wanted(
            id=name,
            title=_plain(rest),
            body=body,
            scenarios=scenarios((rest, *body)),
            section=_above(page, line),
            line=line,
        )
        if name not in seen or (one.statement and not seen[name].statement):
            seen[name] = one
    yield from sorted(seen.values(), key=lambda r: r.line)


def _places(page: Page) -> Iterator[tuple[int, str, str, bool]]:
    """Yield (line, id, the words behind it, in a table), in the order of the text."""
    found = [*_in_lines(page), *_in_tables(page)]
    names = {name for _, name, *_ in found}
    found += [place for place in _bare(page) if place[1] not in names]
    yield from sorted(dict.fromkeys(found))


def _bare(page: Page) -> Iterator[tuple[int, str, str, bool]]:
    """Yield the items that are an id and words, with nothing between: "- REQ-1 It is".

    They count where nothing else defines the id, for a list may only speak of it.
    """
    for number, line in enumerate(page.lines, 1):
        start = None if page.shade[number - 1] else _START.match(line[:_LONG])
        if start is None or not _mark(start) or not _SENTENCE.match(start["rest"]):
            continue
        if re.fullmatch(ID, start["id"]):
            yield number, start["id"], start["rest"], False


def _in_lines(page: Page) -> Iterator[tuple[int, str, str, bool]]:
    series = _series(page)
    for number, line in enumerate(page.lines, 1):
        start = None if page.shade[number - 1] else _START.match(line[:_LONG])
        if start is None:
            continue
        heading = "#" in _mark(start)
        told = (
            bool(start["sep"] or set("*]") & set(start["close"]))
            or not start["rest"]
            or _MODAL.search(start["rest"]) is not None
        )
        known = re.fullmatch(ID, start["id"]) or start["id"] in series
        if heading or (told and known):
            yield number, start["id"], start["rest"], False


def _mark(start: re.Match[str]) -> str:
    return start["mark"] or ""


@lru_cache(maxsize=4)
def _series(page: Page) -> frozenset[str]:
    """Return the ids of a make of their own (``AUTH-001``) that several lines have.

    One alone may well be "UTF-8: the only encoding".
    """
    makes: dict[str, set[str]] = {}
    for number, line in enumerate(page.lines):
        found = _START.match(line[:_LONG]) if not page.shade[number] else None
        if found and (found["sep"] or "*" in found["close"] or "#" in _mark(found)):
            make = re.sub(r"[\d.]+[a-z]?\Z", "", found["id"])
            makes.setdefault(make, set()).add(found["id"])
    return frozenset(i for ids in makes.values() if len(ids) > 1 for i in ids)


def _in_tables(page: Page) -> Iterator[tuple[int, str, str, bool]]:
    for table in page.tables:
        if not _NAMES.fullmatch(table.header[0].strip("* ")):
            continue
        column = next(
            (n for n, h in enumerate(table.header) if n and not _PHASES.search(h)), 0
        )
        for row in table.rows:
            ids = read_ids(row.cells[0]) or re.findall(
                rf"\A[*`]*({_ANY})", row.cells[0]
            )
            text = row.cells[column] if 0 < column < len(row.cells) else ""
            yield from ((row.line, name, text, True) for name in ids)


def _end(page: Page, line: int, after: int) -> int:
    """Return the last line that belongs to the requirement on a line."""
    first = page.lines[line - 1]
    headings = page.headings_between(line + 1, after - 1)
    own = next((h for h in page.headings_between(line, line)), None)
    if own is not None:
        return next((h.line - 1 for h in headings if h.level <= own.level), after - 1)
    limit = headings[0].line - 1 if headings else after - 1
    item = _ITEM.match(first)
    depth = len(item[1].expandtabs(4)) if item else -1
    for number in range(line + 1, limit + 1):
        if page.shade[number - 1] != 1 and _leaves(page, number, depth):
            return number - 1
    return limit


def _leaves(page: Page, number: int, depth: int) -> bool:
    """Say whether a line no longer speaks of the item or paragraph above."""
    text = page.lines[number - 1]
    if not text.strip() or is_step(text):
        return False
    indent = len(text.expandtabs(4)) - len(text.expandtabs(4).lstrip())
    listed = _ITEM.match(text) is not None
    blank = not page.lines[number - 2].strip()
    if depth < 0:
        return blank and not listed
    return (listed and indent <= depth) or (blank and indent <= depth)


def _above(page: Page, line: int) -> tuple[str, ...]:
    """Return the headings above a line, outermost first, its own left out."""
    stack: list[tuple[int, str]] = []
    own = next((h.level for h in page.headings_between(line, line)), 7)
    for heading in page.headings_between(1, line - 1):
        while stack and stack[-1][0] >= heading.level:
            stack.pop()
        stack.append((heading.level, heading.text))
    return tuple(text for level, text in stack if level < own)


def _trimmed(lines: Sequence[str]) -> tuple[str, ...]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return tuple(kept)


def _purpose(page: Page) -> str:
    """Return the first paragraph of plain words above the first requirement."""
    words: list[str] = []
    for at, line in enumerate(page.lines):
        text = line.strip()
        if _START.match(line):
            break
        if text and not page.shade[at] and text[0] not in "#|-*+>=<":
            words.append(text)
        elif words:
            break
    return _plain(" ".join(words))


def _is_block(line: str) -> bool:
    return line.lstrip().startswith(("```", "~~~", "|", "#", "<!--")) or is_step(line)


def _plain(text: str) -> str:
    """Take bullets, boxes and bold marks off one line."""
    text = re.sub(r"\A\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?", "", text)
    return " ".join(text.replace("**", "").split()).strip(" :|")
