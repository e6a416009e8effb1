"""Place the phases of a plan on a plane: layers, order in them, coordinates.

A light form of the layered method of Sugiyama, Tagawa and Toda (1981): keys go to
layers of bounded width, edges over several layers are led through empty places,
each layer is sorted by the mean place of its neighbours, then shifted towards
them without overlap.  A long thin graph is folded into columns, as text is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, sqrt

from weighlock.plan import order

WIDEST = 6
"""Boxes side by side in one layer."""
_MOST_BENDS = 6000
"""Beyond this many empty places long edges are drawn straight."""
_SWEEPS = 4

Place = int | str
"""A key, or the number of an empty place that a long edge passes through."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Sizes in user units: a phase's box and the space around it."""

    width: float
    height: float
    gap_x: float = 26
    gap_y: float = 30
    bend: float = 14
    """Width that an edge needs beside boxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line from a phase to one that needs it, through its points."""

    start: str
    end: str
    points: tuple[Point, ...]
    turns: bool = False
    """Whether it goes over to the next column, by right angles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where everything is; ``places`` holds the upper left corner of each box."""

    width: float
    height: float
    places: Mapping[str, Point]
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Rows:
    """The layers with their empty places, and who is beside whom above and below."""

    rows: list[list[Place]]
    above: dict[Place, list[Place]] = field(default_factory=dict)
    below: dict[Place, list[Place]] = field(default_factory=dict)
    paths: list[tuple[str, str, list[Place]]] = field(default_factory=list)

    def join(self, upper: Place, lower: Place) -> None:
        self.below.setdefault(upper, []).append(lower)
        self.above.setdefault(lower, []).append(upper)


def arrange(needs: order.Needs, box: Box) -> Layout:
    """Lay out a graph without cycles; the same graph gives the same picture."""
    rows = _with_bends(needs, _layers(needs))
    _sort(rows)
    middles = _middles(rows, box)
    return _fold(rows, middles, box)


def _layers(needs: order.Needs) -> dict[str, int]:
    """Give each key a layer below its needs, never more than WIDEST to a layer."""
    level: dict[str, int] = {}
    filled: dict[int, int] = {}
    after: dict[int, int] = {}
    for key in order.topological(needs):
        at = max((level[n] + 1 for n in needs[key]), default=0)
        passed = []
        while filled.get(at, 0) >= WIDEST:
            passed.append(at)
            at = after.get(at, at + 1)
        after.update(dict.fromkeys(passed, at))
        level[key] = at
        filled[at] = filled.get(at, 0) + 1
    return level


def _with_bends(needs: order.Needs, level: Mapping[str, int]) -> _Rows:
    rows = _Rows([[] for _ in range(max(level.values(), default=-1) + 1)])
    for key in needs:
        rows.rows[level[key]].append(key)
    bends = 0
    for key in needs:
        for need in needs[key]:
            between = range(level[need] + 1, level[key])
            path: list[Place] = [need]
            if bends + len(between) <= _MOST_BENDS:
                for depth in between:
                    bends += 1
                    path.append(bends)
                    rows.rows[depth].append(bends)
            path.append(key)
            for upper, lower in pairwise(path):
                rows.join(upper, lower)
            rows.paths.append((need, key, path))
    return rows


def _sort(rows: _Rows) -> None:
    """Sort each layer by the mean place of its neighbours, downwards and upwards."""
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        beside = rows.above if down else rows.below
        place: dict[Place, float] = {}
        for row in rows.rows if down else reversed(rows.rows):
            if len(row) > 1:
                mean = {
                    x: _mean(beside.get(x, ()), place, float(i))
                    for i, x in enumerate(row)
                }
                row.sort(key=mean.__getitem__)
            middle = (len(row) - 1) / 2
            place.update((x, i - middle) for i, x in enumerate(row))


def _mean(
    beside: Sequence[Place], place: Mapping[Place, float], default: float
) -> float:
    known = [place[x] for x in beside if x in place]
    return sum(known) / len(known) if known else default


