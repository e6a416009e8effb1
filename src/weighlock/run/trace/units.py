"""Bring markers together that stand on one piece of code.

A piece is the syntactic node that its markers stand on. Where no node is known it is
what follows a block of markers, up to the next block or the end of the file.
"""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import NamedTuple

from weighlock.run.trace.marker import Marker, Node

_NEAR = 3
"""Markers at most this many lines apart are one block."""


class Unit(NamedTuple):
    """One piece of code with its markers, in the order of their lines."""

    path: str
    first: int
    last: int
    """Last line, inclusive; 0 is the end of the file."""
    node: Node | None
    markers: tuple[Marker, ...]


_PLACE = attrgetter("path", "line", "column", "kind", "id", "phase")


def units(markers: Iterable[Marker]) -> Iterator[Unit]:
    """Yield the pieces of code that markers stand on, file by file."""
    path, group = "", list[Marker]()
    for marker in sorted(markers, key=_PLACE):
        if marker.path != path:
            yield from _of_file(path, group)
            path, group = marker.path, []
        group.append(marker)
    yield from _of_file(path, group)


def _of_file(path: str, markers: list[Marker]) -> Iterator[Unit]:
    nodes: dict[tuple[int, str], list[Marker]] = {}
    loose: list[list[Marker]] = []
    for marker in markers:
        if marker.node is not None:
            nodes.setdefault((marker.node.line, marker.node.name), []).append(marker)
        elif loose and marker.line - loose[-1][-1].line <= _NEAR:
            loose[-1].append(marker)
        else:
            loose.append([marker])
    for found in nodes.values():
        yield _of_node(path, found)
    for at, block in enumerate(loose):
        after = loose[at + 1][0].line - 1 if at + 1 < len(loose) else 0
        yield Unit(
            path=path,
            first=block[0].line,
            last=after,
            node=None,
            markers=tuple(block),
        )


def _of_node(path: str, markers: list[Marker]) -> Unit:
    node = markers[0].node
    first, last = markers[0].line, markers[-1].line
    if node is not None:
        first, last = min(first, node.line), max(last, node.end_line)
    return Unit(path=path, first=first, last=last, node=node, markers=tuple(markers))
