"""A phase's text → lines that know what they are about.

Headings and labels open a topic; list items, table rows and paragraphs below belong to
it until the next one.  Nothing is judged here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weighlock.plan.labels import Topic, topic_of, within
from weighlock.plan.markdown import Page, cells

# Nobody writes a label, path or number beyond this; the phase's text has it all.
_LONG = 4000
_PAIR = 2
_ITEM = re.compile(
    r"([ \t]*)(?:([-*+]|\d{1,3}[.)])[ \t]+)?(?:\[([ xX~_!/>-])\][ \t]+)?(.*)"
)
_LABEL = re.compile(
    r"(?:\*\*|__)([^*\n]{1,80}?)(?::(?:\*\*|__)|(?:\*\*|__)[ \t]*:)[ \t]*(.*)"
)
_BOLD = re.compile(r"(?:\*\*|__)([^*\n]{1,80}?)(?:\*\*|__)[ \t]*(\([^)]*\))?[ \t]*:?$")
_PLAIN = re.compile(r"([A-Za-z][\w '/&()-]{1,60}?)[ \t]*:(?:[ \t]+(.*)|$)")
_FILE = re.compile(r"(?:files?|paths?|file path)(?: name)?")
_CHANGE = re.compile(
    r"(?:(?:planned|required|type of) )?(?:changes?|actions?|operation)"
)
_ONE_PATH = re.compile(r"`[^`\s]*[./][^`\s]*`")
_FILES = frozenset({"create", "modify", "delete", "touch"})
_LABELLED = re.compile(r"[*_<]|.{1,63}:")
_TAG = re.compile(r"<(files|verify|done|depends_on)>\s*(.*?)\s*(?:</\1>|\Z)")
_ITALIC = re.compile(r"[_*]([A-Z][\w ]{2,40})(?::[_*]?|[_*]:)[ \t]*(.*?)[_*]?\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a phase."""

    number: int
    indent: int
    """Columns before the text; a tab counts four."""
    item: bool
    box: str | None
    """The character in a check-box, or None."""
    text: str
    topic: Topic | None
    label: str = ""
    """The author's label.  When the topic table knows it, text is its value only."""
    heading: int = 0
    """The level of a heading."""


def read_lines(page: Page, first: int, last: int) -> Iterator[Line]:
    """Yield the lines first to last of a page, fences left out, with their topics."""
    walker = _Walker()
    headings = {h.line: h for h in page.headings_between(first, last)}
    for number in range(first, last + 1):
        if page.shade[number - 1]:
            continue
        raw = page.lines[number - 1]
        if not raw or raw.isspace():
            continue
        if len(raw) > _LONG:
            raw = raw[:_LONG]
        if heading := headings.get(number):
            yield walker.heading(number, heading.level, heading.text)
        elif raw.lstrip()[:1] == "|":
            yield walker.row(number, raw)
        else:
            yield from walker.line(number, raw)


class _Walker:
    """Keeps the topics that headings and labels have opened."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, Topic | None]] = []
        self._label: Topic | None = None
        self._item: tuple[int, Topic] | None = None
        self._table: Topic | None = None
        self._row = 0
        self._beside: int | None = None
        """Where the item before stands, when its label is about files."""

    def heading(self, number: int, level: int, text: str) -> Line:
        """Open a heading's topic; an unknown one keeps that of the heading above."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        label, _, value = text.partition(":")
        topic, opened, rest = within(text, self._above()), text, text
        if topic is None and value and (topic := topic_of(label)):
            opened, rest = label.strip(), value.strip()
        topic = topic or self._above()
        self._headings.append((level, topic))
        self._label, self._item = topic, None
        return _plain(number, rest, topic, opened, level)

    def row(self, number: int, raw: str) -> Line:
        """Read a row of a property table; other rows are lines of their topic."""
        row = cells(raw)
        if number != self._row + 1:
            self._table = "touch" if _changes(row) else None
        self._row = number
        if self._table:
            return _plain(number, raw.strip(), self._table)
        if len(row) == _PAIR and (topic := topic_of(row[0])) and row[1].strip("-: "):
            return _plain(number, row[1], topic, row[0].strip("* "))
        return _plain(number, raw.strip(), self._label)

    def line(self, number: int, raw: str) -> Iterator[Line]:
        """Read a list item, a label or a paragraph."""
        found = _ITEM.match(raw)
        if not found:
            return
        indent = len(found[1].expandtabs(4))
        item, box, text = found[2] is not None, found[3], found[4].rstrip()
        if self._item and indent <= self._item[0]:
            self._item = None
        topic = self._item[1] if self._item else self._label
        labels = _labels(text) if _LABELLED.match(text) else []
        known = [
            (label, value, t)
            for label, value in labels
            if (t := within(label, topic) or self._tested(indent, label, value))
        ]
        for label, value, named in known:
            self._open(indent, named, item=item, lasting=text[0] in "*<" or not value)
            yield Line(number, indent, item, box, value, named, label)
        if known:
            return
        label = labels[0][0] if labels else ""
        if label and text[0] == "*" and not item:
            # A bold label that the table does not know ends the one before it.
            topic = self._label = self._above()
        yield Line(number, indent, item, box, text, topic, label)

    def _tested(self, indent: int, label: str, value: str) -> Topic | None:
        """Read "Test: `tests/test_a.py`" below "Modify: `a.py`" as a file like it."""
        beside = self._beside == indent and label.lower() in {"test", "tests"}
        return "touch" if beside and _ONE_PATH.match(value) else None

    def _open(self, indent: int, topic: Topic, *, item: bool, lasting: bool) -> None:
        if item:
            self._item = (indent, topic)
            self._beside = indent if topic in _FILES else None
        elif lasting:
            self._label, self._item = topic, None

    def _above(self) -> Topic | None:
        return self._headings[-1][1] if self._headings else None


def _changes(header: tuple[str, ...]) -> bool:
    """Say whether a table lists files and what is done to each."""
    names = [name.strip("*` ").lower() for name in header]
    return _FILE.fullmatch(names[0]) is not None and any(
        _CHANGE.fullmatch(name) for name in names[1:]
    )


def _plain(
    number: int, text: str, topic: Topic | None, label: str = "", heading: int = 0
) -> Line:
    return Line(
        number,
        0,
        item=False,
        box=None,
        text=text,
        topic=topic,
        label=label,
        heading=heading,
    )


def _labels(text: str) -> list[tuple[str, str]]:
    """Return the labels of a line; a compact line holds several, between bars."""
    if text[0] == "<":
        return [(m[1], m[2]) for m in (_TAG.match(text),) if m]
    if found := _LABEL.match(text):
        if " | " in text and text.count("**") >= _PAIR * 2:
            parts = (p.strip() for p in text.split(" | "))
            return [(m[1], m[2]) for p in parts if (m := _LABEL.match(p))]
        return [(found[1].strip(), found[2].strip())]
    if found := _BOLD.match(text):
        return [(found[1].strip(" :"), "")]
    if found := _ITALIC.match(text):
        return [(found[1], found[2])]
    found = _PLAIN.match(text)
    return [(found[1], (found[2] or "").strip())] if found else []
