"""Lists of phase numbers in a sentence: ``Phases 1-3 and 5a``, ``P02/P03``."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence

from weighlock.plan import key

UNIT = (
    r"(?:phases?|ph\.?|steps?|slices?|batch(?:es)?|tasks?|waves?|stages?|milestones?"
    r"|sprints?|iterations?|parts?|increments?|chunks?|tracks?|wps?|work[ -]packages?"
    r"|prs?(?=\s\d)|m(?=\d))"
)
_SEP = r"[\s_]{0,3}[-#:]?\s{0,3}(?:(?:no|nr|number|id)s?\.?\s{0,3})?[#:]?\s{0,3}"
_P = r"(?:[\w-]{1,60}\.(?=p\d))?"
NUMBER = (
    r"(?:(?:p|t)?\d{1,4}(?:\.\d{1,3})*[a-z]?"
    rf"|(?-i:{key.DIVIDED})|(?-i:[A-HJ-W])(?!['’]))"
    r"(?![\w%])(?!-v\b)(?!\.\d)"
)
_FIRST = (
    rf"(?:\b(?P<unit>{UNIT}){_SEP}|(?<![\w./-]){_P}(?=[pt]\d)|(?<=\.)(?=p\d))"
    rf"(?P<number>{NUMBER})"
)
_START = re.compile(_FIRST, re.IGNORECASE)
_LEADS = re.compile(rf"\W{{0,8}}(?:and |also |plus )?{_FIRST}", re.IGNORECASE)
_NEXT = re.compile(
    r"\s{0,3}(?P<join>(?:[,/&+–—-]|\.\.+|…|→|->|\b(?:through|thru|to|and|or|plus)\b)+)"
    rf"\s{{0,3}}(?:and\s|the\s)?\s{{0,2}}(?P<own>{UNIT}{_SEP})?{_P}"
    rf"(?P<number>#?{NUMBER})",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\W{{0,3}}(?P<number>{NUMBER})", re.IGNORECASE)
_RANGE = re.compile(r"–|—|-(?!>)|\.\.|…|through|thru|to", re.IGNORECASE)
# After "Phase 1, 3" another word than these counts something else: "3 files changed".
_GOES_ON = re.compile(
    r"\s*(?:\Z|[^\w\s]|(?:and|or|to|through|thru|plus|is|are|was|were|has|have|must|should"
    r"|both|all|be|being|complet\w*|done|pass\w*|verif\w*|finish\w*|merged|approved|land\w*"
    r"|exist\w*|success\w*|implement\w*|green|first|only|respectively|which|that|with|so"
    r"|as|if|when|once|before|after|in|on|for|from)\b)",
    re.IGNORECASE,
)
_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_SPELLED: Mapping[str, int] = {
    **{name: n for n, name in enumerate(_WORDS)},
    **{name: n for n, name in enumerate(_ROMAN, 1)},
}
_WORD = rf"(?:(?i:{'|'.join(_WORDS)})|{'|'.join(_ROMAN[::-1])})"
_IN_WORDS = re.compile(
    rf"\b(?i:{UNIT})\s{_WORD}(?:\s?(?:,|&|-|–|and|to|,\s?and)\s?{_WORD})*"
    r"(?=\s*(?:[:.,;/&+()–—-]|\Z)|\s(?:and|or|to|is|must|complete|completed|done)\b)"
)
_ONE_WORD = re.compile(rf"(?<=\W){_WORD}\b")


class Known:
    """Every key of a plan, in order."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self.place = {name: n for n, name in enumerate(self.keys)}
        ranked = sorted((key.order(name), name) for name in self.place)
        self._orders = [order for order, _ in ranked]
        self._groups: dict[str, tuple[str, ...]] = {}
        for name in self.keys:
            if above := key.parent(name):
                self._groups[above] = (*self._groups.get(above, ()), name)
        self._ranked = [name for _, name in ranked]

    def sorted(self, names: Collection[str]) -> tuple[str, ...]:
        """Return these keys in the plan's order."""
        if len(names) > 1 and tuple(names) == self.keys[: len(names)]:
            return self.keys[: len(names)]
        return tuple(sorted(set(names), key=self.place.__getitem__))

    def between(self, first: str, last: str) -> list[str]:
        """Return the keys of a range, lettered ones between included."""
        low = bisect_left(self._orders, key.order(first))
        high = bisect_right(self._orders, key.order(last))
        return self._ranked[low:high]

    def below(self, name: str) -> tuple[str, ...]:
        """Return the keys that a group holds: 1.1 and 1.2 are below 01."""
        return self._groups.get(name, ())

    def through(self, last: str) -> list[str]:
        """Return the keys from the plan's first one up to this one."""
        return self._ranked[: bisect_right(self._orders, key.order(last))]


def spelled(text: str) -> str:
    """Write "Phase Two" and "Phase II" with a digit."""
    return _IN_WORDS.sub(_digit, text)


def spelled_lead(text: str) -> str:
    """Write the number that a title begins with as a digit, and leave the rest."""
    found = _IN_WORDS.search(text)
    if found is None or any(letter.isalnum() for letter in text[: found.start()]):
        return text
    return text[: found.start()] + _digit(found) + text[found.end() :]


def _digit(found: re.Match[str]) -> str:
    return _ONE_WORD.sub(
        lambda m: str(_SPELLED.get(m[0], _SPELLED.get(m[0].lower(), 0))), found[0]
    )


def lists(text: str, known: Known) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (start, end, keys) of each list of phase numbers; ranges are spread out.

    A range takes in the known keys between its ends, and its ends in any case.
    """
    at = 0
    while found := _START.search(text, at):
        unit = (found["unit"] or "").lower()
        names, at = _follow(text, found, known, plural=unit.endswith("s"))
        yield found.start(), at, names


def leads(text: str) -> bool:
    """Say whether a text starts with the number of a phase."""
    return bool(_LEADS.match(spelled(text)))


def bare(text: str, known: Known) -> list[str]:
    """Return the keys of a text that is nothing but a list of numbers, else none."""
    inner = text.strip().strip("[](){}#\"' ")
    found = _BARE.match(inner)
    if not found:
        return []
    names, end = _follow(inner, found, known, plural=True)
    return [] if inner[end:].strip(" .,])\"'") else names


def _follow(
    text: str, found: re.Match[str], known: Known, *, plural: bool
) -> tuple[list[str], int]:
    """Read on from the first number of a list; return its keys and where it ends."""
    first = key.normal(found["number"])
    names = dict.fromkeys([first] if first else [])
    last, at = first, found.end()
    while more := _NEXT.match(text, at):
        name = key.normal(more["number"].lstrip("#"))
        own = more["own"] or more["number"][0] in "pPtT"
        if name is None or not (plural or own or _GOES_ON.match(text, more.end())):
            break
        if last and _RANGE.search(more["join"]) and key.order(last) < key.order(name):
            names.update(dict.fromkeys(known.between(last, name)))
        names[name] = None
        last, at = name, more.end()
    return list(names), at
