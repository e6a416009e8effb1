"""The front matter of a GSD plan file: needs, files, and what must be true after it."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from weighlock.plan.layout import GSD_PLAN
from weighlock.plan.markdown import Page
from weighlock.plan.model import Criterion, FileAction, Span

_KEY = re.compile(r"(?P<name>[\w-]+):(?:\s+(?P<text>.*))?\Z")
_ITEM = re.compile(r"\s*-\s+(?P<text>\S.*?)\s*\Z")
_LONGEST = 2000
_NUMBER = re.compile(r"(\d{1,3}(?:\.\d+)?)-(\d{1,3})(?=-SUMMARY\.md\Z)", re.IGNORECASE)
_ENTRY = re.compile(r"(?<![\w.-])(?:(\d{1,3}(?:\.\d+)?)-)?(\d{1,3})(?![\w.])")


@dataclass(frozen=True, slots=True)
class Front:
    """What the front matter says beyond needs."""

    files: tuple[FileAction, ...]
    requirements: tuple[str, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    path: tuple[str, ...]
    """The names above a value: ``must_haves``, ``artifacts``, ``path``."""
    text: str
    item: str
    """The whole item of a list that starts here; empty inside one."""


def number(path: str) -> str:
    """Return the key of a plan file or of its summary: ``03-01``."""
    name = posixpath.basename(path)
    if found := GSD_PLAN.match(name):
        return padded(found["phase"], found["plan"])
    other = _NUMBER.match(name)
    return padded(other[1], other[2]) if other else ""


def padded(phase: str, plan: str) -> str:
    """Return the normal form of a plan's number: ``03-01`` for 3 and 1."""
    whole, dot, part = phase.partition(".")
    return f"{int(whole):02d}{dot}{part}-{int(plan):02d}"


def needs(page: Page, own: str, known: Collection[str]) -> tuple[str, ...] | None:
    """Return the plans it depends on; None when it does not say.

    A bare number is a plan of the same phase.  Plans of phases that were not given
    are nobody's mistake and left out.
    """
    if "depends_on" not in page.front:
        return None
    phase = own.partition("-")[0]
    phases = {name.partition("-")[0] for name in known}
    found = []
    for above, plan in _ENTRY.findall(page.front["depends_on"]):
        name = padded(above or phase, plan)
        if name.partition("-")[0] in phases:
            found.append(name)
    return tuple(dict.fromkeys(name for name in found if name != own))


def read(page: Page) -> Front:
    """Read the front matter."""
    lines = tuple(_lines(page))
    return Front(
        files=tuple(
            FileAction(
                path=path.removeprefix("./"),
                action="modify",
                source=Span(file=page.file, line=line.number),
            )
            for line in lines
            if line.path[:1] == ("files_modified",)
            for path in _list(line.text)
        ),
        requirements=tuple(
            name
            for line in lines
            if line.path[:1] == ("requirements",)
            for name in _list(line.text)
        ),
        criteria=tuple(_must(page, lines)),
    )


def _must(page: Page, lines: tuple[_Line, ...]) -> Iterator[Criterion]:
    """Yield the truths, and one sentence for each artefact and link."""
    entries: list[tuple[_Line, str, dict[str, str]]] = []
    for line in lines:
        if line.path[:1] == ("must_haves",) and (line.text or line.item):
            part, name = (*line.path[1:3], "", "")[:2]
            if line.item or not entries or entries[-1][1] != part:
                entries.append((line, part, {}))
            entries[-1][2][name] = line.text
    for line, part, said in entries:
        if text := _sentence(part, line.item or line.text, said):
            span = Span(file=page.file, line=line.number)
            yield Criterion(text=text, done=False, source=span)


def _sentence(part: str, item: str, said: dict[str, str]) -> str:
    if part == "truths":
        return item
    if part == "artifacts":
        rest = "; ".join(f"{k} {v}" for k, v in said.items() if k not in {"", "path"})
        path = said.get("path") or item
        return f"`{path}`: {rest}" if rest else f"`{path}` exists"
    if part == "key_links":
        rest = "; ".join(f"{k} {v}" for k, v in said.items() if k in {"via", "pattern"})
        link = f"{said.get('from', item)} → {said.get('to', '?')}"
        return f"{link}: {rest}" if rest else link
    return ""


def _lines(page: Page) -> Iterator[_Line]:
    """Yield the values of the front matter with the names above them."""
    if not page.lines or page.lines[0].rstrip() != "---":
        return
    above: list[tuple[int, str]] = []
    for at, line in enumerate(page.lines[1:_LONGEST], 2):
        if line.rstrip() == "---":
            return
        item = _ITEM.match(line)
        found = _KEY.match(item["text"] if item else line.strip())
        column = len(line) - len(line.lstrip())
        if item:
            # A list may stand as deep as the name above it.
            while above and above[-1][0] > column:
                above.pop()
            column = item.start("text")
        while above and above[-1][0] >= column:
            above.pop()
        if found:
            above.append((column, found["name"]))
        text = (found["text"] or "") if found else item["text"] if item else ""
        path = tuple(name for _, name in above)
        yield _Line(at, path, _bare(text), _bare(item["text"]) if item else "")


def _bare(text: str) -> str:
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].replace('\\"', '"').replace("\\\\", "\\") if quoted else text


def _list(text: str) -> list[str]:
    """Return the entries of an inline list, or the one value."""
    text = text.strip()
    if text.startswith("["):
        text = text.strip("[]")
    parts = (part.strip().strip("\"'`") for part in text.split(","))
    return [p.split(" #", 1)[0].split(" (", 1)[0].strip() for p in parts if p]
