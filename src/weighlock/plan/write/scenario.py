"""GIVEN, WHEN, THEN: as steps, on one line, or as EARS sentences → scenarios."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LEAD = r"[ \t>]*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?"
_STEP = re.compile(
    rf"{_LEAD}(?:(?P<loud>[*_]{{1,2}})(?:GIVEN|WHEN|THEN|AND|BUT)\b"
    rf"|(?P<word>GIVEN|WHEN|THEN|AND|BUT)\b)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    rf"{_LEAD}[*_]{{0,2}}(?P<word>given|when|then|and|but)\b[*_:\s]*(?P<rest>.*)",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"\bGIVEN\b[:\s]*(?P<given>.*?)[,;\s]*\bWHEN\b[:\s]*(?P<when>.*?)[,;\s]*\bTHEN\b"
    r"[:\s]*(?P<then>.*)"
)
_SHALL = r"(?:(?!\bshall\b).)"
_WHENS = tuple(
    re.compile(
        rf"{_LEAD}\**(?:when|if|whenever)\b\**\s+(?P<when>{_SHALL}+){comma}\s+"
        rf"(?:then\s+)?(?P<then>\**the\b{_SHALL}*\bshall\b.*)",
        re.IGNORECASE,
    )
    for comma in (",", "")
)
"""With a comma before who shall do it, and else without one."""
_WHILE = re.compile(
    rf"{_LEAD}\**(?:(?:while|where)\b)\**\s+(?P<given>.+?),\s+"
    r"(?:when\s+(?P<when>.+?),\s+)?(?P<then>\**the\b.+?\bshall\b.*)",
    re.IGNORECASE,
)
_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One case: what holds, what happens, what must come of it; each on one line."""

    given: str = ""
    when: str = ""
    then: str = ""


def is_step(line: str) -> bool:
    """Say whether a line is a step: loud, marked, or with a colon; no sentence."""
    found = _STEP.match(line)
    if not found:
        return False
    word = found["word"]
    return bool(found["loud"]) or word.isupper() or line[found.end() :][:1] == ":"


def scenarios(lines: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the scenarios in the text of a requirement, in order."""
    return tuple(s for s in _read(lines) if s.then or s.when)


def _read(lines: Sequence[str]) -> Iterator[Scenario]:
    parts: dict[str, list[str]] = {}
    last = ""
    for line in lines:
        if whole := _LINE.search(line):
            yield _scenario({k: [v] for k, v in whole.groupdict().items()})
        elif said := _ears(line):
            alone = set(parts) == {"given"}
            yield _scenario({**(parts if alone else {}), **said})
            parts = {} if alone else parts
        elif is_step(line) and (found := _WORDS.match(line)):
            word = found["word"].lower()
            last = last if word in {"and", "but"} else word
            if (word in parts and "then" in parts) or (word == "given" and parts):
                yield _scenario(parts)
                parts = {}
            parts.setdefault(last or "given", []).append(found["rest"])
    if parts:
        yield _scenario(parts)


def _ears(line: str) -> dict[str, list[str]]:
    """Return the parts of a sentence that says when somebody shall do something."""
    if "shall" not in line.lower():
        return {}
    tried = (pattern.match(line[:_LONGEST]) for pattern in (_WHILE, *_WHENS))
    found = next(filter(None, tried), None)
    return {k: [v] for k, v in found.groupdict().items() if v} if found else {}


def _scenario(parts: dict[str, list[str]]) -> Scenario:
    words = {name: "; ".join(filter(None, map(_bare, parts[name]))) for name in parts}
    return Scenario(
        given=words.get("given", ""),
        when=words.get("when", ""),
        then=words.get("then", ""),
    )


def _bare(text: str) -> str:
    return " ".join(text.replace("**", "").split()).strip(" ,;_")
