"""Read which lines were executed, from files that hostile code may have written.

A file is read only up to a limit, an XML file with entities is refused, and a path is
only ever compared with the paths that we ask about.
"""

import json
import posixpath
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

LIMIT = 64 * 1024 * 1024
"""Bytes of one file that are read; a longer one is not."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one file that could run, and those that did."""

    could: frozenset[int]
    did: frozenset[int]


Covered = Mapping[str, Lines]
"""Path relative to the checkout → its lines."""


def read(path: Path, tree: Path, wanted: Iterable[str]) -> Covered | None:
    """Read coverage.py's JSON, lcov or Cobertura XML, whichever it is.

    Args:
        path: The file.
        tree: The checkout, which the paths in it lie below.
        wanted: Paths to look for; every other one is passed over.

    Returns:
        None when there is no file, or it is none of the three.
    """
    try:
        if path.stat().st_size > LIMIT:
            return None
        text = path.read_text(encoding="utf-8", errors="replace").lstrip()
        reader = _READERS.get(text[:1], _lcov)
        return reader(text, _Names(tree, wanted))
    except _GARBLED:
        return None


_GARBLED = (
    *(OSError, ValueError, TypeError, KeyError, AttributeError, LookupError),
    *(ET.ParseError, RecursionError, OverflowError),
)


class _Names:
    """Find the one path that is meant: absolute, relative, or relative to a source."""

    def __init__(self, tree: Path, wanted: Iterable[str]) -> None:
        self._roots = [f"{root}/" for root in {tree, tree.resolve()}]
        self._wanted = frozenset(wanted)

    def find(self, name: str, sources: Iterable[str] = ()) -> str | None:
        """Return the path that is meant, if it is one of those asked about."""
        name = name.replace("\\", "/").removeprefix("file://")
        spelled = (name, *(f"{s.rstrip('/')}/{name}" for s in sources))
        plain = (self._inside(each) for each in spelled)
        return next((each for each in plain if each in self._wanted), None)

    def _inside(self, name: str) -> str:
        for root in self._roots:
            name = name.removeprefix(root)
        return name.removeprefix("./")


def _json(text: str, names: _Names) -> Covered | None:
    document = json.loads(text)
    found: dict[str, Lines] = {}
    for name, entry in document["files"].items():
        path = names.find(name)
        if path is not None:
            did = frozenset(map(int, entry["executed_lines"]))
            missed = frozenset(map(int, entry["missing_lines"]))
            found[path] = Lines(did | missed, did)
    return found


def _lcov(text: str, names: _Names) -> Covered | None:
    counts: dict[str, dict[int, int]] = {}
    path: str | None = None
    known = False
    for line in text.splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            path, known = names.find(rest.strip()), True
        elif kind == "DA" and path is not None:
            number, count, *_ = (*rest.split(","), "0")
            at = counts.setdefault(path, {})
            at[int(number)] = at.get(int(number), 0) + int(float(count))
    return _counted(counts) if known else None


def _cobertura(text: str, names: _Names) -> Covered | None:
    if "<!ENTITY" in text:
        return None
    root = ET.fromstring(text)  # noqa: S314 - entities refused above
    sources = [s.text.strip() for s in root.iter("source") if s.text]
    counts: dict[str, dict[int, int]] = {}
    for node in root.iter("class"):
        path = names.find(node.get("filename", ""), sources)
        if path is not None:
            for line in node.iter("line"):
                at = counts.setdefault(path, {})
                number = int(line.get("number", ""))
                at[number] = max(at.get(number, 0), int(line.get("hits", "0")))
    return _counted(counts) if root.tag == "coverage" else None


_READERS = {"{": _json, "<": _cobertura}


def _counted(counts: Mapping[str, Mapping[int, int]]) -> Covered:
    return {
        path: Lines(frozenset(at), frozenset(n for n, count in at.items() if count > 0))
        for path, at in counts.items()
    }


_BLOCK = re.compile(r"(.+):(\d{1,9})\.\d+,(\d{1,9})\.\d+ \d+ (\d{1,18})")


def golang(
    path: Path, module: str, folder: str, texts: Mapping[str, str]
) -> Covered | None:
    """Read what ``go test -coverprofile`` writes.

    Args:
        path: The file.
        module: Name of the module, which every path in it begins with.
        folder: The module's folder, relative to the checkout.
        texts: The files asked about, as they were run.
    """
    try:
        if path.stat().st_size > LIMIT:
            return None
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    code = {name: sorted(_code(text)) for name, text in texts.items()}
    counts: dict[str, dict[int, int]] = {}
    for block in filter(None, map(_BLOCK.fullmatch, lines)):
        name = posixpath.join(folder, block[1].removeprefix(f"{module}/"))
        if name in code:
            at = counts.setdefault(name, {})
            first = bisect_left(code[name], int(block[2]))
            for number in code[name][first : bisect_right(code[name], int(block[3]))]:
                at[number] = max(at.get(number, 0), int(block[4]))
    return _counted(counts) if lines[:1] and lines[0].startswith("mode:") else None


_CODE = re.compile(r"[\w$]")
_NO_CODE = re.compile(
    r"\A[\s{}()\[\];,]*(?:else|try|finally|do)?[\s{}()\[\];,]*\Z|\A\s*(?://|/\*|\*)"
)


def v8(folder: Path, tree: Path, texts: Mapping[str, str]) -> Covered | None:
    """Read what node writes to ``NODE_V8_COVERAGE``: one file for each process.

    Args:
        folder: Where the files lie.
        tree: The checkout.
        texts: The files asked about, as they were run.

    Returns:
        None when no process has written anything; a file that none loaded is left out.
    """
    names = _Names(tree, texts)
    did: dict[str, set[int]] = {}
    files = sorted(folder.glob("coverage-*.json"))
    for file in files:
        for path, ranges in _scripts(file, names):
            did.setdefault(path, set()).update(_ran(texts[path], ranges))
    if not files:
        return None
    found: dict[str, Lines] = {}
    for path, lines in did.items():
        could = frozenset(_code(texts[path]))
        found[path] = Lines(could, could & lines)
    return found


_Range = tuple[int, int, int]


def _scripts(file: Path, names: _Names) -> Iterator[tuple[str, list[_Range]]]:
    try:
        if file.stat().st_size > LIMIT:
            return
        document = json.loads(file.read_text(encoding="utf-8", errors="replace"))
        for script in document["result"]:
            path = names.find(str(script["url"]))
            if path is not None:
                yield (
                    path,
                    [
                        (int(r["startOffset"]), int(r["endOffset"]), int(r["count"]))
                        for function in script["functions"]
                        for r in function["ranges"]
                    ],
                )
    except _GARBLED:
        return


def _ran(text: str, ranges: list[_Range]) -> Iterator[int]:
    """Return the lines that ran in one process: the innermost range decides."""
    runs = bytearray(len(text))
    for start, end, count in sorted(ranges, key=lambda r: (r[0], -r[1])):
        low, high = max(start, 0), min(end, len(text))
        if low < high:
            runs[low:high] = bytes([count > 0]) * (high - low)
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        own = [i for i, c in enumerate(line, at) if _CODE.match(c)]
        if own and all(runs[i] for i in own):
            yield number
        at += len(line) + 1


def _code(text: str) -> Iterator[int]:
    for number, line in enumerate(text.split("\n"), 1):
        if _CODE.search(line) and not _NO_CODE.match(line):
            yield number
