"""Phases that are headings of one page: what several dialects share."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from weighlock.plan import key
from weighlock.plan.markdown import Heading, Page
from weighlock.plan.outline import Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import UNITS, Numbered, clean, read_file_name, read_title

_FILE_ENDINGS = (".md", ".markdown")
_ORDER = {name: n for n, name in enumerate((*UNITS[:1], "file", *UNITS[1:], ""))}
# A family of so few headings gives way to one that has twice as many.
_FEW = 1
_WEAK = ("", "week", "day")
"""Families that give way to any other: bare numbers, and what counts time."""
_LOWEST_BARE = 3
_FAR_MORE = 2
_SHARE = 3
_CHAPTER = re.compile(
    r"(?:problem|background|context|overview|introduction|(?:executive )?summary|scope"
    r"|purpose|goals?|non-?goals|objectives?|out of scope|explicit|root cause|defect"
    r"|risks?|accept|design|architecture|constraints?|guardrails?|references|appendix"
    r"|open questions?|verification|boundary|reported|ground truth|assumptions?"
    r"|decisions?|success (?:criteria|metrics)|rollback|timeline|glossary"
    r"|conclusion)\b",
    re.IGNORECASE,
)


_TWO = 2
_OWN_UNITS = ("wp", "work package")
_NEED = re.compile(
    r"[\s>*_|-]{0,8}(?:depend(?:s on|ency|encies)|deps|requires|blocked by|needs)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<![\w.])\d{1,3}\.\d{1,3}(?![\w.%]*\d)")
_LONG = 2000
_LINE = re.compile(
    r" {0,3}(?P<shape>(?:[-*+][ \t]+)?(?P<box>\[[ xX~/!-]\][ \t]+)?"
    r"(?:\*\*|__|<h[1-6][^>]{0,80}>|>[ \t]*#{1,6}[ \t]+)?)"
    r"(?P<text>[A-Za-z]{2,12}[ \t_-]{0,2}#?\d.{0,400})"
)
_CLOSE = re.compile(r"\*\*|__|</h[1-6]>")
_BARE = re.compile(r"[-*+]?\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """A heading that starts a phase."""

    heading: Heading
    numbered: Numbered


@lru_cache(maxsize=16)
def phase_headings(page: Page, only: str | None = None) -> tuple[Found, ...]:
    """Return the headings that start the phases of a page, or none.

    Headings with one unit word are a family ("Phase 1", "Phase 2"; "Step 1" …); the
    phases are "Phase" when there are two, else the family that stands highest.
    ``only`` names the family to look for.
    """
    families: dict[str, list[Found]] = {}
    for heading in page.headings:
        if found := _numbered(heading):
            families.setdefault(found.unit, []).append(Found(heading, found))
    if only is not None:
        return _level(families.get(only, []))
    if _chapters(families.get("", [])):
        del families[""]
    ready = [(name, _level(found)) for name, found in families.items()]
    ready = [(n, f) for n, f in ready if len({x.numbered.key for x in f}) > _FEW]
    if ready:
        best = min(ready, key=_rank)[1]
        return _packages(page, best) or best
    return _level(families.get("phase") or families.get("task") or [])


def _numbered(heading: Heading) -> Numbered | None:
    text = heading.text.strip("`*")
    if text.endswith(_FILE_ENDINGS):
        named = read_file_name(text)
        if named and named[1]:
            return Numbered("file", named[0], named[1].capitalize(), None)
    found = read_title(heading.text)
    if found and not found.unit and heading.level > _LOWEST_BARE:
        return None
    return found


def _chapters(found: Sequence[Found]) -> bool:
    """Say whether bare numbers count a document's chapters, not units of work."""
    prose = sum(bool(_CHAPTER.match(one.numbered.title)) for one in found)
    return prose * _SHARE >= len(found) > 0


def _rank(pair: tuple[str, tuple[Found, ...]]) -> tuple[bool, bool, int, int]:
    name, found = pair
    return (name in _WEAK, name != "phase", found[0].heading.level, _ORDER[name])


def _level(found: Sequence[Found]) -> tuple[Found, ...]:
    """Keep the level the phases stand on: the highest, unless a lower has far more.

    What stands below, such as "### Wave 1 agents" under "## Wave 1: Build", is a part;
    a number of its own above or before them is not.
    """
    levels: dict[int, set[str]] = {}
    for one in found:
        levels.setdefault(one.heading.level, set()).add(one.numbered.key)
    ready = [n for n in sorted(levels) if len(levels[n]) > _FEW] or sorted(levels)
    best = ready[:1]
    for level in ready[1:]:
        if len(levels[level]) >= _FAR_MORE * len(levels[best[0]]):
            best = [level]
    if below := _divided(found, levels):
        return below
    level = best[0] if best else 0
    chosen = [one for one in found if one.heading.level == level]
    keys = {one.numbered.key for one in chosen}
    start = chosen[0].heading.line if chosen else 0
    return tuple(
        one
        for one in found
        if one.heading.level == level
        or (one.numbered.key not in keys and _apart(one.heading, level, start))
    )


