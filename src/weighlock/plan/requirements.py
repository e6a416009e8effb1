"""Requirement ids: finding them, spreading ranges out, where they are defined."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from weighlock.plan.lines import Line
from weighlock.plan.markdown import Page, cells
from weighlock.plan.model import Phase, Span

ID = (
    r"(?:(?:REQ|FR|NFR|AC|US|UC|BR|TR|SR|CR|DELTA|HOOK|SC)-?(?:[A-Z0-9]+-)*[A-Z]*\d+"
    r"(?:\.\d+)*[a-z]?|REQ(?:-[A-Z0-9]+)+(?:\.\d+)*|R\d+(?:\.\d+)*)"
)
_ID = re.compile(
    rf"(?<![\w@:-])(?![\w-]*\dX+(?![\w-]))({ID})(?![\w-]*(?:\*(?!\*)|X))\b"
)
_ANY = r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[A-Z]*\d+(?:\.\d+)*[a-z]?"
_LEADING = re.compile(rf"[\s*`\[]*({ID}|{_ANY})(?![\w-]|\*(?!\*))")
_TAIL = re.compile(r"(.*?)(\d+)\Z")
_MORE = re.compile(
    r"[`*]*\s*(,|/|&|\band\b|\bthrough\b|\bto\b|\.\.+|…|–|—|-)\s*(?:and\s+)?[`*]*"
    rf"({ID}|(?:[A-Z]{{0,4}}-?)\d+(?:\.\d+)*)\b(?![\w-]*(?:\*(?!\*)|[X%]))"
)
_DEFINE = re.compile(
    rf"[\s*`\[]*({ID}|{_ANY})(?![\w-])[`*\]]*\s*(?:\([^)]*\)\s*)?(?:[:.—–|-]|\*\*)+\s*(.*)"
)
_HEADED = re.compile(
    rf"[\s*`\[]*({ID})[`*\]]*"
    r"(?:\s+(?!(?:to|and|through|covered)\b|&)(\w.*):|:)\Z"
)
"""A heading that is an id and a name with nothing between them: "REQ-003 Expiry"."""
_BARE = re.compile(
    rf"({ID})(?![\w-])\s+(?!(?i:and|or|to|through|covered)\b)(\w+\W+\w.*)"
)
_SPECIFICATION = re.compile(r"(?:\A|/)(?:spec|specification|requirements)\.\w+\Z")
"""Documents whose items define what they begin with: "- REQ-1 It says hello"."""
_HEADER = re.compile(r"(?:requirement|req)(?:\s*ids?)?|ids?|req\.?\s*#?", re.IGNORECASE)
_STATEMENT = re.compile(
    r"(?:requirement|description|statement|text|full text)s?", re.IGNORECASE
)
"""The header of a column that says what is required, and nothing else."""
_PHASES = re.compile(r"\bphases?\b", re.IGNORECASE)
"""In a header: the column says where a requirement is covered, not what it says."""
_WILD = re.compile(
    r"(?<![\w@:-])REQ-(?:[A-Z0-9-]*[A-Z0-9-]\*(?!\*)|[A-Z0-9-]*\dX+(?![\w-]))"
)
_ANYTHING = re.compile(r"(?:\*|(?<=\d)X+)\Z")
"""The end of a wildcard: ``REQ-1598-PR*``, ``REQ-SP4-00X``."""
_ENDS = re.compile(r"(?P<stem>.*?)(?P<low>[A-Z]*\d+)-(?P<high>[A-Z]*\d+)\Z")
"""A range written as one word: ``REQ-1598-FL01-FL18``, ``REQ-MP-001-003``."""
_LISTED = re.compile(rf"[\s`*]*{ID}(?![\w-])[\s`*,;.]*(?:\Z|[,&]|and\b)")
"""What follows an id in a list or a range of ids: nothing is defined there."""
_NUMBERS = re.compile(r"\d+(?:\.\d+)*(?:\s*,\s*\d+(?:\.\d+)*)*")
_MOST_LINES = 30
_SPAN_LIMIT = 200
_LONG = 1000
_IDS = re.compile(r"-|R\d")
"""What every line that defines an id has."""
_ITEM_STARTS = frozenset(" -*+0123456789\t")


@dataclass(frozen=True, slots=True)
class Defined:
    """A requirement where it is written down."""

    id: str
    text: str
    file: str
    line: int
    table: int = 0
    """Line of the table of requirements that it is a row of; 0 for none."""


def read_ids(text: str) -> list[str]:
    """Return the ids in a text, ranges and short forms (``CL01, CL02``) spread out."""
    found: dict[str, None] = {}
    at = 0
    while match := _ID.search(text, at):
        at = match.end()
        last = match[1]
        found[last] = None
        while more := _MORE.match(text, at):
            name = _complete(last, more[2])
            if name is None:
                break
            spread = more[1] not in {",", "/", "&", "and"}
            found.update(dict.fromkeys(_range(last, name) if spread else (name,)))
            last, at = name, more.end()
    return list(found)


def _complete(before: str, short: str) -> str | None:
    """Return the full id of a short form, from the id before it.

    ``CL02`` goes on after ``REQ-1-CL01``; after ``REQ-001`` an ``EC1`` or a lone ``3``
    is something else.
    """
    if re.fullmatch(ID, short):
        return short
    prefix = short.rstrip("0123456789.")
    stem = re.sub(r"[A-Z]*\d+(?:\.\d+)*[a-z]?\Z", "", before)
    own = re.sub(r"\d.*\Z", "", before[len(stem) :])
    number, first = short[len(prefix) :], before[len(stem) + len(own) :]
    if (prefix and not (stem and own)) or not (stem or own):
        return None
    if first.startswith("0") and len(number) < len(first.split(".")[0]):
        return None
    return stem + (prefix or own) + number


@lru_cache(maxsize=1024)
def _range(first: str, last: str) -> tuple[str, ...]:
    low, high = _TAIL.match(first), _TAIL.match(last)
    if not low or not high or low[1] != high[1]:
        return (last,)
    start, end = int(low[2]), int(high[2])
    if not start < end <= start + _SPAN_LIMIT:
        return (last,)
    width = len(low[2])
    return tuple(f"{low[1]}{n:0{width}d}" for n in range(start + 1, end + 1))


def phase_ids(lines: Iterable[Line]) -> list[str]:
    """Return the ids that a phase's requirement section names, wildcards as written."""
    found: dict[str, None] = {}
    for line in lines:
        if line.topic != "requirements" or not _lists_ids(line):
            continue
        if line.text.startswith("|"):
            found.update(dict.fromkeys(read_ids(cells(line.text)[0])))
            continue
        if line.label and _NUMBERS.fullmatch(line.text.strip("_ ")):
            found.update(dict.fromkeys(re.findall(r"\d+(?:\.\d+)*", line.text)))
        named = read_ids(line.text)
        lead = _LEADING.match(line.text)
        if lead and not _ANYTHING.search(lead[1]) and not _spans(lead[1], named):
            found[lead[1]] = None
        found.update(dict.fromkeys(named))
        if "*" in line.text or "X" in line.text:
            found.update(dict.fromkeys(m[0] for m in _WILD.finditer(line.text)))
    return list(found)


