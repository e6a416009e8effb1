"""OpenSpec: ``openspec/changes/X/`` with ``proposal.md``, ``tasks.md`` and deltas."""

import posixpath
import re
from collections.abc import Iterator

from weighlock.plan.dialects.boxes import (
    boxes,
    counted,
    groups,
    many,
    named,
    tasks_page,
    units,
)
from weighlock.plan.identity import plan_id
from weighlock.plan.markdown import Page
from weighlock.plan.outline import Book, Outline
from weighlock.plan.requirements import Defined
from weighlock.plan.titles import clean

_SURE, _LIKELY = 0.9, 0.7
_DELTA = re.compile(r"(ADDED|MODIFIED|REMOVED|RENAMED) Requirements", re.IGNORECASE)
_REQUIREMENT = re.compile(r"Requirement:\s*(\S.*)", re.IGNORECASE)
_SCENARIO = re.compile(r"Scenario:\s*(\S.*)", re.IGNORECASE)
_GONE = frozenset({"REMOVED", "RENAMED"})
_MOST = 60


def confidence(book: Book) -> float:
    """Say how sure it is: the folder, a proposal or deltas beside, or bare groups."""
    page = tasks_page(book)
    if "openspec/" in f"{book.path}/" and many(counted(page)):
        return _SURE
    found = boxes(page)
    if not many(found) or found[0].key.startswith("T"):
        return 0.0
    if named(book, "proposal.md") or _deltas(book):
        return _SURE
    here = posixpath.basename(page.file).lower() == "tasks.md"
    return _LIKELY if here and not groups(found) else 0.0


def read(book: Book) -> Outline:
    """Read the boxes as phases, the deltas as requirements."""
    page = tasks_page(book)
    deltas, proposal = _deltas(book), named(book, "proposal.md")
    title = _title(page) or (_title(proposal) if proposal else "")
    return Outline(
        units=units(page, counted(page)),
        title=title or posixpath.basename(posixpath.dirname(page.file)),
        id=plan_id((page,)),
        rules=tuple(
            p for p in book.pages.values() if p not in {page, *deltas.values()}
        ),
        defined=tuple(d for at, p in deltas.items() for d in requirements(at, p)),
    )


def _title(page: Page) -> str:
    """Return what the top heading names beyond "Tasks" or "Proposal"."""
    top = next((h.text for h in page.headings if h.level == 1), "")
    return clean(
        re.sub(r"\A(?:Implementation )?(?:Tasks|Change|Proposal)\b[:\s]*", "", top)
    )


def _deltas(book: Book) -> dict[str, Page]:
    """Return the pages that change a specification, by the capability's name."""
    return {
        posixpath.basename(posixpath.dirname(path)) or "spec": page
        for path, page in book.pages.items()
        if any(_DELTA.match(h.text) for h in page.headings)
    }


def requirements(capability: str, page: Page) -> Iterator[Defined]:
    """Yield the requirements a delta adds or changes, each with its scenarios.

    Their id is capability and name, as OpenSpec itself finds them:
    ``cli-archive/local-archive-date``.
    """
    mode = ""
    heads = page.headings
    for at, heading in enumerate(heads):
        if found := _DELTA.match(heading.text):
            mode = found[1].upper()
        stated = _REQUIREMENT.match(heading.text)
        if not stated or mode in _GONE:
            continue
        later = (h for h in heads[at + 1 :] if not _SCENARIO.match(h.text))
        end = next(later, None)
        last = end.line - 1 if end else len(page.lines)
        lines = page.lines[heading.line : last][:_MOST]
        text = "\n".join([stated[1].strip(), *(x.strip()[:1000] for x in lines)])
        name = f"{capability}/{_slug(stated[1])}"
        yield Defined(
            name, re.sub(r"\n{2,}", "\n", text).strip(), page.file, heading.line
        )


def _slug(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-_")[:80]
