"""Plans with an owner, dependencies and a blast radius under each phase heading."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.dialects import single_file
from weighlock.plan.dialects.headings import phase_headings, title_of
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.model import Status
from weighlock.plan.outline import Book, Outline, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_SIGNS = re.compile(
    r"\*\*(?:Principal Owner|Blast Radius|Deps|Pass when|Deliver|Subagent"
    r"|Parallel(?:izable)?|Required Skills)\b",
)
_FOLDER = re.compile(r"(?:^|/)\.ai/(?:plans|logs)/")
_REACHED = re.compile(r"execution\s+checkpoints?\b", re.IGNORECASE)
_ENTRY = re.compile(r"\s*-\s+phase_(\d[\w.]*):\s*\Z")
_STATE = re.compile(r"\s+status:\s*(\w[\w ]*)\Z")
_LOGGED = re.compile(
    r"\s*[-*]\s+\[(?P<box>[ xX~])\]\s+\**Phase\s+(?P<key>\d+(?:\.\d+)?[a-z]?)\**"
    r"(?::\s*(?P<title>.*?))?\s*(?P<word>started|completed?|failed|in progress)?"
    r"\s*(?:\[[^\]]*\])?\s*(?:\([^)]*\))?\s*\Z",
    re.IGNORECASE,
)


def confidence(book: Book) -> float:
    """Say how sure it is: the folder, or the labels beside phase headings."""
    page = book.main
    if len(book.pages) > 1:
        return 0.0
    if _FOLDER.search(book.path) and not re.search(
        "execplan", book.path, re.IGNORECASE
    ):
        return 0.9
    signs = {m[0] for line in page.lines for m in _SIGNS.finditer(line)}
    return 0.85 if len(signs) > 1 and phase_headings(page, "phase") else 0.0


def read(book: Book) -> Outline:
    """Read the phase headings; an execution log has its phases in check-boxes."""
    logged = () if phase_headings(book.main, "phase") else _logged(book.main)
    if not logged:
        outline = single_file.read(book)
        states = dict(_checkpoints(book.main))
        units = tuple(_reached(unit, states) for unit in outline.units)
        return replace(outline, units=units)
    return Outline(
        units=logged,
        title=title_of(book.main),
        id=plan_id((book.main,)),
        status=read_status(book.main.front.get("status", "")) or "pending",
        rules=(book.main,),
    )


def _reached(unit: Unit, states: dict[str, tuple[Status, str]]) -> Unit:
    """Take the state of a phase's newest checkpoint, unless its heading says one."""
    found = None if unit.status else states.get(unit.key)
    return replace(unit, status=found[0], status_text=found[1]) if found else unit


def _checkpoints(page: Page) -> Iterator[tuple[str, tuple[Status, str]]]:
    """Yield key and state of the entries below "Execution Checkpoints"."""
    name = ""
    start = next((h.line for h in page.headings if _REACHED.match(h.text)), None)
    for line in page.lines[start:] if start else ():
        if found := _ENTRY.match(line):
            name = key.normal(found[1]) or ""
        elif name and (said := _STATE.match(line)):
            state = read_status(said[1])
            if state:
                yield name, (state, said[1])


def _logged(page: Page) -> tuple[Unit, ...]:
    """Read "- [x] Phase 1: Core started [time]" and "- [x] Phase 1 completed"."""
    titles: dict[str, tuple[str, int]] = {}
    states: dict[str, tuple[Status, str]] = {}
    for number, line in enumerate(page.lines, 1):
        found = None if page.shade[number - 1] else _LOGGED.match(line)
        name = key.normal(found["key"]) if found else None
        if not found or name is None:
            continue
        if found["title"] and name not in titles:
            titles[name] = (clean(found["title"]), number)
        done = found["box"] in "xX"
        word = read_status(found["word"] or "") or ("completed" if done else "pending")
        states[name] = (
            word if done or word != "completed" else "pending",
            line.strip(),
        )
    starts = sorted(line for _, line in titles.values())
    return tuple(
        Unit(
            page=page,
            key=name,
            title=title,
            first=line,
            last=_last(page, line, starts),
            status=states[name][0],
            status_text=states[name][1],
        )
        for name, (title, line) in titles.items()
    )


def _last(page: Page, line: int, starts: list[int]) -> int:
    """Return where a log entry ends: before the next entry, heading or blank line."""
    at = bisect_right(starts, line)
    after = starts[at] if at < len(starts) else len(page.lines) + 1
    heads = page.headings_between(line + 1, after)
    return min([after, *(h.line for h in heads[:1])]) - 1
