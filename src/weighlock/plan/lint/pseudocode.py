"""Rules on references to numbered pseudocode."""

import re
from collections.abc import Iterator, Mapping
from posixpath import basename

from weighlock.plan.encoding import decode
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Phase, Plan, Problem, Span

_NAMED = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*pseudocode/[\w.-]+\.md)\b")
_LINES = re.compile(
    r"(?<![\w/.-])((?:[\w.-]+/)*[\w.-]+\.md)`?[\s:,(]{0,3}(?:\(?\s?at )?"
    r"lines?\s+(\d+)(?:\s*(?:-|–|—|to|through)\s*(\d+))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\s>*|-]*(\d{1,4})\s?[:.)|]\s")
_FEW = 2


def pseudocode(book: Book) -> Iterator[Problem]:
    """Yield references to pseudocode, or lines of it, that are not there."""
    plan = book.plan
    if not any("/" in s.path for s in plan.sources):
        return  # a single file: what stands beside it was not read
    listings = _listings(plan)
    planned = {basename(f.path) for p in plan.phases for f in p.files}
    for phase in plan.phases:
        if phase.kind in {"pseudocode", "design"}:
            planned |= {basename(name) for name in _NAMED.findall(phase.text)}
    for phase in plan.phases:
        for number, line in book.lines(phase):
            if ".md" in line:
                yield from _missing(plan, phase, number, line, planned=planned)
                yield from _lines(phase, number, line, listings)


def _missing(
    plan: Plan, phase: Phase, number: int, line: str, *, planned: set[str]
) -> Iterator[Problem]:
    """Report pseudocode files that neither exist nor are planned."""
    for match in _NAMED.finditer(line):
        path = match[1]
        known = any(s.path == path or path.endswith(f"/{s.path}") for s in plan.sources)
        if known or basename(path) in planned:
            continue
        yield problem(
            "WL601-pseudocode-missing",
            f"phase {phase.key} refers to {path}, which is not there",
            _span(phase, number, match.start(1)),
        )


def _lines(
    phase: Phase, number: int, line: str, listings: Mapping[str, frozenset[int]]
) -> Iterator[Problem]:
    """Report lines of pseudocode that are past its end, or have no numbers."""
    for match in _LINES.finditer(line):
        numbers = listings.get(basename(match[1]))
        if numbers is None:
            continue
        last = int(match[3] or match[2])
        if not numbers:
            yield problem(
                "WL603-pseudocode-unnumbered",
                f"phase {phase.key} refers to line {match[2]} of {match[1]}, "
                "whose lines have no numbers",
                _span(phase, number, match.start(1)),
            )
        elif last > max(numbers):
            yield problem(
                "WL602-pseudocode-past-end",
                f"phase {phase.key} refers to line {last} of {match[1]}, "
                f"which ends with line {max(numbers)}",
                _span(phase, number, match.start(1)),
            )


def _listings(plan: Plan) -> dict[str, frozenset[int]]:
    """Return the line numbers that each pseudocode file writes; two of one name: none.

    Numbers may begin again in every section, so only the highest tells the end.
    """
    found: dict[str, frozenset[int]] = {}
    twice = set()
    for source in plan.sources:
        if "pseudocode/" not in source.path or not source.path.endswith(".md"):
            continue
        name = basename(source.path)
        lines = decode(source.data).lines
        numbers = [int(m[1]) for line in lines if (m := _NUMBER.match(line))]
        twice |= {name} & set(found)
        found[name] = frozenset(numbers if len(numbers) >= _FEW else ())
    return {name: numbers for name, numbers in found.items() if name not in twice}


def _span(phase: Phase, line: int, at: int) -> Span:
    return Span(file=phase.source.file, line=line, column=at + 1)
