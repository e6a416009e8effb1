"""Rules on requirements: cited but not defined, defined but not cited."""

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.markdown import Page
from weighlock.plan.model import Problem, Span
from weighlock.plan.requirements import ID, read_ids

_LEADING = re.compile(
    rf"[\s>*+#|-]*(?:\d+[.)]\s+)?[\s\[*`(]*(?<![\w@:-])({ID})(?![\w-]|\*(?!\*))"
)
_REPORT = re.compile(
    r"track|status|summar|complet|report|progress|checklist|review|log\b|audit",
    re.IGNORECASE,
)
"""Files that tell what happened; what they name is not defined there."""
_MARKED = re.compile(rf"@requirement[: ]\s*({ID})(?![\w*-])")
_TEMPLATE = re.compile(r"X{2,}|N{2,}|YYYY|\d[xXnN]\Z|-[xXnN]\Z")
_SPREAD = re.compile(r"\d\s?(?:-|–|—|to|through)\s?[A-Z-]*\d")
_RANGE = re.compile(r"-([A-Z]*)(\d+)-([A-Z]*)(\d+)\Z")

Places = Mapping[str, Span]


def cited(book: Book) -> Iterator[Problem]:
    """Yield requirements that only one side knows."""
    defined = _defined(book)
    if defined:
        mentions = _mentions(book)
        yield from _undefined(book, defined, mentions)
        yield from _uncovered(book, defined, mentions)


def _defined(book: Book) -> dict[str, Span]:
    """Find where ids stand first in a line, outside phases and reports."""
    found: dict[str, Span] = {}
    for page in book.beside:
        if not _REPORT.search(basename(page.file)) and "/analysis/" not in page.file:
            for name, span in _leading(page):
                found.setdefault(name, span)
    return found


def _leading(page: Page) -> Iterator[tuple[str, Span]]:
    for number, line in enumerate(page.lines, 1):
        match = _LEADING.match(line) if not page.shade[number - 1] else None
        if match and not _stands_for_others(match[1]):
            yield match[1], Span(file=page.file, line=number, column=match.start(1) + 1)


def _mentions(book: Book) -> dict[str, tuple[str, ...]]:
    """Return which phases name an id: in a requirement section, or anywhere."""
    found: dict[str, dict[str, None]] = {}
    for phase in book.plan.phases:
        marked = _MARKED.findall(phase.text)
        for name in (*phase.requirements, *read_ids(phase.text), *marked):
            found.setdefault(name, {})[phase.key] = None
    for requirement in book.plan.requirements:
        for key in requirement.phases:
            found.setdefault(requirement.id, {})[key] = None
    return {name: tuple(keys) for name, keys in found.items()}


def _undefined(
    book: Book, defined: Places, mentions: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Report ids of a series that the plan defines, but not this one."""
    makes = {_make(name) for name in defined}
    for name, keys in mentions.items():
        if name in defined or _stands_for_others(name) or _make(name) not in makes:
            continue
        if not _related(name, defined) and not _restated(book, keys, name):
            yield problem(
                "WL201-requirement-undefined",
                f"requirement {name} is cited by phase {', '.join(keys)} "
                "and defined nowhere",
                _first(book, keys[0], name),
            )


def _uncovered(
    book: Book, defined: Places, mentions: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Report ids that no phase names.

    A plan of another form than the phase directory may leave ids out altogether;
    there only a habit of citing them shows that they are meant to be.
    """
    known = [name for name in defined if name in mentions]
    if 2 * len(known) < len(defined) and book.plan.dialect != "phase-directory":
        return
    for name, span in defined.items():
        if name not in mentions and not _related(name, mentions):
            yield problem(
                "WL202-requirement-uncovered",
                f"requirement {name} is in no phase",
                span,
            )


def _first(book: Book, key: str, name: str) -> Span | None:
    phase = book.plan.phase(key)
    if phase is None:
        return None
    ranged = None
    for number, line in book.lines(phase):
        if (at := line.find(name)) >= 0:
            return Span(file=phase.source.file, line=number, column=at + 1)
        if ranged is None and name[:3] in line and name in read_ids(line):
            ranged = Span(file=phase.source.file, line=number)
    return ranged or phase.source


def _restated(book: Book, keys: Sequence[str], name: str) -> bool:
    """Say whether a phase spells the requirement out, under a heading of its own.

    ``REQ-001..005`` is no id either, nor is EC1 in "REQ-001, EC1" a REQ-EC1: what
    stands nowhere as it is counts only where a range was written.
    """
    texts = [phase.text for key in keys if (phase := book.plan.phase(key))]
    if not any(name in text or _SPREAD.search(text) for text in texts):
        return True
    for key in keys:
        phase = book.plan.phase(key)
        page = book.page(phase) if phase else None
        if phase is None or page is None:
            continue
        if f"{name}.." in phase.text or f"..{name.rpartition('-')[2]}" in phase.text:
            return True
        last = phase.source.end_line or len(page.lines)
        headings = page.headings_between(phase.source.line, last)
        if any(h.text.strip("[*`( ").startswith(name) for h in headings):
            return True
    return False


def _stands_for_others(name: str) -> bool:
    """Say whether an id is template text, or a range: REQ-XXX, REQ-MP-001-003."""
    if _TEMPLATE.search(name):
        return True
    found = _RANGE.search(name)
    if not found or (found[3] and found[3] != found[1]):
        return False
    return len(found[2]) == len(found[4]) and int(found[2]) < int(found[4])


def _make(name: str) -> str:
    """Return what ids of one plan share: ``REQ-SP4-001.2`` begins with ``REQ``."""
    return re.split(r"[-\d]", name)[0]


def _related(name: str, others: Mapping[str, object]) -> bool:
    """Say whether a parent or a part of an id is among others: REQ-1 and REQ-1.2.

    ``REQ-AUTH`` is the family of ``REQ-AUTH-1``.
    """
    below = (f"{name}.", f"{name}-")
    if any(other.startswith(below) for other in others):
        return True
    while "." in name:
        name = name.rpartition(".")[0]
        if name in others:
            return True
    return False
