"""Ask a trace both ways: what does this line serve, where is this served?"""

from weighlock.run.trace.model import Place, Row, Trace


def at(trace: Trace, path: str, line: int) -> tuple[tuple[Row, Place], ...]:
    """Return what a line serves, the smallest piece of code first.

    Args:
        trace: The whole trace.
        path: Relative to the repository root, POSIX slashes.
        line: Counted from 1.
    """
    found = [
        (row, place)
        for row in trace.rows
        for place in row.places
        if place.marker.path == path and holds(place, line)
    ]
    return tuple(sorted(found, key=lambda pair: _size(pair[1])))


def holds(place: Place, line: int) -> bool:
    """Say whether a line belongs to a place."""
    unit = place.unit
    return unit.first <= line and (unit.last == 0 or line <= unit.last)


def _size(place: Place) -> float:
    unit = place.unit
    return unit.last - unit.first if unit.last else float("inf")
