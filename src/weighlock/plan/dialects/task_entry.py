"""One entry of a ``tasks.json`` → a unit, by way of a page written out from it."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from weighlock.plan import key
from weighlock.plan.dialects.items import item_command, item_files, item_kind
from weighlock.plan.dialects.json_text import Document, Value
from weighlock.plan.markdown import Page, scan
from weighlock.plan.model import Criterion, Span, Status
from weighlock.plan.outline import Added, Unit
from weighlock.plan.status import read_status
from weighlock.plan.titles import clean

_TITLE = 400
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

Members = dict[str, Value]


@dataclass(slots=True)
class _Paper:
    """Lines of the page that is written out, each with its line in the JSON."""

    lines: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, text: str, place: int, indent: str = "") -> None:
        for line in text.split("\n"):
            self.lines.append(indent + line if line else "")
            self.places.append(place)


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of the list."""

    key: str
    members: Members
    document: Document
    first: int
    last: int

    def text(self, name: str) -> str:
        """Return what a member says; a list gives one line for each of its items."""
        return _words(self.members[name].content) if name in self.members else ""

    def line(self, name: str) -> int:
        """Return the line a member stands on."""
        one = self.members.get(name)
        return self.document.line(one.start) if one else self.first


def entry_key(content: object) -> str | None:
    """Return the key an id stands for; None when it is no number."""
    if isinstance(content, bool) or not isinstance(content, (int, float, str)):
        return None
    if isinstance(content, float) and content.is_integer():
        content = int(content)
    return key.normal(str(content))


def unit_of(page: Page, entry: Entry, known: set[str]) -> Unit:
    """Make a unit of an entry; ``known`` are the keys of all entries."""
    paper = _written(entry)
    said = entry.text("status").split("\n", 1)[0][:200]
    words = "\n".join((entry.text("description"), entry.text("details")))
    title = clean(entry.text("title") or words.strip().split("\n", 1)[0])
    strategy = [
        (entry.line("testStrategy"), x) for x in _items(entry.text("testStrategy"))
    ]
    commands = (item_command(line, text, page.file) for line, text in strategy)
    details = [(entry.line("details"), x) for x in _items(entry.text("details"))]
    return Unit(
        page=scan(page.file, tuple(paper.lines)),
        key=entry.key,
        title=title[:_TITLE] or entry.key,
        first=1,
        last=len(paper.lines),
        status=_state(said),
        status_text=said,
        needs=_needs(entry, known),
        places=tuple(paper.places),
        added=Added(
            kind=item_kind(title),
            owner=entry.text("assignee") or entry.text("assignedTo") or None,
            estimate=_estimate(entry),
            commands=tuple(c for c in commands if c),
            criteria=tuple(_criteria(page, entry)),
            files=item_files(details, page.file),
        ),
    )


def _state(said: str) -> Status | None:
    return "in_progress" if said.strip().lower() == "review" else read_status(said)


def _estimate(entry: Entry) -> str | None:
    for name in ("estimatedHours", "estimate", "effort"):
        if said := entry.text(name):
            return f"{said} h" if name == "estimatedHours" else said
    return None


def _criteria(page: Page, entry: Entry) -> Iterator[Criterion]:
    for name in ("testStrategy", "acceptanceCriteria"):
        said = entry.members[name].content if name in entry.members else None
        for text in said if isinstance(said, list) else (said,):
            if words := _words(text).strip():
                span = Span(file=page.file, line=entry.line(name))
                yield Criterion(text=words, done=False, source=span)


def _written(entry: Entry) -> _Paper:
    """Write an entry out as a page: title, description, details, tests, parts."""
    paper = _Paper()
    paper.add(f"# {entry.text('title')}".replace("\n", " "), entry.first)
    for name in ("description", "details"):
        if text := entry.text(name):
            paper.add(text, entry.line(name))
    if text := entry.text("testStrategy"):
        paper.add("## Test strategy", entry.line("testStrategy"))
        paper.add(text, entry.line("testStrategy"))
    parts = entry.members.get("subtasks")
    found = tuple(entry.document.items(parts)) if parts else ()
    if found:
        paper.add("## Parts", entry.line("subtasks"))
    for at, one in enumerate(found, 1):
        _part(paper, entry, one, at)
    paper.add("", entry.last)
    return paper


def _part(paper: _Paper, entry: Entry, one: Value, at: int) -> None:
    members = dict(entry.document.members(one))
    line = entry.document.line(one.start)
    says = {name: _words(value.content) for name, value in members.items()}
    done = _state(says.get("status", "")) == "completed"
    title = (
        says.get("title") or says.get("description") or _words(one.content)
    ).strip()
    number = says.get("id") or str(at)
    short = number if "." in number else f"{entry.key.lstrip('0') or '0'}.{number}"
    text = f"- [{'x' if done else ' '}] {short} {title}".replace("\n", " ")
    paper.add(text, line)
    for name in ("description", "details", "testStrategy"):
        if says.get(name) and says[name] != title:
            paper.add(says[name], entry.document.line(members[name].start), "  ")


def _needs(entry: Entry, known: set[str]) -> tuple[str, ...] | None:
    """Return the keys it depends on; of a part ("2.1") it is the whole, 02."""
    named: dict[str, None] = {}
    own = entry.members.get("dependencies")
    for content in _each(own):
        name = entry_key(content)
        if name is None:
            name = _words(content).strip() or json.dumps(content)
        named[_whole_of(name, known)] = None
    for part in _each(entry.members.get("subtasks")):
        below = part.get("dependencies") if isinstance(part, dict) else None
        for content in below if isinstance(below, list) else ():
            name = entry_key(content)
            if name and "." in name and (whole := _whole_of(name, known)) in known:
                named[whole] = None
    named.pop(entry.key, None)
    if own is None and not named:
        return None
    return tuple(named)


def _whole_of(name: str, known: set[str]) -> str:
    return name if name in known else key.parent(name) or name


def _each(one: Value | None) -> Iterable[object]:
    if one is None or one.content is None:
        return ()
    return one.content if isinstance(one.content, list) else (one.content,)


def _items(text: str) -> list[str]:
    """Return the lines of a text without the marks of a list."""
    return [re.sub(r"\A\s*(?:[-*+]|\d+[.)])\s+", "", x) for x in text.split("\n")]


def _words(content: object) -> str:
    """Return what a value says as text, whatever its type."""
    if isinstance(content, str):
        return plain(content)
    if content is None or isinstance(content, bool):
        return ""
    if isinstance(content, list):
        return "\n".join(filter(None, map(_line_of, content)))
    return _line_of(content)


def _line_of(content: object) -> str:
    if isinstance(content, str):
        return plain(content)
    return plain(json.dumps(content, ensure_ascii=False))


def plain(text: str) -> str:
    """Return a text that any terminal and encoding can take, line ends of one kind."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.encode("utf-8", "replace").decode("utf-8")
