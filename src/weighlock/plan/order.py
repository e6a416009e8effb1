"""The order of phases as a graph: sorting, cycles, layers, the critical path.

A graph here is a mapping from a key to the keys it needs, in plan order.  Needs that
name no key of the graph are ignored: lint reports them.  Nothing recurses, so a plan
of any length is safe, and everything is linear in phases and needs unless said.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush

from weighlock.plan.model import Phase

Needs = Mapping[str, Sequence[str]]
"""Key → the keys it needs; the order of the mapping is the plan's order."""


def needs_of(phases: Iterable[Phase]) -> dict[str, tuple[str, ...]]:
    """Return what each phase needs, without doubles and unknown phases."""
    listed = tuple(phases)
    known = {p.key for p in listed}
    return {
        p.key: tuple(n for n in dict.fromkeys(p.needs) if n in known) for p in listed
    }


def topological(needs: Needs) -> tuple[str, ...]:
    """Sort so that every key comes after what it needs; ties in plan order.

    Keys that stand on a cycle, or behind one, come last, in plan order.
    """
    place = {key: i for i, key in enumerate(needs)}
    waiting = {key: _known(needs, key) for key in needs}
    followers = successors(needs)
    ready = [place[key] for key, on in waiting.items() if not on]
    keys, out = tuple(needs), list[str]()
    while ready:
        key = keys[heappop(ready)]
        out.append(key)
        for follower in followers[key]:
            waiting[follower].discard(key)
            if not waiting[follower]:
                heappush(ready, place[follower])
    done = set(out)
    return (*out, *(key for key in keys if key not in done))


def successors(needs: Needs) -> dict[str, tuple[str, ...]]:
    """Turn the arrows round: key → the keys that need it, in plan order."""
    out: dict[str, list[str]] = {key: [] for key in needs}
    for key, before in needs.items():
        for other in dict.fromkeys(before):
            if other in out:
                out[other].append(key)
    return {key: tuple(after) for key, after in out.items()}


def cycles(needs: Needs) -> tuple[tuple[str, ...], ...]:
    """Return one shortest cycle for each knot of keys that need each other.

    A cycle is a path ``(a, b, …, a)`` in which each key needs the next one.
    """
    found = []
    for knot in _knots(needs):
        cycle = _round_trip(knot[0], needs, frozenset(knot))
        if cycle:
            found.append(cycle)
    return tuple(found)


def acyclic(
    needs: Needs,
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, str], ...]]:
    """Return the graph without the needs that close a cycle, and those needs.

    Of a knot, the needs that point forward in the plan's order are dropped.
    """
    place = {key: i for i, key in enumerate(needs)}
    if all(place.get(n, -1) < i for i, key in enumerate(needs) for n in needs[key]):
        return {key: tuple(n for n in needs[key] if n in place) for key in needs}, ()
    knot_of = {key: i for i, knot in enumerate(_knots(needs)) for key in knot}
    kept: dict[str, tuple[str, ...]] = {}
    dropped: list[tuple[str, str]] = []
    for key in needs:
        back = {
            n
            for n in _known(needs, key)
            if place[n] >= place[key] and knot_of[n] == knot_of[key]
        }
        kept[key] = tuple(n for n in needs[key] if n in place and n not in back)
        dropped.extend((key, n) for n in needs[key] if n in back)
    return kept, tuple(dropped)


def layers(needs: Needs) -> tuple[tuple[str, ...], ...]:
    """Put each key one layer below the deepest key it needs; cycles are cut."""
    open_, _ = acyclic(needs)
    depth: dict[str, int] = {}
    for key in topological(open_):
        depth[key] = max((depth[n] + 1 for n in open_[key]), default=0)
    out: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for key in needs:
        out[depth[key]].append(key)
    return tuple(tuple(layer) for layer in out)


def reduced(needs: Needs) -> dict[str, tuple[str, ...]]:
    """Leave out what other needs already imply; cycles are cut first.

    Uses one integer per key as a set, so ten thousand implied needs cost little.
    """
    open_, _ = acyclic(needs)
    bit = {key: 1 << i for i, key in enumerate(needs)}
    above: dict[str, int] = {}
    out: dict[str, tuple[str, ...]] = dict.fromkeys(needs, ())
    rank = {key: i for i, key in enumerate(topological(open_))}
    for key in rank:
        seen, kept = 0, set[str]()
        for need in sorted(set(open_[key]), key=rank.__getitem__, reverse=True):
            if not seen & bit[need]:
                kept.add(need)
                seen |= above[need] | bit[need]
        above[key] = seen
        out[key] = tuple(n for n in open_[key] if n in kept)
    return out


def critical_path(
    needs: Needs, weights: Mapping[str, float]
) -> tuple[tuple[str, ...], float]:
    """Return the heaviest chain of needs, first key first, and its weight.

    A key without a weight counts as 1. Cycles are cut first.
    """
    open_, _ = acyclic(needs)
    best: dict[str, float] = {}
    via: dict[str, str | None] = {}
    for key in topological(open_):
        before = max(open_[key], key=best.__getitem__, default=None)
        best[key] = weights.get(key, 1.0) + (best[before] if before else 0.0)
        via[key] = before
    if not best:
        return (), 0.0
    last = max(best, key=best.__getitem__)
    path, at = [last], via[last]
    while at is not None:
        path.append(at)
        at = via[at]
    return tuple(reversed(path)), best[last]


def _known(needs: Needs, key: str) -> set[str]:
    return {n for n in needs[key] if n in needs}


def _knots(needs: Needs) -> list[list[str]]:
    """Return the strongly connected keys (Kosaraju), each in plan order."""
    followers = successors(needs)
    finished: list[str] = []
    seen: set[str] = set()
    for key in needs:
        finished.extend(_finish(key, followers, seen))
    taken: set[str] = set()
    found = (_finish(key, needs, taken) for key in reversed(finished))
    knots = [knot for knot in found if knot]
    place = {key: i for i, key in enumerate(needs)}
    ordered = [sorted(knot, key=place.__getitem__) for knot in knots]
    return sorted(ordered, key=lambda knot: place[knot[0]])


def _finish(start: str, graph: Needs, seen: set[str]) -> list[str]:
    """Walk depth first from a key; return what was new, in order of finishing."""
    if start in seen:
        return []
    seen.add(start)
    stack, out = [(start, iter(graph[start]))], list[str]()
    while stack:
        key, rest = stack[-1]
        after = next((n for n in rest if n in graph and n not in seen), None)
        if after is None:
            out.append(key)
            stack.pop()
        else:
            seen.add(after)
            stack.append((after, iter(graph[after])))
    return out


def _round_trip(start: str, needs: Needs, knot: frozenset[str]) -> tuple[str, ...]:
    """Find the shortest way along needs from a key back to itself."""
    came: dict[str, str] = {}
    queue = deque([start])
    while queue:
        key = queue.popleft()
        for need in needs[key]:
            if need == start:
                return _unwind(came, key, start)
            if need in knot and need not in came:
                came[need] = key
                queue.append(need)
    return ()


def _unwind(came: Mapping[str, str], key: str, start: str) -> tuple[str, ...]:
    path = [start, key] if key != start else [start]
    while path[-1] != start:
        path.append(came[path[-1]])
    if key == start:
        return (start, start)
    return tuple(reversed(path))
