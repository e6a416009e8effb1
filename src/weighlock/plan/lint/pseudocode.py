"""Rules on references to numbered pseudocode."""

import re
from collections.abc import Iterator
from posixpath import basename

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Problem, Span

_NAMED = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*pseudocode/[\w.-]+\.md)\b")


def pseudocode(book: Book) -> Iterator[Problem]:
    """Yield references to pseudocode files that neither exist nor are planned."""
    plan = book.plan
    if not any("/" in s.path for s in plan.sources):
        return  # a single file: what stands beside it was not read
    there = {s.path for s in plan.sources}
    planned = {basename(f.path) for p in plan.phases for f in p.files}
    for phase in plan.phases:
        if phase.kind in {"pseudocode", "design"}:
            planned |= {basename(name) for name in _NAMED.findall(phase.text)}
    for phase in plan.phases:
        for number, line in book.lines(phase):
            for match in _NAMED.finditer(line):
                path = match[1]
                known = any(t == path or path.endswith(f"/{t}") for t in there)
                if known or basename(path) in planned:
                    continue
                yield problem(
                    "WL601-pseudocode-missing",
                    f"phase {phase.key} refers to {path}, which is not there",
                    Span(
                        file=phase.source.file, line=number, column=match.start(1) + 1
                    ),
                )