def _divided(
    found: Sequence[Found], levels: Mapping[int, set[str]]
) -> tuple[Found, ...]:
    """Return the leaves where "Phase A" holds "Phase A.1" and "Phase A.2".

    With the unit's word before them these are phases, as bare numbers are steps; each
    phase above must have some.
    """
    if len(levels) != _TWO or not found[0].numbered.unit:
        return ()
    above, below = (levels[n] for n in sorted(levels))
    if {key.parent(name) for name in below} != above:
        return ()
    return tuple(one for one in found if one.numbered.key in below)


def _packages(page: Page, above: Sequence[Found]) -> tuple[Found, ...]:
    """Return the leaves where phases hold packages that wait for one another.

    "### 1.2 Export" below "## Phase 1" is a step of it, unless a need names it
    ("Depends on: 1.1"), or its name is work package, which is a unit of work.
    """
    keys = {one.numbered.key for one in above}
    below = [
        Found(heading, found)
        for heading in page.headings
        if heading.level > above[0].heading.level
        and (found := _dotted(heading.text))
        and key.parent(found.key) in keys
    ]
    names = {one.numbered.key for one in below}
    owned = any(one.numbered.unit in _OWN_UNITS for one in below)
    if len(names) <= _FEW or names & keys or not (owned or _needed(page, names)):
        return ()
    held = {key.parent(name) for name in names}
    left = [one for one in above if one.numbered.key not in held]
    return tuple(sorted([*left, *below], key=lambda one: one.heading.line))


def _dotted(text: str) -> Numbered | None:
    """Read a title whose number has a dot; it may stand without a word before it."""
    return read_title(f"Step {text}" if _DOTTED.match(text) else text)


def _needed(page: Page, names: Collection[str]) -> bool:
    """Say whether a line about needs names one of these dotted keys."""
    return any(
        key.normal(number) in names
        for at, line in enumerate(page.lines)
        if not page.shade[at] and (said := _NEED.match(line))
        for number in _DOTTED.findall(line[said.end() : _LONG])
    )


def _apart(heading: Heading, level: int, start: int) -> bool:
    return heading.level < level or heading.line < start


def units(page: Page, found: Sequence[Found]) -> tuple[Unit, ...]:
    """Return the units that these headings start, each up to the next heading above."""
    starts = {one.heading.line for one in found}
    ends = dict(_ends(page, starts))
    return tuple(
        Unit(
            page=page,
            key=one.numbered.key,
            title=one.numbered.title or clean(one.heading.text),
            first=one.heading.line,
            last=ends[one.heading.line],
            status=one.numbered.status,
            status_text=one.heading.text if one.numbered.status else "",
        )
        for one in found
    )


def _ends(page: Page, starts: set[int]) -> Iterator[tuple[int, int]]:
    """Yield (first line, last line) of the sections that start at these lines."""
    opened: Heading | None = None
    for heading in page.headings:
        starting = heading.line in starts
        if opened and (starting or heading.level <= opened.level):
            yield opened.line, heading.line - 1
            opened = None
        if starting:
            opened = heading
    if opened:
        yield opened.line, len(page.lines)


def title_of(page: Page) -> str:
    """Return the title of a page: front matter, first top heading, or nothing."""
    if page.front.get("title"):
        return page.front["title"]
    top = [h for h in page.headings if h.level == 1 and h.text]
    first = top[0] if top else next((h for h in page.headings if h.text), None)
    return clean(first.text) if first else ""


def copies(found: Sequence[Unit]) -> list[list[Unit]]:
    """Split units where the numbers start again: a plan may stand twice in a file."""
    runs: list[list[Unit]] = [[]]
    seen: set[str] = set()
    for unit in found:
        if unit.key in seen and found[0].key == unit.key:
            runs.append([])
            seen = set()
        runs[-1].append(unit)
        seen.add(unit.key)
    return runs


def marked_units(page: Page) -> tuple[Unit, ...]:
    """Return the phases that lines of one shape mark, or none.

    A mark is bold, a box or an HTML heading with a unit word and a number; a plain
    list item is none, because tables of contents look like that.
    """
    families: dict[tuple[str, str], list[tuple[int, Numbered, str]]] = {}
    for number, line in enumerate(page.lines, 1):
        found = None if page.shade[number - 1] else _LINE.match(line)
        if not found or _BARE.fullmatch(found["shape"]):
            continue
        numbered = read_title(_CLOSE.split(found["text"], maxsplit=1)[0])
        if numbered and numbered.unit:
            shape = re.sub(r"\[.\]", "[]", found["shape"])
            entry = (number, numbered, (found["box"] or "").strip())
            families.setdefault((shape, numbered.unit), []).append(entry)
    best = max(
        families.values(), key=lambda f: len({n.key for _, n, _ in f}), default=[]
    )
    return tuple(_marked(page, best)) if _several(best) else ()


def _several(found: Sequence[tuple[int, Numbered, str]]) -> bool:
    return len({numbered.key for _, numbered, _ in found}) >= _TWO


def _marked(page: Page, found: Sequence[tuple[int, Numbered, str]]) -> list[Unit]:
    after = [*(line for line, _, _ in found[1:]), len(page.lines) + 1]
    out = []
    for (line, numbered, box), end in zip(found, after, strict=True):
        heads = page.headings_between(line + 1, end)
        out.append(
            Unit(
                page=page,
                key=numbered.key,
                title=numbered.title or clean(page.lines[line - 1]),
                first=line,
                last=(heads[0].line if heads else end) - 1,
                status=numbered.status or (read_status(box) if box else None),
                status_text=box,
            )
        )
    return out
