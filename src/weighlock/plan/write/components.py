"""Which parts a specification falls into: each is stubbed, tested and built by itself.

A part is what ``--component`` says, else an entry of a section "Components", else a
heading that has requirements below it and a name of its own.  What is left over is one
part with the specification's name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from weighlock.errors import PlanError, UsageError
from weighlock.plan.requirements import read_ids
from weighlock.plan.write.specification import Specification, Wanted

Course = Literal["feature", "integration", "migration", "deprecation"]

_COURSES: tuple[tuple[Course, re.Pattern[str]], ...] = (
    ("integration", re.compile(r"\bintegrat\w*|\bwiring\b", re.IGNORECASE)),
    ("migration", re.compile(r"\bmigrat\w*", re.IGNORECASE)),
    ("deprecation", re.compile(r"\bdeprecat\w*|\bremovals?\b", re.IGNORECASE)),
)
_GENERIC = re.compile(
    r"\b(?:(?:non[- ]?)?functional|requirements?|reqs?|behaviou?rs?|acceptance|criteria"
    r"|user stor(?:y|ies)|scenarios?|rules?|specifications?|specs?|overview|features?"
    r"|scope|constraints?|goals?|details?|must(?: have)?|should(?: have)?|components?"
    r"|quality|attributes?|added|modified|removed|renamed|mandatory|optional|formal"
    r"|success|measurable|outcomes?|performance|security|testing|technical|business"
    r"|key|design|architectur(?:e|al)|decisions?|mapping|documents?|ears|format|notes?"
    r"|user|system|use cases?|definitions?|lists?|and|the|of|for|in|to)\b|&",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\b(?:that|which|will|existing|expected)\b", re.IGNORECASE)
"""In a heading: it tells something, and names no part."""
_NUMBER = re.compile(r"\A[\s\d.)(:—–-]+")
_CHAPTER = re.compile(r"components?|modules?|parts", re.IGNORECASE)
_ENTRY = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+(?P<text>\S.*)|#{2,6}\s+(?P<head>\S.*)")
_FILES = re.compile(r"\s*[-*]?\s*\**files?\**\s*:\**\s*(.*)", re.IGNORECASE)
_PATH = re.compile(r"`([\w@.-]+(?:/[\w@.-]+)*\.[A-Za-z]\w{0,9})`")
_TEST = re.compile(
    r"(?:\A|/)(?:tests?|__tests__|e2e)/|(?:\A|/)test_[^/]*\Z|[._-](?:test|spec)\.\w+\Z"
    r"|Tests?\.\w+\Z"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of the work with its requirements."""

    name: str
    course: Course = "feature"
    requirements: tuple[Wanted, ...] = ()
    paths: tuple[str, ...] = ()
    """Files that somebody said belong to it; none: the project's ways decide."""

    @property
    def products(self) -> tuple[str, ...]:
        """Return its files that are no tests."""
        return tuple(p for p in self.paths if not _TEST.search(p))

    @property
    def tests(self) -> tuple[str, ...]:
        """Return its files that are tests."""
        return tuple(p for p in self.paths if _TEST.search(p))


@dataclass(frozen=True, slots=True)
class Claim:
    """A component's name, and what is said to belong to it."""

    name: str
    ids: tuple[str, ...]
    paths: tuple[str, ...] = ()


def read_claim(text: str) -> Claim:
    """Read ``NAME=REQ-1,REQ-2,src/a.py`` of a command line; ``REQ-A-*`` is allowed.

    Raises:
        UsageError: Nothing is said to belong to the name.
    """
    name, _, rest = text.partition("=")
    parts = [p.strip() for p in rest.split(",") if p.strip()]
    if not _named(name) or not parts:
        raise UsageError(
            f"--component {text!r} does not say what belongs to it",
            hint='give ids and files: --component "Slugs=REQ-1,REQ-2,src/slug.py"',
        )
    paths = tuple(p for p in parts if _PATH.fullmatch(f"`{p}`"))
    return Claim(_named(name), tuple(p for p in parts if p not in paths), paths)


def components(
    found: Specification, claims: Sequence[Claim] = (), *, name: str
) -> tuple[Component, ...]:
    """Part a specification.

    Args:
        found: The specification.
        claims: From the command line; they go before the text's own.
        name: What to call the only part of a specification without a title.

    Raises:
        PlanError: A claim names a requirement that is not there.
    """
    parts: dict[str, Component] = {}
    taken: set[str] = set()
    for claim in (*claims, *_chapter(found)):
        mine = _claimed(found, claim, strict=claim in claims)
        mine = [r for r in mine if r.id not in taken]
        taken |= {r.id for r in mine}
        _add(parts, claim.name, mine, claim.paths)
    title = bare_title(found.title)
    whole = (_own_name(title) and _named(title)) or name
    for one in found.requirements:
        if one.id not in taken:
            own = whole if claims else _section(found, one) or whole
            _add(parts, own, [one], ())
    for own, paths in _stated_files(found):
        if own.casefold() in parts:
            _add(parts, own, [], paths)
    kept = (p for p in parts.values() if p.requirements)
    order: list[Course] = ["feature", "integration", "migration", "deprecation"]
    return tuple(sorted(kept, key=lambda p: order.index(p.course)))


