"""The nodes that the markers of one text stand on."""

from collections.abc import Sequence

from weighlock import syntax
from weighlock.markers.kept import Stands
from weighlock.markers.text import Row
from weighlock.run.trace.marker import Marker, Node
from weighlock.syntax.language import is_test, language


def key(path: str, blob: str) -> str:
    """Return what nodes are kept by: a text is read by its file's name too."""
    return f"{blob} {language(path)} {is_test(path):d}"


def find(path: str, data: bytes, rows: Sequence[Row]) -> Stands:
    """Return the nodes of a text that its markers stand on."""
    outline = syntax.outline(path, data)
    if outline is None:
        return [], []
    each: list[tuple[int, bool]] = []
    numbers: dict[Node, int] = {}
    for row in rows:
        line = row[2]
        node = outline.at(line)
        each.append((numbers.setdefault(node, len(numbers)), outline.in_test(line)))
    nodes = [(n.kind, n.name, n.line, n.end_line, n.digest) for n in numbers]
    return nodes, each


def markers(
    path: str, rows: Sequence[Row], stands: Stands | None, *, tests: bool
) -> list[Marker]:
    """Return the markers of a text on their nodes.

    Args:
        path: Of the file.
        rows: What the text says.
        stands: What ``find`` returned, None when the file could not be read again.
        tests: Whether the file is one of tests.
    """
    known, each = stands or ([], [])
    nodes = [
        Node(kind=kind, name=name, line=line, end_line=end, digest=digest)
        for kind, name, line, end, digest in known
    ]
    on: list[tuple[Node | None, bool]] = [(None, tests)] * len(rows)
    if each:
        on = [(nodes[at], tests or within) for at, within in each]
    return [
        Marker(
            kind=kind,
            id=name,
            path=path,
            line=line,
            column=column,
            phase=phase,
            lines=(lines[0], lines[1]) if lines else None,
            covering=covering,
            revision=revision,
            is_test=is_test,
            node=node,
        )
        for (kind, name, line, column, phase, lines, covering, revision), (
            node,
            is_test,
        ) in zip(rows, on, strict=True)
    ]
