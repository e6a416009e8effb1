"""The functions that a phase changed, with the lines that are new in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from weighlock import syntax
from weighlock.checks.markers import numbered
from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject
from weighlock.syntax.language import language


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function of the delivered product that is not as it was at base."""

    path: str
    name: str
    line: int
    end_line: int
    fresh: frozenset[int]
    """Numbers of its lines that base did not have."""

    def __str__(self) -> str:
        return f"{self.name} ({self.path}:{self.line})"

    @property
    def is_new(self) -> bool:
        """Whether at least half of it was written in this phase."""
        return 2 * len(self.fresh) >= self.end_line - self.line + 1


def files(subject: Subject) -> list[str]:
    """Return the product files that the phase wrote, in a language we can read."""
    return [
        c.path
        for c in subject.work()
        if c.status != "D"
        and paths.role(c.path) == "product"
        and language(c.path) is not None
        and not c.path.endswith((".pyi", ".d.ts"))
    ]


def functions(subject: Subject) -> tuple[Function, ...]:
    """Return every changed function; a line belongs to the innermost around it."""
    return tuple(f for path in files(subject) for f in _of_file(subject, path))


def _of_file(subject: Subject, path: str) -> Iterator[Function]:
    outline = syntax.outline(path, subject.new.read(path) or b"")
    if outline is None:
        return
    old = {n.name: n.digest for n in syntax.nodes(path, subject.old.read(path) or b"")}
    fresh = {number for number, text in numbered(subject, path) if text.strip()}
    own = [
        n
        for n in outline.nodes
        if n.kind == "function"
        and not outline.in_test(n.line)
        and not n.name.startswith("tests.")
    ]
    owner: dict[int, int] = {}
    for at, node in enumerate(own):
        owner |= dict.fromkeys(range(node.line, node.end_line + 1), at)
    for at, node in enumerate(own):
        lines = frozenset(n for n in fresh if owner.get(n) == at)
        if lines and old.get(node.name) != node.digest:
            yield Function(
                path=path,
                name=node.name,
                line=node.line,
                end_line=node.end_line,
                fresh=lines,
            )