def _add(
    parts: dict[str, Component],
    name: str,
    requirements: Iterable[Wanted],
    paths: Iterable[str],
) -> None:
    known = parts.get(name.casefold()) or Component(name=name, course=_course(name))
    parts[name.casefold()] = replace(
        known,
        requirements=(*known.requirements, *requirements),
        paths=tuple(dict.fromkeys((*known.paths, *paths))),
    )


def _course(name: str) -> Course:
    return next((c for c, pattern in _COURSES if pattern.search(name)), "feature")


def _claimed(found: Specification, claim: Claim, *, strict: bool) -> list[Wanted]:
    by_id = {r.id: r for r in found.requirements}
    mine: dict[str, Wanted] = {}
    for text in claim.ids:
        stem = text.removesuffix("*")
        wild = [i for i in by_id if i.startswith(stem)] if stem != text else []
        names = wild or ([text] if text in by_id else read_ids(text))
        if strict and not any(n in by_id for n in names):
            raise PlanError(
                f"component {claim.name} claims {text}, which is not there",
                where=found.page.file,
                hint=f"there are: {', '.join(list(by_id)[:20])}",
            )
        mine.update((n, by_id[n]) for n in names if n in by_id)
    return list(mine.values())


def _chapter(found: Specification) -> Iterator[Claim]:
    """Yield the entries of a section "Components": items, or headings below it."""
    page = found.page
    known = {r.id for r in found.requirements}
    for at, heading in enumerate(page.headings):
        if not _CHAPTER.fullmatch(_NUMBER.sub("", heading.text).strip()):
            continue
        rest = (h.line for h in page.headings[at + 1 :] if h.level <= heading.level)
        last = next(rest, len(page.lines) + 1) - 1
        lines = page.lines[heading.line : last]
        if not any(_begins(line, known) for line in lines):
            yield from _entries(lines)


def _begins(line: str, known: set[str]) -> bool:
    """Say whether a requirement is written down here, and not only named."""
    plain = line.lstrip(" #*-+`[")
    return any(plain.startswith(name) for name in known)


def _entries(lines: Sequence[str]) -> Iterator[Claim]:
    texts: list[str] = []
    for line in lines:
        found = _ENTRY.match(line)
        if found:
            texts.append(found["text"] or found["head"])
        elif texts:
            texts[-1] += f"\n{line}"
    for text in texts:
        bold = re.match(r"\*\*(.+?)\*\*", text)
        lead = bold[1] if bold else re.split(r"[:(—–`\n]| - ", text, maxsplit=1)[0]
        if name := _named(lead):
            yield Claim(name, (text,), tuple(_PATH.findall(text)))


def _section(found: Specification, one: Wanted) -> str:
    """Return the innermost heading above a requirement that names a part."""
    ids = {r.id for r in found.requirements}
    top = {h.text for h in found.page.headings if h.level == 1}
    for heading in reversed(one.section):
        if (
            _SENTENCE.search(heading)
            or heading in top
            or any(heading.lstrip("*`[").startswith(i) for i in ids)
        ):
            continue
        if name := _own_name(heading):
            return name
    return ""


def _stated_files(found: Specification) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (part, paths) of lines ``Files: `a.py` `` below its heading."""
    own = ""
    heads: Mapping[int, str] = {h.line: h.text for h in found.page.headings}
    for number, line in enumerate(found.page.lines, 1):
        if number in heads:
            own = _own_name(heads[number]) or own
        elif own and (stated := _FILES.match(line)):
            yield own, tuple(_PATH.findall(stated[1]))


def _own_name(heading: str) -> str:
    """Return a heading's name when it is more than "Functional Requirements"."""
    bare = _NUMBER.sub("", re.sub(r"\([^)]*\)", " ", heading))
    left = re.sub(r"\bv?\d[\d.]*\b", " ", _GENERIC.sub(" ", bare), flags=re.IGNORECASE)
    if not _named(left):
        return ""
    ends = r"\A(?:{0})\s+|\s+(?:requirements?|specifications?|behaviou?rs?)\Z"
    return _named(re.sub(ends.format("added|modified"), "", bare, flags=re.IGNORECASE))


def bare_title(title: str) -> str:
    """Return a title without the word for what it stands on: "Specification: x"."""
    return re.sub(
        r"\A(?:feature |product |software )?(?:spec(?:ification)?|requirements?|plan"
        r"|prd)(?: document)?\s*[:—–-]\s*",
        "",
        title,
        flags=re.IGNORECASE,
    )


def _named(text: str) -> str:
    """Return a name that titles and file names can carry, or nothing."""
    text = re.sub(r"__+|[^\w .&+'-]", " ", text.replace("/", " "))
    text = " ".join(text.split()).strip(" .&+'-_")[:_LONGEST].strip(" .&+'-_")
    return text if re.search(r"[^\W\d_]", text) else ""
