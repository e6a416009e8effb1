"""Problems → edits of bytes, for the rules whose cure is certain.

Certain means: the mended text does what its author plainly meant, and nothing else
changes.  What needs a decision (how many matches are right, which number a phase
should have) is never guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from weighlock.plan.encoding import decode, mangled
from weighlock.plan.lint.commands.runners import INSTEAD
from weighlock.plan.model import Plan, Problem
from weighlock.plan.splice.paper import locate, places

_FORM = re.compile(rb"@(plan|requirement)([: ])(?=PLAN-|REQ-)", re.IGNORECASE)
_BARE = re.compile(rb"(?<!\\)\|")
_QUOTED = re.compile(rb"""(["'])((?:\\.|(?!\1)[^\\])*)\1""")
_OPTION = re.compile(r"(\w+) has no option (--\w+)")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Edit:
    """Bytes of a file to be replaced."""

    file: str
    """Path below the plan's root, as in ``Plan.sources``."""
    start: int
    """Offset of the first byte."""
    end: int
    """Offset behind the last byte."""
    new: bytes


def fixes(plan: Plan, problems: tuple[Problem, ...]) -> tuple[Edit, ...]:
    """Return the edits that cure what can be cured for certain.

    They are in order and never overlap; a problem without a certain cure has none.
    """
    data = {s.path: s.data for s in plan.sources}
    where = places(plan)
    found = sorted({e for p in problems for e in _cure(p, data, where)})
    kept: list[Edit] = []
    for edit in found:
        if not kept or kept[-1].file != edit.file or kept[-1].end <= edit.start:
            kept.append(edit)
    return tuple(kept)


def apply(data: bytes, edits: tuple[Edit, ...]) -> bytes:
    """Return a file's bytes with its edits made; every other byte stays."""
    for edit in sorted(edits, reverse=True):
        data = data[: edit.start] + edit.new + data[edit.end :]
    return data


def _cure(
    found: Problem, data: Mapping[str, bytes], where: Mapping[str, str]
) -> Iterator[Edit]:
    path = locate(where, found.source) if found.source else None
    if found.source is None or path is None:
        return
    if found.code == _TEXT:
        yield from _glyphs(path, data[path])
        return
    at, line = _line(data[path], found.source.line)
    cure = _CURES.get(found.code)
    if cure is None or (not line.isascii() and any(mangled(data[path]))):
        return
    for start, end, new in cure(found, line, _offset(line, found.source.column)):
        yield Edit(file=path, start=at + start, end=at + end, new=new)


def _glyphs(path: str, data: bytes) -> Iterator[Edit]:
    """Write mangled glyphs as they were, if that leaves nothing mangled."""
    edits = tuple(Edit(file=path, start=s, end=e, new=n) for s, e, n in mangled(data))
    if decode(apply(data, edits)).repaired is None:
        yield from edits


def _line(data: bytes, number: int) -> tuple[int, bytes]:
    """Return where a line starts, and its bytes; both empty past the end."""
    at = 0
    for count, line in enumerate(re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data), 1):
        if count == number:
            return at, line
        at += len(line)
    return at, b""


def _offset(line: bytes, column: int) -> int:
    """Return the byte at a column; the start when the line is no plain text."""
    try:
        return len(line.decode().removeprefix("\ufeff")[: column - 1].encode())
    except UnicodeDecodeError:
        return 0


Spans = Iterator[tuple[int, int, bytes]]


def _marker_form(found: Problem, line: bytes, after: int) -> Spans:
    """Write the marker of a search, when it stands in quotes, as the examples do."""
    wanted = _FORM.search(found.hint.encode())
    pattern = _QUOTED.search(line, after)
    if wanted is None or pattern is None:
        return
    for match in _FORM.finditer(line, pattern.start(), pattern.end()):
        if match[2] != wanted[2]:
            yield match.start(2), match.end(2), wanted[2]


def _alternation(found: Problem, line: bytes, after: int) -> Spans:
    """Put a backslash before each bare | of the pattern; a mere hint is left alone."""
    if found.severity == "info":
        return
    for pattern in _QUOTED.finditer(line, after):
        bars = list(_BARE.finditer(line, pattern.start(2), pattern.end(2)))
        if bars:
            yield from ((bar.start(), bar.end(), rb"\|") for bar in bars)
            return


def _option(found: Problem, line: bytes, after: int) -> Spans:
    """Write a runner's own option where another runner's stands."""
    named = _OPTION.match(found.message)
    new = INSTEAD.get(named[1], {}).get(named[2], "") if named else ""
    if not named or new not in _SAME_VALUE:
        return
    old = named[2].encode()
    at = line.find(old, after)
    if at >= 0 and (new != "-k" or line[at + len(old) :][:1] != b"="):
        yield at, at + len(old), new.encode()


_SAME_VALUE = frozenset({"--testNamePattern", "-k"})
"""Options that take what ``--grep`` takes: a pattern for the names of tests."""
_TEXT = "WL901-text-mangled"


_CURES: dict[str, Callable[[Problem, bytes, int], Spans]] = {
    "WL404-grep-alternation": _alternation,
    "WL406-marker-form": _marker_form,
    "WL407-unknown-option": _option,
}

FIXABLE: frozenset[str] = frozenset({*_CURES, _TEXT})
"""Codes of the rules that may have a certain cure."""
