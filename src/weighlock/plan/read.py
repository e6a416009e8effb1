"""Sources → Plan: the dialect is found and gives an outline; the rest is shared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from weighlock.plan.assemble import build_phases, build_requirements, build_tracker
from weighlock.plan.dialects import (
    biscuit,
    bmad,
    execplan,
    execution_plan,
    free,
    gsd,
    kiro,
    openspec,
    phase_directory,
    single_file,
    spec_kit,
    superpowers,
    task_master,
)
from weighlock.plan.encoding import decode
from weighlock.plan.markdown import Page, scan, unwrapped
from weighlock.plan.model import Dialect, Plan, Problem, Source, Span, Understood
from weighlock.plan.outline import Book, Outline

_UNSURE = 0.05


@dataclass(frozen=True, slots=True)
class Reader:
    """A dialect: how sure it is of a plan, and how it reads it."""

    confidence: Callable[[Book], float]
    read: Callable[[Book], Outline]


DIALECTS: dict[Dialect, Reader] = {
    "task-master": Reader(task_master.confidence, task_master.read),
    "gsd": Reader(gsd.confidence, gsd.read),
    "phase-directory": Reader(phase_directory.confidence, phase_directory.read),
    "biscuit": Reader(biscuit.confidence, biscuit.read),
    "execution-plan": Reader(execution_plan.confidence, execution_plan.read),
    "spec-kit": Reader(spec_kit.confidence, spec_kit.read),
    "openspec": Reader(openspec.confidence, openspec.read),
    "kiro": Reader(kiro.confidence, kiro.read),
    "bmad": Reader(bmad.confidence, bmad.read),
    "execplan": Reader(execplan.confidence, execplan.read),
    "superpowers": Reader(superpowers.confidence, superpowers.read),
    "single-file": Reader(single_file.confidence, single_file.read),
    "free": Reader(free.confidence, free.read),
}
"""The registry; on a tie the first one wins."""


def read(
    sources: Sequence[Source], *, path: str, root: str, dialect: Dialect | None = None
) -> Plan:
    """Read a plan.

    Args:
        sources: Every file of the plan; at least one.
        path: The plan as the caller named it.
        root: The folder that the sources are relative to; put before every position.
        dialect: Read it as this, instead of finding out.  Where it finds no phase, the
            plan is one phase, and a problem says so.

    Returns:
        The plan.  What was not understood, or is wrong, is in its problems.
    """
    problems: list[Problem] = []
    pages = {s.path: _page(s, root, problems) for s in sources}
    book = Book(pages=pages, path=path)
    name = dialect or _detect(book, problems)
    outline = DIALECTS[name].read(book)
    if not outline.units:
        outline = _instead(book, name, outline, asked=dialect is not None)
    phases, found, lines_read = build_phases(outline)
    # A dialect that finds its requirements itself knows where they stand.
    bodies = {} if outline.defined else {u.page.file: u.page for u in outline.units}
    phases, requirements = build_requirements(outline, phases, bodies.values())
    return Plan(
        id=outline.id,
        title=outline.title,
        dialect=name,
        path=path,
        root=root,
        phases=phases,
        status=outline.status,
        requirements=requirements,
        tracker=build_tracker(outline.tracker),
        problems=(*problems, *outline.problems, *found),
        sources=tuple(sources),
        understood=_understood(pages, lines_read + _beside(outline)),
    )


def _page(source: Source, root: str, problems: list[Problem]) -> Page:
    text = decode(source.data)
    file = source.path if root in {"", "."} else f"{root.rstrip('/')}/{source.path}"
    if text.repaired:
        problems.append(
            Problem(
                code="text-mangled",
                severity="warning",
                message=f"glyphs were mangled by {text.repaired}; they were put right",
                hint="save the file as UTF-8",
                source=Span(file=file, line=1),
            )
        )
    if text.replaced:
        problems.append(
            Problem(
                code="text-undecodable",
                severity="warning",
                message=f"{text.replaced} bytes are no UTF-8 and read as U+FFFD",
                hint="save the file as UTF-8",
                source=Span(file=file, line=1),
            )
        )
    return scan(file, unwrapped(text.lines))


def _detect(book: Book, problems: list[Problem]) -> Dialect:
    sure = {name: reader.confidence(book) for name, reader in DIALECTS.items()}
    best = max(sure, key=lambda name: sure[name])
    rivals = [n for n in sure if n != best and sure[n] > sure[best] - _UNSURE]
    if rivals:
        others = " or ".join(_reading(book, name) for name in rivals)
        problems.append(
            Problem(
                code="dialect-unclear",
                severity="info",
                message=f"read as {_reading(book, best)}; it could also be {others}",
                hint=f"name it: --dialect {rivals[0]}",
                source=Span(file=book.path, line=1),
            )
        )
    return best


def _reading(book: Book, name: Dialect) -> str:
    """Say what a dialect makes of a plan: "kiro (12 phases)"."""
    count = len(DIALECTS[name].read(book).units)
    return f"{name} ({count} phase{'' if count == 1 else 's'})"


def _instead(book: Book, name: Dialect, empty: Outline, *, asked: bool) -> Outline:
    """Read the plan as one phase where its dialect finds none."""
    outline = free.read(book)
    problems = list(empty.problems)
    if asked and name != "free":
        fits: list[Problem] = []
        other = _detect(book, fits)
        hint = f"leave --dialect out: it is read as {_reading(book, other)}"
        if other == name:
            hint = "number the phases, or mend what stands above"
        problems.append(
            Problem(
                code="dialect-empty",
                severity="error",
                message=f"no phase was found in it as {name}; it is one phase now",
                hint=hint,
                source=Span(file=book.path, line=1),
            )
        )
    return replace(outline, tracker=empty.tracker, problems=tuple(problems))


def _beside(outline: Outline) -> int:
    """Count the lines outside the phases that became tracker rows or requirements."""
    inside = {(u.page.file, n) for u in outline.units for n in (u.first, u.last)}
    outside = {(row.page.file, row.line) for row in outline.tracker}
    outside |= {(item.file, item.line) for item in outline.defined}
    return len(outside - inside)


def _understood(pages: dict[str, Page], lines_read: int) -> Understood:
    lines = sum(1 for page in pages.values() for line in page.lines if line.strip())
    return Understood(lines=lines, read=min(lines, lines_read))
