"""Phrases about dependencies → keys of the phases that must come first.

Read strictly: a number counts only where it is said to be needed.  "None (can run in
parallel with Phases 2-4)", "Phase 0.5 MUST be completed before any implementation
phase" and "Required by: Phase 5" name no need.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from weighlock.plan import key
from weighlock.plan.lines import Line

_PARENS = re.compile(r"\([^()]*\)")
_CUT = re.compile(
    r";|\b(?:before|until|see|unless|so that|in order to|parallel|blocks|required by"
    r"|not required|independent|but not|except|while)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"(?:none|n/?a|nothing|no (?:dependenc\w+|prerequisites?|phases?)|nil)(?:\W|\Z)"
    r"|[-–—]+\s*\Z",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\ball\s+(?:of\s+the\s+)?(?:previous|prior|preceding|earlier|above|other|implementation)?"
    r"\s*(?:numbered\s+)?(?:phases|steps|waves|tasks|slices)\b",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"\b(?:the\s+)?(?:previous|preceding|prior)\s+(?:numbered\s+)?(?:phase|step|task|wave)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"complet|done\b|pass\b|passed|verified|finished|merged|approved|exists?\b|success"
    r"|present\b|logged|captured",
    re.IGNORECASE,
)
_MARKER = re.compile(r"[^\s`]{0,200}\.completed/(P\d[\w.]*?)(?:\.md)?(?=[\s`,;.)]|\Z)")
_UNIT = r"(?:phases?|steps?|slices?|batch(?:es)?|tasks?|waves?|stages?|milestones?)"
_NUMBER = r"(?:p|t)?\d{1,4}(?:\.\d{1,3})*[a-z]?(?![\w%])(?!-v\b)(?!\.\d)"
_LIST = re.compile(
    rf"(?:\b{_UNIT}\s+|(?<![\w./-])(?=[pt]\d)|(?<=\.)(?=p\d))({_NUMBER})"
    rf"((?:\s*(?:,|/|&|\+|–|-|—|\bthrough\b|\bto\b|\band\b|\bor\b)+\s*(?:and\s+)?"
    rf"(?:{_UNIT}\s+)?{_NUMBER})*)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"\s*((?:,|/|&|\+|–|-|—|\bthrough\b|\bto\b|\band\b|\bor\b)+)\s*(?:and\s+)?"
    rf"(?:{_UNIT}\s+)?({_NUMBER})",
    re.IGNORECASE,
)
_BARE = re.compile(rf"\s*{_NUMBER}(?:\s*[,/&]\s*{_NUMBER})*\s*\Z", re.IGNORECASE)
_RANGE = re.compile(r"–|-|—|through|to", re.IGNORECASE)


class Known:
    """Every key of a plan, in order."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self.place = {name: n for n, name in enumerate(self.keys)}

    def sorted(self, names: Collection[str]) -> tuple[str, ...]:
        """Return these keys in the plan's order."""
        if len(names) > 1 and list(names) == list(self.keys[: len(names)]):
            return self.keys[: len(names)]
        return tuple(sorted(set(names), key=lambda name: self.place[name]))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence about what must come first."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Needs:
    """What the phrases of one phase say."""

    keys: tuple[str, ...]
    stated: bool
    unknown: tuple[tuple[str, int], ...] = ()
    """Keys that no phase of the plan has, with their lines."""


def phrases(lines: Iterable[Line]) -> tuple[Phrase, ...]:
    """Pick the lines of a phase that say what it needs."""
    return tuple(
        Phrase(line.text, line.number)
        for line in lines
        if (
            line.topic == "needs"
            and line.text
            and not line.heading
            and not line.text.startswith("|")
        )
        or (line.topic == "prerequisites" and _states(line))
    )


def _states(line: Line) -> bool:
    """Say whether a line of a prerequisites section names a need by itself."""
    if line.heading or not line.text:
        return False
    if (
        line.label
        and not key.normal(line.label)
        and line.text.startswith((line.label, "*", "_"))
    ):
        return False
    return bool(_NONE.match(line.text) or _DONE.search(line.text) or _leads(line.text))


def _leads(text: str) -> bool:
    return bool(_LIST.match(text.strip("`* ")))


def read_needs(found: Sequence[Phrase], own: str, known: Known) -> Needs:
    """Return the keys needed, in plan order; ``known`` is every key, in order."""
    keys: dict[str, None] = {}
    unknown: list[tuple[str, int]] = []
    stated = False
    for phrase in found:
        names, said = _read(phrase.text, own, known)
        stated = stated or said
        for name in names:
            real = key.resolve(name, known.place)
            if real is None:
                unknown.append((name, phrase.line))
            elif real != own:
                keys[real] = None
    return Needs(
        keys=known.sorted(keys),
        stated=stated or bool(keys),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _read(text: str, own: str, known: Known) -> tuple[list[str], bool]:
    plain = re.sub(r"[*`_]", "", _MARKER.sub(r"\1", text)).strip()
    if _NONE.match(plain):
        return [], True
    outside = _PARENS.sub(" ", plain)
    names, said = _names(outside, own, known)
    if said:
        return names, said
    inside = [p for p in _PARENS.findall(plain) if _DONE.search(p)]
    for part in inside:
        names, said = _names(part.strip("()"), own, known)
        if said:
            return names, said
    return [], False


def _names(text: str, own: str, known: Known) -> tuple[list[str], bool]:
    text = _CUT.split(text, maxsplit=1)[0]
    place = known.place.get(own, len(known.keys))
    names: list[str] = []
    for found in _LIST.finditer(text):
        names.extend(_spread(found, known))
    if not names and _BARE.match(text):
        names = [k for part in re.split(r"[,/&]", text) if (k := key.normal(part))]
    if not names and _ALL.search(text):
        return list(known.keys[:place]), True
    if not names and _PREVIOUS.search(text):
        return list(known.keys[:place][-1:]), place > 0
    return names, bool(names)


def _spread(found: re.Match[str], known: Known) -> list[str]:
    """Return the keys of a list such as ``1, 3-5 and 7a``."""
    first = key.normal(found[1])
    names = [first] if first else []
    for more in _NEXT.finditer(found[2]):
        name = key.normal(more[2])
        if name is None:
            continue
        if names and _RANGE.search(more[1]) and key.order(names[-1]) < key.order(name):
            names.extend(k for k in key.between(names[-1], name, known.keys))
        names.append(name)
    return list(dict.fromkeys(names))


def named_keys(text: str, own: str, known: Known) -> tuple[str, ...]:
    """Return every known key that a text names, whatever it says about it."""
    names = [n for found in _LIST.finditer(text) for n in _spread(found, known)]
    real = {k for n in names if (k := key.resolve(n, known.place))}
    return known.sorted(real - {own})
