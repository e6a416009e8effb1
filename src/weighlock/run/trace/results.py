"""Find the test that a piece of code is among the ids that runners report."""

import re
from collections.abc import Iterator, Mapping

from weighlock.run.trace.model import Result
from weighlock.run.trace.units import Unit

Results = Mapping[tuple[str, str], Result]
"""(Path or nothing, last name of a test) → how it ended."""

_GIVEN = re.compile(r"\[.*\]\Z|#\d+\Z")
"""What a test was given, or which of several of one name it is."""
_STEP = re.compile(r"::| > ")


def results(ids: Mapping[str, Result]) -> dict[tuple[str, str], Result]:
    """Make the ids of tests ready to be looked up; one that failed outweighs others."""
    found: dict[tuple[str, str], Result] = {}
    for id_, result in ids.items():
        for key in _keys(id_):
            if found.get(key) != "failed":
                found[key] = result
    return found


def _keys(id_: str) -> Iterator[tuple[str, str]]:
    """Yield what an id can be found by; only some runners name the file."""
    first, *rest = _STEP.split(_GIVEN.sub("", id_))
    path = first if rest and "/" in first else ""
    last = rest[-1] if rest else first
    yield path, last
    if not rest:
        yield "", last.rpartition(".")[2]


def result_of(unit: Unit, known: Results) -> Result:
    """Return how the test ended that a piece of code is; empty when nobody knows."""
    node = unit.node
    if node is None or node.kind != "test" or not known:
        return ""
    for name in (node.name, node.name.rpartition(".")[2]):
        for path in (unit.path, ""):
            if (path, name) in known:
                return known[path, name]
    return ""
