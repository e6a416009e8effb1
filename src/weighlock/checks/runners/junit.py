"""Read JUnit XML, which a program of the agent's may have written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from weighlock.checks.runners.runner import REPORT_LIMIT, Case, Result

_RESULTS: tuple[tuple[str, Result], ...] = (
    ("error", "error"),
    ("failure", "failed"),
    ("skipped", "skipped"),
)
_MESSAGE_LIMIT = 2000


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

    Entities and document types are refused: no test runner writes them.
    """
    if report is None or len(report) > REPORT_LIMIT:
        return None
    if any(mark in report for mark in (b"<!DOCTYPE", b"<!ENTITY", b"\0")):
        return None
    try:
        root = ET.fromstring(report)  # noqa: S314 - entities refused above
    except (ET.ParseError, ValueError, LookupError):
        return None
    return tuple(_walk(root, ()))


def _walk(node: ET.Element, suites: tuple[str, ...]) -> Iterator[Entry]:
    for child in node:
        if child.tag == "testsuite":
            yield from _walk(child, (*suites, child.get("name", "")))
        elif child.tag == "testcase":
            yield _entry(child, suites)


def _entry(node: ET.Element, suites: tuple[str, ...]) -> Entry:
    result: Result = "passed"
    told: ET.Element | None = None
    for tag, name in _RESULTS:
        told = node.find(tag)
        if told is not None:
            result = name
            break
    return Entry(
        name=node.get("name", ""),
        classname=node.get("classname", ""),
        suites=suites,
        file=node.get("file", ""),
        result=result,
        kind="" if told is None else told.get("type", ""),
        message="" if told is None else told.get("message", "")[:_MESSAGE_LIMIT],
        text="" if told is None else (told.text or ""),
    )


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
            message=e.message,
            frame=frame(e.text, tree),
        )
        for e in found
    )


_FRAME = re.compile(r"(?:file://)?(/[^\s():]+|[\w.@/\-]+\.\w+):\d+(?::\d+)?")


def frames(text: str, tree: Path) -> list[str]:
    """Return the project's files in a stack, the deepest first.

    Files of the runtime and of packages are passed over.
    """
    names = (relative(path, tree) for path in _FRAME.findall(text))
    return [
        name
        for name in names
        if not name.startswith(("/", "node:", "..")) and "node_modules/" not in name
    ]


def frame(text: str, tree: Path) -> str:
    """Return the project's file nearest to where it went wrong."""
    return next(iter(frames(text, tree)), "")
