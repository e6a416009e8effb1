"""task-master: ``.taskmaster/tasks/tasks.json``, with tags or without.

Each of its entries is a phase.  What it says is written out as a page, so that the
shared reading of lists, commands and paths holds for it too; the page's lines know the
lines of the JSON.
"""

import posixpath
from collections.abc import Iterator
from functools import lru_cache

from weighlock.plan.dialects.json_text import Document, Value
from weighlock.plan.dialects.task_entry import Entry, entry_key, plain, unit_of
from weighlock.plan.markdown import Page
from weighlock.plan.model import Problem, Span
from weighlock.plan.outline import Book, Outline

_SURE = 0.98
_NAME = "tasks.json"
_STATE = "state.json"
_LIST = "tasks"
_MAIN = "master"
_SHOWN = 5


def confidence(book: Book) -> float:
    """Say how sure it is: JSON with a list named "tasks", or broken JSON named so."""
    page = _page(book)
    if page is None:
        return 0.0
    document = _document(page)
    if document.fault:
        named = posixpath.basename(page.file).lower() == _NAME
        return _SURE if named or '"tasks"' in document.text else 0.0
    return _SURE if _tags(document) else 0.0


def read(book: Book) -> Outline:
    """Read one tag's entries as phases; the other tags are named in a problem."""
    page = _page(book)
    if page is None:
        return Outline(units=(), title="")
    document = _document(page)
    if document.fault:
        return Outline(units=(), title="", problems=(_broken(page, document),))
    tags = _tags(document)
    if not tags:
        return Outline(units=(), title="")
    tag = _chosen(tags, _current(book))
    problems = list(_unread(page, document, tags, tag))
    entries = tuple(_entries(page, document, tags[tag], problems))
    if not entries:
        problems.append(_odd(page, document.line(tags[tag].start), "the list is empty"))
    known = {entry.key for entry in entries}
    return Outline(
        units=tuple(unit_of(page, entry, known) for entry in entries),
        title=_title(page, document, tag),
        problems=tuple(problems),
    )


def _page(book: Book) -> Page | None:
    """Return the page that holds the entries."""
    pages = {
        path: page
        for path, page in book.pages.items()
        if path.lower().endswith(".json") and posixpath.basename(path) != _STATE
    }
    for path, page in pages.items():
        if posixpath.basename(path).lower() == _NAME:
            return page
    only = next(iter(book.pages.values())) if len(book.pages) == 1 else None
    if only is not None and not pages and only.lines[0].lstrip()[:1] in {"{", "["}:
        return only
    return next(iter(pages.values()), None)


@lru_cache(maxsize=4)
def _document(page: Page) -> Document:
    return Document("\n".join(page.lines))


def _broken(page: Page, document: Document) -> Problem:
    fault = document.fault
    line, column = (fault.line, fault.column) if fault else (1, 1)
    return Problem(
        code="json-broken",
        severity="error",
        message=f"this is no JSON: {fault.message.lower() if fault else ''}",
        hint="mend the file at this place; nothing in it was read",
        source=Span(file=page.file, line=line, column=column),
    )


def _tags(document: Document) -> dict[str, Value]:
    """Return the lists of entries by tag; the old form has one without a name."""
    root = document.root
    if isinstance(root.content, list):
        entries = [x for x in root.content if isinstance(x, dict) and "title" in x]
        return {"": root} if entries else {}
    found: dict[str, Value] = {}
    for name, value in document.members(root):
        if name == _LIST and isinstance(value.content, list):
            found[""] = value
        elif isinstance(value.content, dict) and isinstance(
            value.content.get(_LIST), list
        ):
            found[name] = dict(document.members(value))[_LIST]
    return found


def _current(book: Book) -> str:
    """Return the tag that ``state.json`` says is worked on."""
    for path, page in book.pages.items():
        if posixpath.basename(path) == _STATE:
            content = _document(page).root.content
            name = content.get("currentTag") if isinstance(content, dict) else None
            return name if isinstance(name, str) else ""
    return ""


def _chosen(tags: dict[str, Value], current: str) -> str:
    """Choose the current tag, ``master``, or the first; one with entries goes first."""
    wanted = [name for name in (current, _MAIN, *tags) if name in tags]
    return next((name for name in wanted if tags[name].content), wanted[0])


def _unread(
    page: Page, document: Document, tags: dict[str, Value], tag: str
) -> Iterator[Problem]:
    """Name the tags that were not read."""
    others = [name for name in tags if name != tag]
    if not others:
        return
    told = ", ".join(f"{n or 'none'} ({_size(tags[n])})" for n in others[:_SHOWN])
    more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    yield Problem(
        code="tags-unread",
        severity="info",
        message=f"of {len(tags)} tags {tag or 'none'} ({_size(tags[tag])}) is read; "
        f"not read: {told}{more}",
        hint='give the folder of task-master and set "currentTag" in its state.json',
        source=Span(file=page.file, line=document.line(tags[tag].start)),
    )


def _size(value: Value) -> int:
    return len(value.content) if isinstance(value.content, list) else 0


def _title(page: Page, document: Document, tag: str) -> str:
    for name, value in document.members(document.root):
        if name in {"meta", "metadata", "master"} and isinstance(value.content, dict):
            about = value.content.get("metadata", value.content)
            said = about.get("projectName") if isinstance(about, dict) else None
            if isinstance(said, str) and said.strip():
                return plain(said)
    return (tag if tag != _MAIN else "") or posixpath.basename(page.file)


def _entries(
    page: Page, document: Document, of: Value, problems: list[Problem]
) -> Iterator[Entry]:
    for at, one in enumerate(document.items(of), 1):
        members = dict(document.members(one))
        name = entry_key(members["id"].content) if "id" in members else None
        line = document.line(one.start)
        if not isinstance(one.content, dict):
            problems.append(
                _odd(page, line, f"entry {at} is no object; it is left out")
            )
            continue
        if name is None:
            said = f"entry {at} has no number as its id; it is kept as {at:02d}"
            problems.append(_odd(page, line, said))
        yield Entry(
            key=name or f"{at:02d}",
            members=members,
            document=document,
            first=line,
            last=document.line(one.end - 1),
        )


def _odd(page: Page, line: int, message: str) -> Problem:
    return Problem(
        code="entry-unreadable",
        severity="warning",
        message=message,
        hint='write {"id": 1, "title": "…", "dependencies": []}',
        source=Span(file=page.file, line=line),
    )
