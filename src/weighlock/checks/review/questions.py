"""What a reviewer is asked, by kind of phase, and whether anybody wants it asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weighlock.config import GateSettings
from weighlock.plan.model import Kind, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something only reading can tell; "no" is the answer that objects."""

    name: str
    """One word, which stands before the answer."""
    text: str


DOES = Question(
    name="does",
    text="Does what was changed do what each requirement and the phase itself say?",
)
REAL = Question(
    name="real",
    text="Is it the real thing, for inputs that no test uses too, and no placeholder, "
    "no stub, no table of known answers and no special case for the tests?",
)
TESTS = Question(
    name="tests",
    text="Would the tests fail if the implementation were removed, or subtly wrong?",
)
REACHED = Question(
    name="reached",
    text="Does code that existed before call it, so that a user can get there?",
)
WHOLE = Question(name="whole", text="Is everything there that the phase asks for?")

QUESTIONS: Mapping[Kind, tuple[Question, ...]] = {
    "preflight": (),
    "design": (DOES, WHOLE),
    "pseudocode": (DOES, WHOLE),
    "stub": (WHOLE,),
    "tdd": (TESTS, WHOLE),
    "impl": (DOES, REAL, TESTS, WHOLE),
    "integration": (DOES, REAL, TESTS, REACHED, WHOLE),
    "migration": (DOES, WHOLE),
    "deprecation": (DOES, WHOLE),
    "verification": (),
}
"""Kind → what fits it: a stub is not asked whether it is real."""

_ASKS = re.compile(
    r"\bsemantic(?:ally)?[\s-]+(?:verif\w+|review\w*|check\w*)"
    r"|\b(?:independent|adversarial|second|another)[\s-]+"
    r"(?:\w+[\s-]+){0,2}review(?:er|s)?\b",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"\b(?:no|not|without|skip|optional(?:ly)?|later|out of scope|non-goal)\b",
    re.IGNORECASE,
)


def wanted(settings: GateSettings, phases: Iterable[Phase]) -> bool:
    """Say whether the configuration, or else the text of a phase, asks for a review."""
    if settings.review != "auto":
        return settings.review == "on"
    lines = (line for phase in phases for line in _lines(phase))
    return any(_ASKS.search(line) and not _DECLINED.search(line) for line in lines)


def _lines(phase: Phase) -> Iterable[str]:
    yield from phase.text.splitlines()
    yield from (criterion.text for criterion in phase.criteria)