def _spans(word: str, named: Sequence[str]) -> bool:
    """Say whether a word such as ``R1-R3`` is a range of ids that were found."""
    return word not in named and any(word.startswith(f"{name}-") for name in named)


def _lists_ids(line: Line) -> bool:
    """Say whether a line names ids, and is not the text of a requirement."""
    if line.heading or line.text.startswith("|") or _LEADING.match(line.text):
        return True
    if line.label:
        return not line.text.startswith(("*", line.label))
    return line.item and line.indent == 0


def definitions(page: Page) -> Iterator[Defined]:
    """Yield what a page defines: headings, items and rows that start with an id."""
    for part in page.front.get("requirements", "").strip("[]").split(","):
        yield from (Defined(name, "", page.file, 1) for name in _whole(part))
    for at, heading in enumerate(page.headings):
        said = f"{heading.text}:"
        if found := _DEFINE.match(said) or _HEADED.match(said):
            text = f"{(found[2] or '').strip(': ')}\n{_below(page, at)}".strip()
            yield Defined(found[1], text, page.file, heading.line)
    yield from _defined_in_lines(page)
    yield from _defined_in_tables(page)


def _defined_in_lines(page: Page) -> Iterator[Defined]:
    forms = [_DEFINE, _BARE] if _SPECIFICATION.search(page.file) else [_DEFINE]
    for at, line in enumerate(page.lines):
        if line[:1] in _ITEM_STARTS and _IDS.search(line) and not page.shade[at]:
            stripped = line[:_LONG].lstrip(" \t-*+`[]xX0123456789.)").replace("**", "")
            found = next((m for form in forms if (m := form.match(stripped))), None)
            if found and re.fullmatch(ID, found[1]) and not _LISTED.match(found[2]):
                yield Defined(found[1], found[2].strip(), page.file, at + 1)


