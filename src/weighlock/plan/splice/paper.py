"""A file as bytes and as text side by side, line by line, to be edited exactly.

Text is only looked at; bytes are what is written.  So a mangled or foreign encoding,
the line ends and a missing last one stay as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import join, normpath

from weighlock.plan import markdown
from weighlock.plan.encoding import decode
from weighlock.plan.model import Plan, Span

_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Paper:
    """One file under the pen; lines count from 1 and never move while it is."""

    path: str
    raw: list[bytes]
    """Lines with their line ends."""
    page: markdown.Page
    plain: bool
    """Whether text can be written as UTF-8: nothing was mangled."""
    more: list[tuple[int, list[bytes]]] = field(default_factory=list)
    """Lines to come in: the number of the line they follow, and what they hold."""

    def line(self, number: int) -> bytes:
        """Return a line's bytes without its line end."""
        return self.raw[number - 1].rstrip(b"\r\n")

    def text(self, number: int) -> str:
        """Return a line as it was meant to read."""
        return self.page.lines[number - 1]

    def put(self, number: int, content: bytes) -> None:
        """Replace a line's bytes and keep its line end."""
        old = self.raw[number - 1]
        self.raw[number - 1] = content + old[len(old.rstrip(b"\r\n")) :]

    def add(self, after: int, lines: list[bytes]) -> None:
        """Let lines follow the one with this number, once the file is whole again."""
        self.more.append((after, lines))

    def data(self) -> bytes:
        """Return the whole file."""
        data = b"".join(self.raw)
        for after, lines in sorted(self.more, key=lambda m: m[0], reverse=True):
            data = _with(data, after, lines)
        return data


def open_(path: str, data: bytes) -> Paper | None:
    """Spread out a file; None when its bytes and its text cannot be aligned."""
    read = decode(data)
    raw = data.splitlines(keepends=True)
    if data[:2] in _WIDE or len(read.lines) - len(raw) not in {0, 1}:
        return None
    return Paper(
        path=path,
        raw=raw,
        page=markdown.scan(path, markdown.unwrapped(read.lines)),
        plain=read.repaired is None and not read.replaced,
    )


def places(plan: Plan) -> Mapping[str, str]:
    """Return file name as positions give it → path of the source."""
    return {normpath(join(plan.root, s.path)): s.path for s in plan.sources}


def locate(places_: Mapping[str, str], span: Span) -> str | None:
    """Return the path of the source that a position points into."""
    return places_.get(normpath(span.file))


def insert(data: bytes, after: int, lines: list[str]) -> bytes:
    """Put lines behind the line with this number, with the file's own line ends."""
    return _with(data, after, [line.encode() for line in lines])


def _with(data: bytes, after: int, lines: Sequence[bytes]) -> bytes:
    raw = data.splitlines(keepends=True)
    end = b"\r\n" if raw and raw[0].endswith(b"\r\n") else b"\n"
    new = [line + end for line in lines]
    if after >= len(raw) and raw and not raw[-1].endswith((b"\n", b"\r")):
        raw[-1] += end
        new[-1] = new[-1][: -len(end)]
    return b"".join([*raw[:after], *new, *raw[after:]])
