"""ExecPlans, as a ``PLANS.md`` asks for them: living documents of fixed sections.

The phases are the milestones, where there are any; the boxes under "Progress" say how
far they are.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.body import read_body
from weighlock.plan.dialects import single_file
from weighlock.plan.dialects.headings import phase_headings, title_of, units
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Heading, Page
from weighlock.plan.model import Status
from weighlock.plan.outline import Added, Book, Outline, TableRow, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean, read_title

_SECTIONS = (
    "purpose / big picture",
    "progress",
    "surprises & discoveries",
    "decision log",
    "outcomes & retrospective",
    "context and orientation",
    "plan of work",
    "concrete steps",
    "validation and acceptance",
    "idempotence and recovery",
    "artifacts and notes",
    "interfaces and dependencies",
)
_ENOUGH, _SURE, _LIKELY = 4, 0.9, 0.7
_PART = 3
"""Deepest level of the heading "Plan of Work"."""
_NAME = re.compile(r"exec[-_ ]?plan(?!\w)", re.IGNORECASE)
_BOX = re.compile(r"\s*[-*+]\s+(\[.\])\s+(?:\([^)]*\)\s*)?(.*)")
_MILESTONE = re.compile(
    r"(?:\*\*|__)?(milestones?|phases?|steps?|M(?=\d))\s*#?(\d{1,2}(?:\.\d)?[a-z]?)\b",
    re.IGNORECASE,
)
_WORK = re.compile(r"plan of work|milestones?", re.IGNORECASE)
_PROGRESS = re.compile(r"\A\W*(?:current )?progress\b", re.IGNORECASE)
_CHECKS = re.compile(r"validation (?:and|&) acceptance", re.IGNORECASE)


def confidence(book: Book) -> float:
    """Say how sure it is: the sections, or the name with at least two of them."""
    page = book.main
    heads = {re.sub(r"\W+", " ", h.text.lower()).strip() for h in page.headings}
    wanted = {re.sub(r"\W+", " ", name) for name in _SECTIONS}
    there = len(heads & wanted)
    if len(book.pages) > 1:
        return 0.0
    if there >= _ENOUGH and "progress" in heads:
        return _SURE
    title = title_of(page)
    called = _NAME.search(posixpath.basename(page.file)) or _NAME.search(title)
    return _LIKELY if called and page.headings else 0.0


def read(book: Book) -> Outline:
    """Read each milestone as a phase; a plan without any is one phase."""
    page = book.main
    found = _milestones(page)
    rows = _progress(page)
    if not found:
        return _whole(page)
    known = {unit.key for unit in found}
    states = {row.key: row for row in rows if row.key in known}
    outline = single_file.read(book)
    return replace(
        outline,
        units=_checked(page, tuple(_with(unit, states) for unit in found)),
        title=_title(page),
        status=_status(page) or outline.status,
        tracker=(*outline.tracker, *states.values()),
    )


def _whole(page: Page) -> Outline:
    """Read a plan without milestones as one phase."""
    title = _title(page) or posixpath.basename(page.file)
    state = _status(page)
    return Outline(
        units=(
            Unit(
                page=page,
                key="01",
                title=title,
                first=1,
                last=len(page.lines),
                status=state,
                status_text="Progress" if state else "",
            ),
        ),
        title=title,
        id=plan_id((page,)),
        status=state or "pending",
    )


def _title(page: Page) -> str:
    return re.sub(r"\AExec[ -]?Plan:\s*", "", title_of(page), flags=re.IGNORECASE)


def _milestones(page: Page) -> tuple[Unit, ...]:
    """Return the milestones: numbered headings, else those below "Plan of Work"."""
    for family in ("milestone", "phase"):
        if found := phase_headings(page, family):
            return units(page, found)
    heads = page.headings
    start = next((h for h in heads if _WORK.search(h.text) and h.level <= _PART), None)
    if start is None:
        return ()
    return tuple(_numbered(page, start))


def _numbered(page: Page, start: Heading) -> Iterator[Unit]:
    heads = [h for h in page.headings if h.line > start.line]
    end = next((h.line for h in heads if h.level <= start.level), len(page.lines) + 1)
    below = [h for h in heads if h.line < end and h.level == start.level + 1]
    numbered = [(h, found) for h in below if (found := read_title(h.text))]
    for at, (heading, found) in enumerate(numbered):
        later = numbered[at + 1][0].line if at + 1 < len(numbered) else end
        yield Unit(
            page=page,
            key=found.key,
            title=found.title or clean(heading.text),
            first=heading.line,
            last=later - 1,
        )


def _with(unit: Unit, states: dict[str, TableRow]) -> Unit:
    row = states.get(unit.key)
    if row is None or unit.status:
        return unit
    return replace(unit, status=row.status, status_text=row.status_text)


def _checked(page: Page, found: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Let the last milestone meet "Validation and Acceptance" of the whole."""
    asked = _section(page, _CHECKS)
    last = found[-1]
    if asked is None or last.first <= asked[0] <= last.last:
        return found
    whole = Unit(page=page, key=last.key, title="", first=asked[0], last=asked[1])
    phase = read_body(whole).phase
    added = Added(commands=phase.commands, criteria=phase.criteria)
    return (*found[:-1], replace(last, added=added))


def _section(page: Page, words: re.Pattern[str]) -> tuple[int, int] | None:
    heads = page.headings
    for at, heading in enumerate(heads):
        if words.search(heading.text):
            after = (h.line for h in heads[at + 1 :] if h.level <= heading.level)
            return heading.line, next(after, len(page.lines) + 1) - 1
    return None


def progress_boxes(page: Page) -> Iterator[tuple[int, Status, str, str]]:
    """Yield (line, state, box, text) of the boxes under "Progress"."""
    part = _section(page, _PROGRESS)
    for number in range(part[0], part[1] + 1) if part else ():
        found = _BOX.match(page.lines[number - 1][:2000])
        if found and not page.shade[number - 1]:
            state = read_status(found[1]) or "pending"
            yield number, state, found[1], found[2]


def _progress(page: Page) -> tuple[TableRow, ...]:
    """Return the boxes that name a milestone; the last word on each stands."""
    rows: dict[str, TableRow] = {}
    for line, state, box, text in progress_boxes(page):
        found = _MILESTONE.match(text)
        name = key.normal(found[2]) if found else None
        if name:
            rows[name] = TableRow(
                key=name,
                title=clean(text),
                status=state,
                status_text=box,
                page=page,
                line=line,
            )
    return tuple(rows.values())


def _status(page: Page) -> Status | None:
    """Return the state of the whole: every box ticked, some, or none; None without."""
    states: Sequence[Status] = [state for _, state, _, _ in progress_boxes(page)]
    if not states:
        return None
    done = [state == "completed" for state in states]
    return "completed" if all(done) else "in_progress" if any(done) else "pending"
