"""A folder of numbered files, one phase each: ``plan/03a-stub-verification.md``."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.identity import phase_id, plan_id
from weighlock.plan.layout import FOLDERS, is_phase_file, marker_key
from weighlock.plan.markdown import Page
from weighlock.plan.model import Problem, Span
from weighlock.plan.outline import Book, Outline, TableRow, Unit
from weighlock.plan.status import read_status
from weighlock.plan.tables import phase_rows
from weighlock.plan.titles import clean, read_file_name, read_title

_ENOUGH = 2
_CHECKS = "verification"
_SHORT = frozenset({"v", "V"})
"""What a name such as ``P03c-V.md`` has after its number: the verification of 03c."""


def confidence(book: Book) -> float:
    """Say how sure it is that the phases are files."""
    files = phase_files(book)
    nested = any("/" in path for path in files)
    if len(files) >= _ENOUGH:
        return 0.95 if nested else 0.8
    return 0.7 if nested and files else 0.0


def phase_files(book: Book) -> dict[str, Page]:
    """Return the pages that are phases: those of ``plan/``, else those of the root."""
    for folder in (*FOLDERS, ""):
        found = {
            path: page
            for path, page in book.pages.items()
            if posixpath.dirname(path) == folder and is_phase_file(path)
        }
        if found:
            return found
    return {}


def read(book: Book) -> Outline:
    """Read one phase per file; the tracker, markers and definitions stand beside."""
    files = phase_files(book)
    problems: list[Problem] = []
    units = [_unit(path, page, problems) for path, page in files.items()]
    units.sort(key=lambda unit: (key.order(unit.key), unit.file_name == _CHECKS))
    others = {path: page for path, page in book.pages.items() if path not in files}
    marked = _marked(others)
    rules = tuple(p for path, p in others.items() if marker_key(path) is None)
    return Outline(
        units=tuple(_with_marker(unit, marked) for unit in units),
        title=_title(units, others),
        id=plan_id((*files.values(), *rules)),
        tracker=tuple(_tracker(files, others)),
        rules=rules + tuple(u.page for u in units if key.stem(u.key) == "00"),
        problems=tuple(problems),
    )


def _unit(path: str, page: Page, problems: list[Problem]) -> Unit:
    name = posixpath.basename(path)
    stated = read_file_name(name) or ("01", name)
    heading = next((h for h in page.headings if h.text), None)
    found = read_title(heading.text) if heading else None
    own = phase_id(page)
    number = _vote(stated[0], found.key if found else None, own[1] if own else None)
    voices = {stated[0], *([found.key] if found else []), *([own[1]] if own else [])}
    if any(not key.same(number, voice) for voice in voices):
        problems.append(
            _disagreement(page, heading.line if heading else 1, voices, number)
        )
    words = found.title if found else clean(heading.text) if heading else ""
    return Unit(
        page=page,
        key=number,
        title=words or stated[1].capitalize(),
        first=1,
        last=len(page.lines),
        id=own[0] if own else "",
        file_name=_CHECKS if stated[1] in _SHORT else stated[1],
        status=read_status(page.front.get("status", "")),
        status_text=page.front.get("status", ""),
    )


def _vote(name: str, heading: str | None, stated: str | None) -> str:
    """Two of file name, heading and id win; else the file name."""
    if heading and stated and heading == stated and not key.same(heading, name):
        return heading
    return name


def _disagreement(page: Page, line: int, voices: set[str], number: str) -> Problem:
    return Problem(
        code="key-disagrees",
        severity="warning",
        message="file name, heading and id name different phases "
        f"({', '.join(sorted(voices))}); read as {number}",
        hint="make the three agree",
        source=Span(file=page.file, line=line),
    )


def _marked(others: dict[str, Page]) -> dict[str, str]:
    return {name: path for path in others if (name := marker_key(path))}


def _with_marker(unit: Unit, marked: dict[str, str]) -> Unit:
    """Take a completion marker for the state, unless the phase's text says one.

    It is what somebody claimed, as every status of a plan is; it decides nothing.
    """
    name = key.resolve(unit.key, marked)
    if name is None or unit.status:
        return unit
    return replace(unit, status="completed", status_text=marked[name])


def _title(units: list[Unit], others: dict[str, Page]) -> str:
    first = next((u for u in units if key.stem(u.key) == "00"), None)
    if first:
        return title_of(first.page)
    for wanted in ("overview", "readme", "plan", "specification"):
        for path, page in others.items():
            if "/" not in path and wanted in path.lower():
                return title_of(page)
    return title_of(units[0].page) if units else ""


def _tracker(files: dict[str, Page], others: dict[str, Page]) -> Iterator[TableRow]:
    """Return the rows of the tracker: the file of that name, else the longest table."""
    pages = [p for path, p in others.items() if "tracker" in path.lower()]
    if not pages:
        pages = [p for path, p in others.items() if marker_key(path) is None]
        pages += list(files.values())[:1]
    tables = [rows for page in pages for rows in phase_rows(page, tracked=True)]
    seen: set[str] = set()
    for rows in sorted(tables, key=len, reverse=True)[:1] if tables else []:
        for row in rows:
            if row.key not in seen:
                seen.add(row.key)
                yield row
