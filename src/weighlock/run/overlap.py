"""Which phases declare a change of the same files, so that they cannot run at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from weighlock.plan.model import Phase

Place = tuple[str, ...]
"""A declared path cut at its slashes; a folder ends with ``**``: all that is below."""

_CLASS = re.compile(r"\[[^\]/]*\]")
_BRACES = re.compile(r"\{[^{}]*\}")


def overlaps(phases: Iterable[Phase]) -> dict[str, dict[str, str]]:
    """Return phase → other phase → the first path of the other that both may change.

    A path, a folder it lies in and a glob that fits it meet. A path that is only kept
    is nobody's.
    """
    users: dict[Place, dict[str, str]] = {}
    for phase in phases:
        for file in phase.files:
            if file.action != "keep":
                users.setdefault(place(file.path), {}).setdefault(phase.key, file.path)
    found: dict[str, dict[str, str]] = {}
    for one, other in _meeting(users):
        for key in users[one]:
            for theirs, path in users[other].items():
                if theirs != key:
                    found.setdefault(key, {}).setdefault(theirs, path)
    return found


def place(path: str) -> Place:
    """Read a declared path.

    What ends with a slash, or in a name without an extension, may be a folder. Braces
    and character classes are read as wider than they are: phases that wait for each
    other without need are slow, phases that run into each other are wrong.
    """
    wide = _BRACES.sub("*", _CLASS.sub("?", path))
    parts = tuple(part for part in wide.split("/") if part not in {"", "."})
    folder = path.endswith("/") or not parts or "." not in parts[-1][1:]
    return (*parts, "**") if folder and parts[-1:] != ("**",) else parts


def meet(one: Place, other: Place) -> bool:
    """Say whether there may be a path that lies in both."""
    return _cross(one, other, "**", _same_name)


def _meeting(users: Mapping[Place, object]) -> Iterator[tuple[Place, Place]]:
    """Return the places that meet, both ways round; only globs are tried with all."""
    globs = {p for p in users if any("*" in name or "?" in name for name in _bare(p))}
    for one in users:
        bare = _bare(one)
        above = ((*bare[:n], "**") for n in range(len(bare) + 1))
        near = users if one in globs else [p for p in above if p in users]
        yield one, one
        for other in near:
            if other != one and meet(one, other):
                yield one, other
                yield other, one


def _bare(where: Place) -> Place:
    return where[:-1] if where[-1:] == ("**",) else where


def _same_name(one: str, other: str) -> bool:
    return one == other or _cross(one, other, "*", _same_sign)


def _same_sign(one: str, other: str) -> bool:
    return one == other or "?" in {one, other}


def _cross(
    one: Sequence[str],
    other: Sequence[str],
    many: str,
    same: Callable[[str, str], bool],
) -> bool:
    """Say whether two patterns fit a common text; ``many`` stands for any length."""
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        i, j = todo.pop()
        if i == len(one) and j == len(other):
            return True
        new = set(_steps(one[i : i + 1], other[j : j + 1], many, same))
        fresh = {(i + a, j + b) for a, b in new} - seen
        seen |= fresh
        todo += fresh
    return False


def _steps(
    one: Sequence[str],
    other: Sequence[str],
    many: str,
    same: Callable[[str, str], bool],
) -> Iterator[tuple[int, int]]:
    """Say how far both patterns go on from where they stand; an end is empty."""
    if many in one:
        yield 1, 0
        if other:
            yield 0, 1
    if many in other:
        yield 0, 1
        if one:
            yield 1, 0
    if one and other and many not in (*one, *other) and same(one[0], other[0]):
        yield 1, 1
