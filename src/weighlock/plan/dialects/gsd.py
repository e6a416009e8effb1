"""GSD: ``NN-MM-PLAN.md`` holds tasks; a folder of them holds plans, each a phase."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from weighlock.plan import key
from weighlock.plan.dialects import gsd_front
from weighlock.plan.dialects.gsd_tags import RUN, commands, criteria, files
from weighlock.plan.dialects.headings import title_of
from weighlock.plan.dialects.items import item_kind
from weighlock.plan.identity import plan_id
from weighlock.plan.layout import GSD_PLAN
from weighlock.plan.markdown import Page
from weighlock.plan.outline import Added, Book, Outline, TableRow, Unit
from weighlock.plan.requirements import Defined
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_TASK = re.compile(r"\s*<task\b([^>]*)>", re.IGNORECASE)
_END = re.compile(r".*</task>", re.IGNORECASE)
_NAME = re.compile(
    r"\s*<name>\s*(?:Task\s+\d+[a-z]?\s*[:.–—-]\s*)?(.*?)\s*(?:</name>|\Z)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"<name>\s*Task\s+(\d+[a-z]?)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<(files|verify|done|acceptance_criteria|what-built|decision)>", re.IGNORECASE
)
_TYPE = re.compile(r"type\s*=\s*[\"']?([\w:-]+)")
_ROADMAP = re.compile(
    r"\s*[-*]\s+(\[.\])\s+[*`\[]*(\d{1,3}(?:\.\d+)?-\d{1,3})(?:-PLAN)?(?:\.md)?[*`\]]*"
    r"(?:\([^)]*\))?\s*[:–—-]*\s*(.*)"
)
_DEFINED = re.compile(
    r"\s*[-*]\s+(?:\[.\]\s+)?\*{0,2}([A-Z][A-Z0-9]*-\d{1,4}[a-z]?)\*{0,2}\s*[:–—-]+\*{0,2}\s*(\S.*)"
)
_NEAR = 12
_LINE = 2000


def confidence(book: Book) -> float:
    """Say how sure it is: the names of the files."""
    plans = _plans(book)
    if len(plans) == 1 and len(book.pages) == 1:
        return 0.97 if _tasks(next(iter(plans.values()))) else 0.0
    return 0.97 if plans else 0.0


def read(book: Book) -> Outline:
    """Read the tasks of one plan file, or the plan files of one folder."""
    plans = _plans(book)
    if len(book.pages) == 1:
        page = next(iter(book.pages.values()))
        return _outline(page, _judged(page, _tasks(page)), book)
    done = {
        gsd_front.number(path): path
        for path in book.pages
        if path.upper().endswith("-SUMMARY.MD")
    }
    units = [_unit(path, page, done, plans) for path, page in plans.items()]
    units.sort(key=lambda unit: key.order(unit.key))
    first = units[0].page if units else book.main
    outline = _outline(first, tuple(units), book)
    return replace(outline, title=_project(book) or outline.title)


def _outline(page: Page, units: tuple[Unit, ...], book: Book) -> Outline:
    plans = tuple(_plans(book).values())
    known = {unit.key for unit in units}
    rows = (row for p in book.pages.values() if p not in plans for row in _roadmap(p))
    beside = tuple(p for p in book.pages.values() if p not in plans)
    return Outline(
        units=units,
        title=page.front.get("title") or page.front.get("phase") or title_of(page),
        id=plan_id((page,)),
        tracker=tuple({r.key: r for r in rows if r.key in known}.values()),
        rules=tuple(book.pages.values()),
        defined=tuple(d for p in beside for d in _definitions(p)),
    )


def _plans(book: Book) -> dict[str, Page]:
    return {
        path: page
        for path, page in book.pages.items()
        if GSD_PLAN.match(posixpath.basename(path))
    }


def _project(book: Book) -> str:
    """Return the title of the road map, when the whole ``.planning`` was given."""
    pages = (p for path, p in book.pages.items() if path.upper() == "ROADMAP.MD")
    page = next(pages, None)
    title = title_of(page) if page else ""
    return re.sub(r"\ARoadmap:\s*", "", title, flags=re.IGNORECASE)


def _unit(path: str, page: Page, done: dict[str, str], plans: dict[str, Page]) -> Unit:
    """Make a phase of a plan file: its needs and title stand in the front matter."""
    number = gsd_front.number(path)
    summary = done.get(number)
    front = gsd_front.read(page)
    tasks = _tasks(page)
    files = {
        f.path: f for f in (*front.files, *(f for t in tasks for f in t.added.files))
    }
    known = {gsd_front.number(p) for p in plans}
    return Unit(
        page=page,
        key=number,
        title=_objective(page) or number,
        first=1,
        last=len(page.lines),
        status="completed" if summary else None,
        status_text=summary or "",
        group=f"wave {page.front['wave']}" if page.front.get("wave") else None,
        needs=gsd_front.needs(page, number, known),
        added=Added(
            kind=item_kind(_objective(page)),
            whole=True,
            files=tuple(files.values()),
            requirements=front.requirements,
            criteria=(*front.criteria, *(c for t in tasks for c in t.added.criteria)),
            commands=tuple(c for t in tasks for c in t.added.commands),
        ),
    )


def _judged(page: Page, tasks: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Let the last task meet what must be true of the whole plan file."""
    if not tasks:
        return ()
    last = tasks[-1]
    whole = (*last.added.criteria, *gsd_front.read(page).criteria)
    return (*tasks[:-1], replace(last, added=replace(last.added, criteria=whole)))


