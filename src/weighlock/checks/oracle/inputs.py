"""Make inputs that a regular expression describes."""

import importlib
import random
import re
import string
import warnings
from collections.abc import Iterator, Sequence

_parser = importlib.import_module("re._parser")
signs = importlib.import_module("re._constants")
"""The standard library's own reading of patterns; not public, and there since 3.11."""

_FURTHER = 16
"""Repetitions beyond the fewest that an open end, as in ``a*``, is taken to mean."""
_LONGEST = 10_000
"""Characters of one input."""
_CLASSES = {
    signs.CATEGORY_DIGIT: string.digits,
    signs.CATEGORY_WORD: string.ascii_letters + string.digits + "_é",
    signs.CATEGORY_SPACE: " \t\n",
    signs.CATEGORY_NOT_DIGIT: string.ascii_letters + "-_. é",
    signs.CATEGORY_NOT_WORD: " \t\n-.,;!?/",
    signs.CATEGORY_NOT_SPACE: string.ascii_letters + string.digits + "-_.é",
}
_ANY = string.printable[:95] + "äßéЖ中😀"


def check(pattern: str) -> None:
    """Raise ValueError where a pattern is none, or says more than can be made."""
    try:
        for _ in inputs(pattern, 2, 0):
            pass
        for piece in _choices(_parsed(pattern)):
            _Maker(random.Random(0), 1.0).text(piece)  # noqa: S311 - as below
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(str(error)) from error


def inputs(pattern: str, number: int, seed: int) -> Iterator[str]:
    """Yield the shortest input, the longest, and others by chance.

    Args:
        pattern: Letters, classes, groups, ``|``, ``?``, ``*``, ``+``, ``{m,n}``.
        number: How many.
        seed: The same number makes the same inputs.
    """
    chance = random.Random(seed)  # noqa: S311 - it must be told again, not be secret
    tree = _parsed(pattern)
    for at in range(number):
        often = float(at) if at < 2 else None  # noqa: PLR2004 - shortest and longest
        yield _Maker(chance, often).text(tree)[:_LONGEST]


_Tree = Sequence[tuple[object, object]]


def _parsed(pattern: str) -> _Tree:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        tree: _Tree = _parser.parse(pattern)
    return tree


def _choices(tree: _Tree) -> Iterator[_Tree]:
    """Return every branch of a pattern: chance takes only some of them."""
    for sign, told in tree:
        if isinstance(told, tuple) and sign is signs.BRANCH:
            for inner in told[1]:
                yield inner
                yield from _choices(inner)
        elif isinstance(told, tuple) and sign in _HOLDING:
            yield from _choices(told[-1])


_HOLDING = frozenset({signs.SUBPATTERN, signs.MAX_REPEAT, signs.MIN_REPEAT})


class _Maker:
    """Makes one input; ``often`` is 0 for fewest repetitions, 1 for most."""

    def __init__(self, chance: random.Random, often: float | None) -> None:
        self._chance = chance
        self._often = often
        self._room = _LONGEST

    def text(self, tree: _Tree) -> str:
        """Return a text that a parsed pattern describes."""
        return "".join(self._part(sign, told) for sign, told in tree)

    def _part(self, sign: object, told: object) -> str:
        if sign in {signs.MAX_REPEAT, signs.MIN_REPEAT}:
            return self._repeat(told)
        if sign is signs.SUBPATTERN and isinstance(told, tuple):
            return self.text(told[-1])
        if sign is signs.BRANCH and isinstance(told, tuple):
            return self.text(self._chance.choice(told[1]))
        if sign is signs.AT:
            return ""
        if sign is signs.ANY:
            return self._one(_ANY)
        return self._one(_members(sign, told))

    def _one(self, of: str) -> str:
        self._room -= 1
        return self._chance.choice(of)

    def _repeat(self, told: object) -> str:
        if not isinstance(told, tuple):
            raise TypeError(told)
        least, most, inner = int(told[0]), int(told[1]), told[2]
        most = min(most, least + _FURTHER) if told[1] is signs.MAXREPEAT else most
        number = self._chance.randint(least, most)
        if self._often is not None:
            number = most if self._often else least
        found = []
        for _ in range(number):
            if self._room <= 0:
                break
            found.append(self.text(inner))
        return "".join(found)


def _members(sign: object, told: object) -> str:
    """Return the characters that one place may hold.

    Raises:
        ValueError: The place is described by what stands around it.
    """
    if sign is signs.LITERAL and isinstance(told, int):
        return chr(told)
    if sign is signs.NOT_LITERAL and isinstance(told, int):
        return _ANY.replace(chr(told), "")
    if sign is signs.RANGE and isinstance(told, tuple):
        return "".join(map(chr, range(told[0], told[1] + 1)))
    if sign is signs.CATEGORY and told in _CLASSES:
        return _CLASSES[told]
    if sign is signs.IN and isinstance(told, list):
        return _set(told)
    raise ValueError(f"{sign} cannot be made up; use letters, classes and repetitions")


def _set(parts: list[tuple[object, object]]) -> str:
    negated = parts[0][0] is signs.NEGATE
    named = "".join(_members(*part) for part in (parts[1:] if negated else parts))
    if not negated:
        return named
    left = "".join(c for c in _ANY if c not in named)
    if not left:
        raise ValueError("nothing is left of a class that excludes")
    return left
