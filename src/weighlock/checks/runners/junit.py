"""Read JUnit XML, which a program of the agent's may have written."""

import posixpath
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from weighlock.checks.runners.runner import (
    CASE_LIMIT,
    REPORT_LIMIT,
    Case,
    Result,
    first_line,
)

_RESULTS: dict[str, Result] = {
    "error": "error",
    "failure": "failed",
    "skipped": "skipped",
}
_WORST: tuple[Result, ...] = ("error", "failed", "skipped", "passed")
_DEEPEST = 64
"""Elements within elements; a report has five."""
_MESSAGE = 2000
_TEXT = 4000
"""Characters kept of the beginning, and as many of the end, of what a test said."""
_WHOLE = 16_000_000
"""Characters kept of everything that went wrong in one report."""

_CONTROL = bytes(n for n in range(32) if n not in b"\t\n\r")
_REFERENCE = re.compile(
    rb"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcefBCEF]|1[\da-fA-F]));"
)
_REFERENCES = 100_000
"""Characters that XML cannot hold, named by number: more are meant to take long."""
_PLAIN = bytes.maketrans(_CONTROL, b"?" * len(_CONTROL))
_ENCODED = re.compile(
    rb"\A(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}encoding=.(?!utf-?8\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One ``testcase`` as it stands in the report."""

    name: str
    classname: str
    suites: tuple[str, ...]
    file: str
    result: Result
    kind: str
    """The ``type`` attribute of what went wrong."""
    message: str
    text: str


def entries(report: bytes | None) -> tuple[Entry, ...] | None:
    """Return the test cases, or None for what is no usable report.

    Document types, and with them entities, are refused: no test runner writes them.
    Characters that XML cannot hold are passed over: runners copy what tests print.
    """
    if report is None or len(report) > REPORT_LIMIT:
        return None
    reader = _Reader()
    try:
        return reader.read(_legal(report))
    except (expat.ExpatError, ValueError, LookupError):
        return None


def _legal(report: bytes) -> bytes:
    if not _ENCODED.match(report):
        report = report.decode(errors="replace").encode()
    report, number = _REFERENCE.subn(b"?", report.translate(_PLAIN), _REFERENCES)
    if number == _REFERENCES:
        raise ValueError(number)
    return report


@dataclass(slots=True)
class _Open:
    """A test case that has begun."""

    attributes: dict[str, str]
    suites: tuple[str, ...]
    result: Result = "passed"
    told: dict[str, str] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)


class _Reader:
    """Follows the elements of one report, with bounds on all that it keeps."""

    def __init__(self) -> None:
        self._found: list[Entry] = []
        self._path: list[str] = []
        self._suites: list[str] = []
        self._case: _Open | None = None
        self._room = _WHOLE

    def read(self, report: bytes) -> tuple[Entry, ...]:
        """Read a whole report.

        Raises:
            ExpatError: It is no XML.
            ValueError: It is no report of tests, or beyond all bounds.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        parser.StartDoctypeDeclHandler = _refuse
        parser.Parse(report, True)  # noqa: FBT003 - that it is the last is its meaning
        return tuple(self._found)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag)
        if len(self._path) > _DEEPEST or len(self._found) > CASE_LIMIT:
            raise ValueError(tag)
        if len(self._path) == 1 and not tag.startswith("testsuite"):
            raise ValueError(tag)
        if self._case is None and tag == "testsuite" and len(self._path) > 1:
            self._suites.append(attributes.get("name", ""))
        elif self._case is None and tag == "testcase":
            self._case = _Open(attributes, tuple(self._suites))
        elif self._case is not None and tag in _RESULTS:
            self._judge(self._case, _RESULTS[tag], attributes)

    def _judge(self, case: _Open, result: Result, told: dict[str, str]) -> None:
        """Take the worst that is said of a test; one that is todo cannot fail."""
        if case.told.get("type") == "todo":
            return
        todo = result == "skipped" and told.get("type") == "todo"
        if todo or _WORST.index(result) < _WORST.index(case.result):
            case.result, case.told, case.text = result, told, []

    def _say(self, text: str) -> None:
        case = self._case
        if case is None or case.result == "passed" or not self._telling(case):
            return
        if len(case.text) < _DEEPEST:
            case.text.append(text)

    def _telling(self, case: _Open) -> bool:
        return _RESULTS.get(self._path[-1]) == case.result

    def _end(self, tag: str) -> None:
        self._path.pop()
        if (
            tag == "testcase"
            and self._case is not None
            and "testcase" not in self._path
        ):
            self._found.append(self._entry(self._case))
            self._case = None
        elif tag == "testsuite" and self._case is None and self._suites and self._path:
            self._suites.pop()

    def _entry(self, case: _Open) -> Entry:
        text = "".join(case.text)
        if len(text) > 2 * _TEXT:
            text = f"{text[:_TEXT]}\n{text[-_TEXT:]}"
        message = case.told.get("message", "")[:_MESSAGE]
        self._room -= len(text) + len(message)
        kept = self._room > 0
        return Entry(
            name=case.attributes.get("name", "")[:_MESSAGE],
            classname=case.attributes.get("classname", "")[:_MESSAGE],
            suites=case.suites,
            file=case.attributes.get("file", "")[:_MESSAGE],
            result=case.result,
            kind=case.told.get("type", "")[:_MESSAGE],
            message=message if kept else "",
            text=text if kept else "",
        )


def _refuse(*declared: object) -> NoReturn:
    raise ValueError(declared)


def relative(path: str, tree: Path) -> str:
    """Return a path of the checkout as git names it; another path as it is."""
    path = path.removeprefix("file://")
    for root in (tree, tree.resolve()):
        if path.startswith(f"{root}/"):
            return path[len(str(root)) + 1 :]
    return path


def plain(report: bytes | None, tree: Path) -> tuple[Case, ...] | None:
    """Read the report of a runner that is not known: class name and name are the id."""
    found = entries(report)
    if found is None:
        return None
    return tuple(
        Case(
            id=f"{e.classname}::{e.name}" if e.classname else e.name,
            result=e.result,
            file=relative(e.file, tree),
            error=e.kind,
            message=first_line(e.message),
            frame=frame(e.text, tree),
        )
        for e in found
    )


_FRAME = re.compile(r"(?<![\w.@/\-])(?:file://)?(/[^\s():]++|[\w.@/\-]++):\d+")


def frames(text: str, tree: Path) -> list[str]:
    """Return the project's files in a stack, the deepest first.

    Files of the runtime and of packages are passed over.
    """
    names = (relative(path, tree) for path in _FRAME.findall(text))
    return [
        name
        for name in names
        if not name.startswith(("/", "node:", "..")) and _is_file(name)
    ]


def _is_file(name: str) -> bool:
    return "." in posixpath.basename(name) and "node_modules/" not in name


def frame(text: str, tree: Path) -> str:
    """Return the project's file nearest to where it went wrong."""
    return next(iter(frames(text, tree)), "")
