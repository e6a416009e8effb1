"""Phrases about dependencies → keys of the phases that must come first.

Read strictly: a number counts only where it is said to be needed.  "None (can run in
parallel with Phases 2-4)", "Phase 0.5 MUST be completed before any implementation
phase" and "Required by: Phase 5" name no need.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from weighlock.plan import key
from weighlock.plan.lines import Line
from weighlock.plan.parts.numbers import (
    NUMBER,
    UNIT,
    Known,
    bare,
    leads,
    lists,
    spelled,
)

_PARENS = re.compile(r"\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{0,200}\)")
_CUT = re.compile(
    r"\b(?:before|until|see|unless|so that|in order to|parallel|concurrent\w*|alongside"
    r"|simultaneous\w*|independent\w*|while|unblocks?|blocks|blocking|enables?|feeds"
    r"|followed by|precedes?|prior to|leads to|hand(?:s|ed)? ?off to"
    r"|required (?:by|for)|needed (?:by|for)|used by"
    r"|consumed by|depended on by|instead of|rather than"
    r"|unlike|but not|not (?:required|needed|necessary)|except|excluding|apart from"
    r"|other than)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\bafter\b", re.IGNORECASE)
# "Cannot start until Phase 3 is done" needs phase 3, "Phase 3 until the release" too.
_WAITS = re.compile(
    r"\b(?:blocked|wait(?:s|ing)?|can ?not|can't|must not|do not|don't|not)\b"
    r"[^.;]{0,40}?\buntil\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?:\bdo(?:es)?\s+not|\bdo(?:es)?n't|\bnot|\bno\s+longer)\s+(?:directly\s+)?"
    r"(?:depend\w*|require\w*|need\w*|block\w*)|\b(?:is|are)\s+not\s+(?:a\s+)?"
    r"(?:required|needed|necessary|prerequisites?|dependenc\w+)",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except(?:\s+for)?|excluding|apart\s+from|other\s+than|but\s+not"
    r"|not(?=\s+phases?\b))\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\W*(?:none|n/?a|nothing|nil|no\s+(?:\w+\s+){0,2}?(?:dependenc\w+|prerequisites?"
    r"|phases?|blockers?)|independent\w*|stand-?alone|self-?contained"
    r"|(?:this is (?:the )?)?(?:first|initial|starting|entry)\s+(?:phase|step|point)"
    r"|can (?:start|begin) (?:immediately|at once|right away|any ?time))(?:\W|\Z)"
    r"|[-–—]+\s*\Z",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:phases|steps|waves|tasks|slices|batches|stages|milestones|work|of the above)"
)
_ALL = re.compile(
    r"\ball\s+(?:of\s+)?(?:the\s+)?(?:previous|prior|preceding|earlier|above|other"
    rf"|foregoing|implementation)?\s*(?:numbered\s+)?{_UNITS}\b"
    r"|\beverything\s+(?:above|before|else|so far|earlier)|\A\W*(?:all|everything)\W*\Z"
    r"|\A\W*(?:all|everything) (?:of the )?above\b"
    r"|\bevery\s+(?:previous|prior|earlier)\b",
    re.IGNORECASE,
)
_THROUGH = re.compile(
    rf"\b(?:all|every|any)\b[\w\s]{{0,30}}?\b(?:up\s+to|through|thru|to)\s+"
    rf"(?:and\s+including\s+|including\s+)?(?:{UNIT}\s+)?({NUMBER})",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    r"\b(?:previous|preceding|prior)\s+(?P<many>two|three|[23])?\s*(?:numbered\s+)?"
    r"(?:phase|step|task|wave|slice|batch|stage|milestone|one)s?\b"
    r"|\b(?:phase|step|one)\s+(?:above|before)(?:\s+this)?\b",
    re.IGNORECASE,
)
_MANY = {"two": 2, "2": 2, "three": 3, "3": 3}
_DONE = re.compile(
    r"complet|done\b|pass\b|passed|verified|finished|merged|approved|exists?\b|success"
    r"|present\b|logged|captured|landed|green\b|in place",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"[^\s`]{0,200}\.completed/(P\d[\w.]{0,8}?)(?:\.md)?(?=[\s`,;.)]|\Z)"
)
_CLAUSE = re.compile(r";|\.\s+(?=[A-Z])|\s\|\s")
_VERB = re.compile(
    r"[\s*_(>-]{0,6}(?:(?:this|the) (?:phase|step|slice|task|wave|stage) )?"
    r"(?:depend(?:s|ent) (?:up)?on|requires|blocked by|needs"
    r"|must (?:come|run|follow) after|runs? after)\b[\s:*_]*",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"(?:nothing|no(?:ne)?(?: of the)?(?: (?:other|earlier|previous))?"
    r"(?: (?:phase|step|slice|task|wave|stage)s?)?)\W*",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"[(\[]([^()\[\]]{1,200})[)\]]")
"""What a title says in brackets: "Printer (depends on Task 1)"."""
_LONG = 2000


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
        phrase
        for at, line in enumerate(lines)
        for phrase in (_titled(line) if line.heading else _phrase(line))
        if not (line.heading and at)
    )


def _phrase(line: Line) -> Iterator[Phrase]:
    if (
        (line.topic == "needs" and line.text and not line.text.startswith("|"))
        or (line.topic == "prerequisites" and _states(line))
        or (line.topic != "aside" and _says(line.text))
    ):
        yield Phrase(line.text, line.number)


def _titled(line: Line) -> Iterator[Phrase]:
    for found in _ASIDE.finditer(line.text[:_LONG]):
        if _says(found[1]):
            yield Phrase(found[1], line.number)


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
    return bool(_NONE.match(line.text) or _DONE.search(line.text) or leads(line.text))


def _says(text: str) -> bool:
    """Say whether a sentence begins with a need: "Depends on Phase 1 and Phase 2."."""
    found = _VERB.match(text)
    if found is None:
        return False
    rest = text[found.end() :]
    return bool(leads(rest) or _NOTHING.fullmatch(rest)) or (
        rest[:1].isdigit() and (":" in found[0] or rest.startswith("0"))
    )


def read_needs(found: Sequence[Phrase], own: str, known: Known) -> Needs:
    """Return the keys needed, in plan order; ``known`` is every key, in order."""
    keys: dict[str, None] = {}
    unknown: list[tuple[str, int]] = []
    stated = False
    for phrase in found:
        names, said = _read(phrase.text[:_LONG], own, known)
        stated = stated or said
        for name in names:
            real = name if name in known.place else key.resolve(name, known.place)
            named = (real,) if real else known.below(name)
            keys.update(dict.fromkeys(named))
            if not named:
                unknown.append((name, phrase.line))
    keys.pop(own, None)
    return Needs(
        keys=known.sorted(keys),
        stated=stated or bool(keys),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _read(text: str, own: str, known: Known) -> tuple[Sequence[str], bool]:
    """Return the keys a phrase needs, and whether it says anything about needs."""
    plain = _MARKER.sub(r"\1", text) if ".completed/" in text else text
    plain = _LINK.sub(r"\1", plain)
    plain = spelled(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", plain).strip())
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    if found := _VERB.match(plain):
        plain = plain[found.end() :]
    but = _excepted(plain, known)
    if _NONE.match(plain):
        return but, True
    if _NOT.search(plain):
        return [], False
    parts = _CLAUSE.split(_PARENS.sub(" ", plain))
    names, said = _names(parts[0], own, known)
    for part in parts[1:]:
        if leads(part) and not _CUT.search(part):
            more, also = _names(part, own, known)
            names, said = [*names, *more], said or also
    if not said:
        names, said = _inside(plain, own, known)
    return [n for n in names if n not in but] if but else names, said


def _excepted(text: str, known: Known) -> list[str]:
    """Return the keys after "except", "but not" and the like."""
    apart = _EXCEPT.search(text)
    if apart is None:
        return []
    rest = text[apart.end() :].split(")", maxsplit=1)[0]
    found = [name for _, _, names in lists(rest, known) for name in names]
    return found or bare(rest, known)


def _inside(plain: str, own: str, known: Known) -> tuple[Sequence[str], bool]:
    """Read what stands in brackets: "Specification (Phase 1 complete)"."""
    for part in _PARENS.findall(plain):
        if _DONE.search(part):
            names, said = _names(part.strip("()"), own, known)
            if said:
                return names, said
    return [], False


def _names(text: str, own: str, known: Known) -> tuple[Sequence[str], bool]:
    text = _CUT.split(_WAITS.sub(" ", text), maxsplit=1)[0]
    place = known.place.get(own, len(known.keys))
    if (through := _THROUGH.search(text)) and (last := key.normal(through[1])):
        return known.through(last), True
    names = _listed(text, known) or bare(text, known)
    if not names and _ALL.search(text):
        return known.keys[:place], True
    if not names and (previous := _PREVIOUS.search(text)):
        many = _MANY.get((previous["many"] or "").lower(), 1)
        return known.keys[max(0, place - many) : place], place > 0
    return names, bool(names)


def _listed(text: str, known: Known) -> list[str]:
    """Return the keys of the lists, up to an "after" that follows one."""
    names: dict[str, None] = {}
    end = 0
    for start, stop, found in lists(text, known):
        if names and _AFTER.search(text, end, start):
            break
        names.update(dict.fromkeys(found))
        end = stop
    return list(names)