def _objective(page: Page) -> str:
    """Return the first line of the objective."""
    lines = iter(page.lines)
    for line in lines:
        if "<objective>" in line:
            same = line.partition("<objective>")[2].partition("</objective>")[0].strip()
            return clean(same or next((x.strip() for x in lines if x.strip()), ""))
    return title_of(page)


def _tasks(page: Page) -> tuple[Unit, ...]:
    units: list[Unit] = []
    starts = [
        n
        for n, line in enumerate(page.lines)
        if "<task" in line.lower() and not page.shade[n] and _TASK.match(line)
    ]
    for at, start in enumerate(starts):
        limit = starts[at + 1] if at + 1 < len(starts) else len(page.lines)
        ends = (n for n in range(start, limit) if _END.match(page.lines[n]))
        last = next(ends, limit - 1)
        near = page.lines[start : min(start + _NEAR, last + 1)]
        stated = next((m[1] for line in near if (m := _NUMBER.search(line))), "")
        opened = _TASK.match(page.lines[start])
        kind = _TYPE.search(opened[1]) if opened else None
        tags = tuple(_tags(page, start, last))
        title = clean(_name(near, tags)) or (kind[1] if kind else "")
        units.append(
            Unit(
                page=page,
                key=key.normal(stated) or f"{at + 1:02d}",
                title=title,
                first=start + 1,
                last=last + 1,
                added=_added(page, tags, title, kind[1] if kind else ""),
            )
        )
    return tuple(units)


Tag = tuple[str, str, int]
"""Name, text, line of the text's start."""


def _name(near: tuple[str, ...], tags: tuple[Tag, ...]) -> str:
    named = (m[1] for line in near if (m := _NAME.match(line)) and m[1])
    other = (text for name, text, _ in tags if name in {"what-built", "decision"})
    return next(named, "") or next(other, "").strip().split("\n", 1)[0]


def _tags(page: Page, start: int, last: int) -> Iterator[Tag]:
    """Yield the tags of a task; ``<automated>`` stands inside ``<verify>``."""
    text = page.text(start + 1, last + 1)
    at = 0
    while found := _TAG.search(text, at):
        end = text.find(f"</{found[1]}>", found.end())
        if end < 0:
            return
        yield found[1].lower(), text[found.end() : end], start + 1 + _lines(text, found)
        for inner in re.finditer(rf"<{RUN}>", text[found.end() : end]):
            first = found.end() + inner.end()
            stop = text.find(f"</{RUN}>", first, end)
            line = start + 1 + text.count("\n", 0, first)
            yield RUN, text[first : stop if stop > 0 else end], line
        at = end


def _lines(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.end())


def _added(page: Page, tags: tuple[Tag, ...], title: str, kind: str) -> Added:
    named = (f for n, text, at in tags if n == "files" for f in files(page, text, at))
    return Added(
        kind=item_kind(title),
        whole=True,
        owner="human" if kind.startswith("checkpoint:human") else None,
        files=tuple({f.path: f for f in named}.values()),
        commands=tuple(c for n, text, at in tags for c in commands(page, n, text, at)),
        criteria=tuple(c for n, text, at in tags for c in criteria(page, n, text, at)),
    )


def _roadmap(page: Page) -> Iterator[TableRow]:
    """Yield the boxes of a road map: ``- [x] 01-02-PLAN.md — …``."""
    for number, line in enumerate(page.lines, 1):
        if "[" in line and (found := _ROADMAP.match(line[:_LINE])):
            yield TableRow(
                key=gsd_front.padded(*found[2].split("-")),
                title=clean(found[3]),
                status=read_status(found[1]) or "pending",
                status_text=found[1],
                page=page,
                line=number,
            )


def _definitions(page: Page) -> Iterator[Defined]:
    """Yield the requirements of ``REQUIREMENTS.md``: ``- [ ] **AUTH-01**: …``."""
    if posixpath.basename(page.file).upper() != "REQUIREMENTS.MD":
        return
    for number, line in enumerate(page.lines, 1):
        found = _DEFINED.match(line[:_LINE]) if "-" in line else None
        if found and not page.shade[number - 1]:
            yield Defined(found[1], found[2].strip(), page.file, number)
