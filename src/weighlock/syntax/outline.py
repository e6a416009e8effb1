"""The nodes of one text, and which of them a line belongs to."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from weighlock.run.trace.marker import Node

DEEPEST = 32
"""Nodes within nodes beyond this were not written by a person."""

Kind = Literal["function", "class", "test", "module"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A node whose digest is made when somebody asks."""

    kind: Kind
    name: str
    line: int
    end_line: int
    digest: Callable[[], str]


class Outline:
    """The functions, classes and tests of one text, with the lines they are on.

    Args:
        spots: In the order of their first lines, the outer before the inner.
        module: The whole text.
        comments: Numbers of the lines that hold nothing but comments.
    """

    def __init__(
        self, spots: Sequence[Spot], module: Spot, comments: frozenset[int]
    ) -> None:
        self._spots = (*spots, module)
        self._comments = comments
        self._made: dict[int, Node] = {}

    @functools.cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node but the module, in the order of their first lines."""
        return tuple(self._node(at) for at in range(len(self._spots) - 1))

    @property
    def module(self) -> Node:
        """The whole text as a node."""
        return self._node(len(self._spots) - 1)

    def at(self, line: int) -> Node:
        """Return the node that a comment on this line is about.

        It is the node that begins under the comment, decorators and attributes being
        its beginning; else the innermost node around the line; else the module.
        """
        return self._node(self._index(line))

    def in_test(self, line: int) -> bool:
        """Say whether a line is about a test, or within one."""
        at = self._spots[self._index(line)]
        tests = (s for s in self._spots if s.kind == "test")
        return any(s.line <= at.line and at.end_line <= s.end_line for s in tests)

    def _index(self, line: int) -> int:
        if line in self._comments:
            under = line + 1
            while under in self._comments:
                under += 1
            if under in self._begins:
                return self._begins[under]
        owner = self._owners
        return owner[line] if 0 < line < len(owner) else len(self._spots) - 1

    @functools.cached_property
    def _begins(self) -> dict[int, int]:
        """First line → the outermost node that begins there."""
        begins: dict[int, int] = {}
        for at, spot in enumerate(self._spots[:-1]):
            begins.setdefault(spot.line, at)
        return begins

    @functools.cached_property
    def _owners(self) -> list[int]:
        """Line → the innermost node around it; painted from the outside in."""
        last = max(spot.end_line for spot in self._spots)
        owners = [len(self._spots) - 1] * (last + 1)
        for at, spot in enumerate(self._spots[:-1]):
            owners[spot.line : spot.end_line + 1] = [at] * (
                spot.end_line + 1 - spot.line
            )
        return owners

    def _node(self, at: int) -> Node:
        if at not in self._made:
            spot = self._spots[at]
            self._made[at] = Node(
                kind=spot.kind,
                name=spot.name,
                line=spot.line,
                end_line=spot.end_line,
                digest=spot.digest(),
            )
        return self._made[at]
