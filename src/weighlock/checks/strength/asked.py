"""What a phase asks of the strength of its tests, as numbers."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from weighlock.config import GateSettings
from weighlock.plan.model import Phase

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")
_MUTATION = re.compile(
    r"\bmutation[\s-]+(?:test|scor|kill|coverage|analys|rate)|\bmutants?\b"
    r"|\bstryker\b|\bmutmut\b|\bcosmic-ray\b|\bcargo[\s-]mutants\b",
    re.IGNORECASE,
)
_COVERAGE = re.compile(
    r"(?:(\w+)[\s-]+)?\bcoverage\b(?!\s+(?:matrix|table|map|report|of\s+(?:all\s+)?req))",
    re.IGNORECASE,
)
_MEASURED = frozenset(
    [
        "test",
        "tests",
        "line",
        "branch",
        "code",
        "statement",
        "diff",
        "patch",
        "unit",
        "of",
        "minimum",
        "least",
        "require",
        "achieve",
        "reach",
        "have",
        "the",
        "a",
    ]
)
"""Words before "coverage" that speak of executed lines; others mean requirements."""
_ELSE = re.compile(r"graphql|useMutation|\bapollo\b|\bresolvers?\b", re.IGNORECASE)
"""Where a plan speaks of these, a mutation is a request that writes."""
_TOLD = re.compile(
    r"\b(?:requirements?|criteria|scenarios?|specs?|stor(?:y|ies)|currently|today"
    r"|so far|existing|was|were|has|had|dropped|fell|is (?:at|only|now))\b",
    re.IGNORECASE,
)
"""Coverage of something else than lines, or what it happens to be."""
_PROPERTY = re.compile(r"\bproperty[\s-]+(?:based[\s-]+)?tests?\b", re.IGNORECASE)
_DECLINED = re.compile(
    r"\b(?:no|not|without|skip|optional(?:ly)?|later|out of scope|non-goal|nice to have"
    r"|instead of|isn't|don't)\b",
    re.IGNORECASE,
)
_WHOLE = 100.0
_Reader = Callable[[str], Iterator[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, in percent; None where nothing is."""

    mutation: float | None = None
    """Share of mutants to be killed; 0: one in each changed function."""
    given: bool = False
    """Whether the mutation floor was set for our mutants, in the configuration."""
    coverage: float | None = None
    """Share of the changed lines that tests must run."""
    properties: float | None = None
    """Share of the new tests that must be property tests."""

    def __bool__(self) -> bool:
        return {self.mutation, self.coverage, self.properties} != {None}


def asked(settings: GateSettings, phases: Iterable[Phase]) -> Asked:
    """Read what some phases and the configuration ask; the configuration beats them.

    ``"off"`` silences a plan, in the open; ``"auto"`` asks what the plan asks.
    """
    lines = [line for phase in phases for line in _lines(phase)]
    faults = [] if any(map(_ELSE.search, lines)) else lines
    return Asked(
        mutation=_floor(settings.mutation, _most(faults, _asks_mutation)),
        given=isinstance(settings.mutation, float),
        coverage=_floor(settings.coverage, _most(lines, _asks_coverage)),
        properties=_most(lines, _asks_properties),
    )


def _floor(given: float | str, planned: float | None) -> float | None:
    if isinstance(given, float):
        return given
    return None if given == "off" else planned


def _lines(phase: Phase) -> Iterator[str]:
    yield from phase.text.splitlines()
    yield from (c.text for c in phase.criteria)
    for command in phase.commands:
        yield command.text
        yield command.expect.text


def _most(lines: Iterable[str], read: _Reader) -> float | None:
    clauses = (
        clause
        for line in lines
        if not _DECLINED.search(line)
        for clause in _AND.split(line)
    )
    return max((n for clause in clauses for n in read(clause)), default=None)


_AND = re.compile(r"[,;]|\band\b|\bplus\b", re.IGNORECASE)
"""Each part of a line has its own number."""


def _percent(line: str) -> Iterator[float]:
    yield from (n for n in map(float, _PERCENT.findall(line)) if n <= _WHOLE)


def _asks_mutation(line: str) -> Iterator[float]:
    if _MUTATION.search(line):
        yield next(_percent(line), 0.0)


def _asks_coverage(line: str) -> Iterator[float]:
    word = _COVERAGE.search(line)
    if word is None or _MUTATION.search(line) or _TOLD.search(line):
        return
    if (word[1] or "of").lower() in _MEASURED:
        yield from list(_percent(line))[:1]


def _asks_properties(line: str) -> Iterator[float]:
    if _PROPERTY.search(line):
        yield from list(_percent(line))[:1]
