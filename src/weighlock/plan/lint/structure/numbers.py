"""Rules on the numbers of a phase's file: in its name, its heading, its id."""

import re
from collections.abc import Iterator, Mapping
from posixpath import basename

from weighlock.plan import key
from weighlock.plan.identity import phase_id
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.lint.told import copied
from weighlock.plan.markdown import Page
from weighlock.plan.model import Phase, Problem, Span
from weighlock.plan.titles import read_file_name, read_title

_SPAN = re.compile(
    r"(?:phase|step|task)\s+P?(\d{1,3})\s*(?:-|–|—|\+|&|/|to|and)\s*P?(\d{1,3})\b",
    re.IGNORECASE,
)


def numbers(book: Book) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of phases that are files."""
    if book.plan.dialect != "phase-directory":
        return
    strayed = copied(book.plan)
    for phase in book.plan.phases:
        page = book.page(phase)
        if page is not None and page.headings:
            yield from _disagreement(phase, page, strayed)
            yield from _two(phase, page)


def _disagreement(
    phase: Phase, page: Page, strayed: Mapping[str, str]
) -> Iterator[Problem]:
    """Report a heading or an id with another number than the file's name."""
    named = read_file_name(basename(page.file))
    for number, line, what in _stated(page) if named else ():
        if named and not key.same(number, named[0]):
            double = strayed.get(named[0])
            read = f"this is read as phase {phase.key.partition('#')[0]}"
            doubled = f"{read}, so that phase stands twice and {named[0]} is missing"
            yield problem(
                "WL106-number-disagrees",
                f"the {what} says {number}, the file name {named[0]}; "
                f"{doubled if double else read}",
                Span(file=page.file, line=line),
                severity="error" if double else None,
            )


def _stated(page: Page) -> Iterator[tuple[str, int, str]]:
    """Yield the numbers that a page's heading and id give it, with their lines."""
    heading = next((h for h in page.headings if h.text), None)
    title = read_title(heading.text) if heading else None
    if heading and title:
        yield title.key, heading.line, "heading"
    own = phase_id(page)
    if own:
        lines = (n for n, line in enumerate(page.lines, 1) if own[0] in line)
        yield own[1], next(lines, 1), "id"


def _two(phase: Phase, page: Page) -> Iterator[Problem]:
    """Report a heading that names two phases: ``# Phase 10-11: …``."""
    first = next(h for h in page.headings if h.text or h is page.headings[-1])
    found = _SPAN.match(first.text)
    if found and int(found[1]) < int(found[2]):
        yield problem(
            "WL110-two-phases-in-file",
            f"this file holds phases {found[1]} and {found[2]}, "
            f"and is run and judged as one, {phase.key}",
            Span(file=page.file, line=first.line),
        )
