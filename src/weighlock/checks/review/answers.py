"""What a reviewer said → what counts of it.

A "no" counts when it names a place that exists.  A "yes" counts for nothing, whoever
wrote it into the reviewer's mouth.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from weighlock.checks.finding import Found, found
from weighlock.checks.review.questions import Question
from weighlock.checks.subject import Subject

LIMIT = 64 * 1024
"""Characters of an answer that are read."""

_WHY = 300
_ANSWER = re.compile(
    r"^[^\w\n]*ANSWER[\s*_`:]+(\w+)[\s*_`:]+(yes|no|unsure)\b([^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_PLACE = re.compile(r"(?<![\w/.@+-])((?:[\w.@+-]+/)*[\w.@+-]+):(\d{1,7})(?!\d)")
_EDGE = " \t*_`|:,.-–—"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a file."""

    path: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One line of a reviewer's answer."""

    question: str
    says: Literal["yes", "no", "unsure"]
    places: tuple[Place, ...]
    why: str


def read(said: str) -> tuple[Answer, ...]:
    """Return every answer in a text, in its order; what is none is left out."""
    return tuple(_answer(*m.groups()) for m in _ANSWER.finditer(said[:LIMIT]))


def _answer(question: str, says: str, rest: str) -> Answer:
    word = says.lower()
    places = (Place(path=p, line=int(n)) for p, n in _PLACE.findall(rest))
    why = _CONTROL.sub(" ", rest).strip(_EDGE)
    first = _PLACE.match(why)
    why = why[first.end() :].strip(_EDGE) if first else why
    return Answer(
        question=question.lower(),
        says="yes" if word == "yes" else "no" if word == "no" else "unsure",
        places=tuple(dict.fromkeys(places)),
        why=why if len(why) <= _WHY else f"{why[:_WHY]}…",
    )


def weighed(
    subject: Subject, questions: Sequence[Question], said: str, evidence: str
) -> list[Found]:
    """Return what a review comes to: objections, and what is worth knowing.

    Args:
        subject: What was delivered; places are looked up in it.
        questions: Those that were asked.
        said: The reviewer's last words.
        evidence: Digest of everything the reviewer said and did.
    """
    given = read(said)
    seen: list[Found] = []
    for question in questions:
        mine = [a for a in given if a.question == question.name]
        seen += _of(subject, question, mine, evidence)
    return seen


def _of(
    subject: Subject, question: Question, given: list[Answer], evidence: str
) -> Iterator[Found]:
    noes = [a for a in given if a.says == "no"]
    for answer in noes:
        place = next((p for p in map(_home, answer.places) if exists(subject, p)), None)
        told = (
            f"the reviewer says no to “{question.text}” – {answer.why or 'no reason'}"
        )
        if place is None:
            yield _objection(
                "note", f"{told} (it names no place that exists)", evidence
            )
        else:
            yield _objection("review", told, evidence, place)
    if not noes and not any(a.says == "yes" for a in given):
        why = given[0].why if given else "no answer that can be read"
        told = f"the review left “{question.text}” open: {why or 'unsure'}"
        yield found("note", "not-reviewed", told, evidence=evidence)


def _objection(
    weight: Literal["note", "review"],
    told: str,
    evidence: str,
    place: Place | None = None,
) -> Found:
    path, line = (place.path, place.line) if place else (None, None)
    return found(
        weight, "reviewer-objects", told, path=path, line=line, evidence=evidence
    )


def _home(place: Place) -> Place:
    """Return a place as the repository names it; a reviewer sees it below ``tree/``."""
    for before in ("./", "tree/", "old/", "new/"):
        place = Place(path=place.path.removeprefix(before), line=place.line)
    return place


def exists(subject: Subject, place: Place) -> bool:
    """Say whether a place is in what was delivered, or in what it took away."""
    sides = (s for s in (subject.new, subject.old) if place.path in s.paths)
    side = next(sides, None)
    if side is None or place.line < 1:
        return False
    return place.line <= len(side.text(place.path).splitlines())