def _middles(rows: _Rows, box: Box) -> dict[Place, float]:
    """Find the middle of every place, near its neighbours and without overlap."""
    middle: dict[Place, float] = {}
    for sweep in range(3):
        down = sweep % 2 == 0
        beside = rows.above if down else rows.below
        for row in rows.rows if down else reversed(rows.rows):
            wanted = [_mean(beside.get(x, ()), middle, middle.get(x, 0.0)) for x in row]
            middle.update(zip(row, _apart(row, wanted, box), strict=True))
    return middle


def _room(place: Place, box: Box) -> float:
    return (box.width if isinstance(place, str) else box.bend) + box.gap_x


def _apart(row: Sequence[Place], wanted: Sequence[float], box: Box) -> list[float]:
    """Shift wanted middles as little as possible so that nothing overlaps.

    With the widths taken out this is isotonic regression: neighbours that stand in
    each other's way are pooled at their mean.
    """
    offsets, used = [], 0.0
    for at, place in enumerate(row):
        if at:
            used += (_room(row[at - 1], box) + _room(place, box)) / 2
        offsets.append(used)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        value, size = want - offset, 1
        while pools and pools[-1][0] >= value:
            other, count = pools.pop()
            value = (other * count + value * size) / (count + size)
            size += count
        pools.append((value, size))
    flat = [value for value, size in pools for _ in range(size)]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]


def _fold(rows: _Rows, middle: dict[Place, float], box: Box) -> Layout:
    """Cut the layers into columns of about the same height, side by side."""
    step = box.height + box.gap_y
    depth = len(rows.rows)
    left, right = _extent(middle, box)
    columns = max(1, round(sqrt(depth * step / ((right - left + 60) * 1.1))))
    tall = max(1, ceil(depth / columns))
    spot: dict[Place, tuple[int, Point]] = {}
    x = box.gap_x
    gutters: list[float] = []
    for column in range(ceil(depth / tall)):
        part = rows.rows[column * tall : (column + 1) * tall]
        here = {place: middle[place] for row in part for place in row}
        low, high = _extent(here, box)
        gutters.append(x - box.gap_x)
        for at, row in enumerate(part):
            y = box.gap_y + at * step
            spot.update((p, (column, (x + middle[p] - low, y))) for p in row)
        x += high - low + 2 * box.gap_x
    edges = tuple(e for path in rows.paths for e in _line(path, spot, gutters, box))
    return Layout(
        width=max(x - box.gap_x, 2 * box.gap_x + box.width),
        height=2 * box.gap_y + min(depth, tall) * step - box.gap_y,
        places={
            p: (at[0] - box.width / 2, at[1])
            for p, (_, at) in spot.items()
            if isinstance(p, str)
        },
        edges=edges,
    )


def _extent(middle: Mapping[Place, float], box: Box) -> tuple[float, float]:
    if not middle:
        return 0.0, box.width
    half = {True: box.width / 2, False: box.bend / 2}
    low = min(m - half[isinstance(p, str)] for p, m in middle.items())
    high = max(m + half[isinstance(p, str)] for p, m in middle.items())
    return low, high


def _line(
    path: tuple[str, str, list[Place]],
    spot: Mapping[Place, tuple[int, Point]],
    gutters: Sequence[float],
    box: Box,
) -> list[Edge]:
    """Draw one edge; where it goes over to the next column, in a piece of its own."""
    start, end, places = path
    pieces: list[Edge] = []
    points: list[Point] = []
    for at, place in enumerate(places):
        column, (x, y) = spot[place]
        if at and spot[places[at - 1]][0] != column:
            turn = _over(points[-1], (x, y), gutters[column], box)
            pieces.append(Edge(start=start, end=end, points=tuple(points)))
            pieces.append(Edge(start=start, end=end, points=turn, turns=True))
            points = [(x, y)]
        elif at:
            points.append((x, y))
        if place != end:
            points.append((x, y + box.height))
    pieces.append(Edge(start=start, end=end, points=tuple(points)))
    return [piece for piece in pieces if len(piece.points) > 1]


def _over(down: Point, up: Point, gutter: float, box: Box) -> tuple[Point, ...]:
    """Go out below a box, up through the gutter, and into the next column's top."""
    below, over = down[1] + box.gap_y / 2, up[1] - box.gap_y / 2
    return down, (down[0], below), (gutter, below), (gutter, over), (up[0], over), up
