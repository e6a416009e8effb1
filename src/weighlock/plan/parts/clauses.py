"""Requirements as clauses: EARS ("When x, the system shall y") and GIVEN/WHEN/THEN.

EARS is Mavin's easy approach to requirements syntax: while and where give the state,
when and if the trigger, shall the response.
"""

import re
from collections.abc import Iterator

from weighlock.plan.model import Clause, ClauseKind

_STEP = re.compile(
    r"(?:\A|(?<=[\s,;(*_>@-]))(?:\*\*|__|@)?(?P<word>given|when|then|and|but)(?:\*\*|__)?"
    r"(?:\s*:)?\s+(?=\S)",
    re.IGNORECASE,
)
_LOUD = re.compile(
    r"\b(?:GIVEN|WHEN|THEN)\b|@given\b|(?:^|\s)[-*]\s*\**Given\b", re.MULTILINE
)
_EARS = re.compile(
    r"\s*(?P<word>while|where|when|if|whenever)\s+(?P<rest>.{1,600}?)"
    r"(?:,?\s+then)?[,;]?\s+(?=(?:while|where|when|if|whenever|the|a|an|it)\s)",
    re.IGNORECASE,
)
_SHALL = re.compile(r"\b(?:shall|must|should)\b(?P<not>\s+not\b)?", re.IGNORECASE)
_KINDS: dict[str, ClauseKind] = {
    "given": "given",
    "when": "when",
    "then": "then",
    "while": "while",
    "where": "where",
    "whenever": "when",
    "if": "if",
}
_SENTENCE = re.compile(
    r"(?<=\.)\s+|\n\s*\n|\n(?=\s*(?:[-*>#|]|\d+[.)]|(?:While|Where|When|If|The)\b))"
)
_LONG = 4000
_LAST = " \t,;.*_-`"


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a requirement's text in order; none for free prose."""
    text = text[:_LONG]
    if _LOUD.search(text):
        found = tuple(_steps(text))
        if {c.kind for c in found} & {"when", "then"} and len(found) > 1:
            return found
    sentences = (" ".join(s.split()).lstrip("-*> ") for s in _SENTENCE.split(text))
    return tuple(c for sentence in sentences for c in _ears(sentence))


def _steps(text: str) -> Iterator[Clause]:
    """Read GIVEN, WHEN and THEN; AND and BUT go on with the kind before them."""
    marks = [m for m in _STEP.finditer(text) if _marks(m, text)]
    kind: ClauseKind | None = None
    for at, mark in enumerate(marks):
        kind = _KINDS.get(mark["word"].lower(), kind)
        end = marks[at + 1].start() if at + 1 < len(marks) else len(text)
        said = " ".join(text[mark.end() : end].split("\n\n", 1)[0].split()).strip(_LAST)
        if kind and said:
            yield Clause(kind=kind, text=said)


def _marks(found: re.Match[str], text: str) -> bool:
    """Say whether a word is a step's, not one of its sentence."""
    if found["word"].isupper() or "*" in found[0] or found[0][0] in "_@":
        return True
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    return not before.strip(" \t-*+>") and found["word"].istitle()


def _ears(sentence: str) -> Iterator[Clause]:
    """Read "While a, when b, the system shall c"."""
    shall = _SHALL.search(sentence)
    if shall is None:
        return
    at = 0
    while found := _EARS.match(sentence, at, shall.start()):
        yield Clause(
            kind=_KINDS[found["word"].lower()], text=found["rest"].strip(_LAST)
        )
        at = found.end()
    yield Clause(kind="shall", text=sentence[at:].strip(_LAST))