def again(found: Iterable[Defined]) -> dict[str, tuple[Span, ...]]:
    """Return where ids are defined once more in one table, in other words.

    A summary and the full text, or a plan and its specification, are one definition;
    and most headings, items and rows of other tables that begin with an id only speak
    of it.
    """
    first: dict[tuple[str, str, int], str] = {}
    more: dict[str, dict[Span, None]] = {}
    for item in found:
        text = " ".join(item.text.split())
        if not text or not item.table:
            continue
        if first.setdefault((item.id, item.file, item.table), text) != text:
            more.setdefault(item.id, {})[Span(file=item.file, line=item.line)] = None
    return {name: tuple(places) for name, places in more.items()}


def _below(page: Page, at: int) -> str:
    """Return what stands between a heading and the next one, cut to a bound."""
    rest = page.headings[at + 1 : at + 2]
    end = rest[0].line - 1 if rest else len(page.lines)
    lines = page.lines[page.headings[at].line : end]
    return "\n".join(line[:_LONG] for line in lines[:_MOST_LINES]).strip()


def _defined_in_tables(page: Page) -> Iterator[Defined]:
    for table in page.tables:
        if not _HEADER.fullmatch(table.header[0].strip("* ")):
            continue
        second = "".join(table.header[1:2]).strip("* ")
        number = table.line if _STATEMENT.fullmatch(second) else 0
        told = len(table.header) > 1 and not _PHASES.search(table.header[1])
        for row in table.rows:
            text = row.cells[1] if told and len(row.cells) > 1 else ""
            for name in read_ids(row.cells[0]) or _whole(row.cells[0]):
                own = number if row.cells[0].strip(" *`[]") == name else 0
                yield Defined(name, text, page.file, row.line, own)


def _whole(cell: str) -> list[str]:
    found = re.fullmatch(rf"[\s*`]*({_ANY})[\s*`]*", cell)
    return [found[1]] if found else []


def matching(phase: Phase, defined: Sequence[str]) -> Phase:
    """Spread wildcards and ranges of one word among a phase's requirements out.

    ``defined`` is sorted.
    """
    names: dict[str, None] = {}
    for name in phase.requirements:
        if wild := _ANYTHING.search(name):
            stem = name[: wild.start()]
            low = bisect_left(defined, stem)
            high = bisect_left(defined, stem + "\U0010ffff", low)
            names.update(dict.fromkeys(defined[low:high]))
        else:
            names.update(dict.fromkeys(_one_word(name, defined)))
    if tuple(names) == phase.requirements:
        return phase
    return replace(phase, requirements=tuple(names))


def _one_word(name: str, defined: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of ``REQ-MP-001-003``, unless it is an id of its own.

    It is one where it is defined, or where the plan defines others below the same stem.
    """
    ends = _ENDS.match(name)
    if ends is None or len(ends["low"]) != len(ends["high"]):
        return (name,)
    first, last = ends["stem"] + ends["low"], ends["stem"] + ends["high"]
    at = bisect_left(defined, f"{first}-")
    if defined[at : at + 1] and defined[at].startswith(f"{first}-"):
        return (name,)
    lettered = not ends["low"].isdigit()
    if not lettered and first not in defined and last not in defined:
        return (name,)
    spread = _range(first, last)
    return (first, *spread) if len(spread) > 1 or spread[0] != last else (first, last)
