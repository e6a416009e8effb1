"""Rules on what is called done: boxes left open, needs left out, files never made."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from weighlock.plan import key
from weighlock.plan.layout import marker_key
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.known import Known
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Dialect, FileAction, Phase, Plan, Problem, Span

_BOXED: frozenset[Dialect] = frozenset(
    {"biscuit", "execution-plan", "single-file", "superpowers", "bmad"}
)
"""Dialects whose boxes are kept up, when anything is; a phase file's never were."""
_STATUS = re.compile(r"[\s>*_#-]*status\b", re.IGNORECASE)
_SHOWN = 3


def progress(book: Book) -> Iterator[Problem]:
    """Yield what is called done and is not."""
    yield from _boxes(book)
    yield from _plan_status(book)
    yield from _skipped(book)
    yield from _phantoms(book)


def _boxes(book: Book) -> Iterator[Problem]:
    """Report open boxes below a status that says done."""
    plan = book.plan
    if plan.dialect not in _BOXED:
        return
    if plan.status == "completed":
        boxes = [c for p in plan.phases for c in p.criteria]
        still = sum(not c.done for c in boxes)
        if still:
            yield problem(
                "WL505-boxes-open",
                f"the plan is called done, with {still} of {len(boxes)} boxes open",
                _status_line(book, plan.phases[0]),
            )
        return
    for phase in plan.phases:
        still = sum(not c.done for c in phase.criteria)
        if phase.status == "completed" and phase.status_text and still:
            yield problem(
                "WL505-boxes-open",
                f"phase {phase.key} is called completed, with {still} of "
                f"{len(phase.criteria)} boxes open",
                _said(book, phase),
            )


def _plan_status(book: Book) -> Iterator[Problem]:
    """Report a plan that is called done while phases say that they are not."""
    plan = book.plan
    late = [p for p in plan.phases if p.status_text and p.status in _UNDONE]
    if plan.status == "completed" and late:
        names = ", ".join(p.key for p in late[:_SHOWN])
        more = f" and {len(late) - _SHOWN} more" if len(late) > _SHOWN else ""
        yield problem(
            "WL507-plan-status-differs",
            f"the plan is called done, and these phases are not: {names}{more}",
            _status_line(book, plan.phases[0]),
        )


_UNDONE = frozenset({"pending", "in_progress", "failed", "blocked", "timed_out"})


def _status_line(book: Book, first: Phase) -> Span:
    """Return the place of the plan's own status: front matter, or its first lines."""
    page = book.page(first)
    lines = page.lines if page else ()
    for number, line in enumerate(lines, 1):
        if _STATUS.match(line):
            return Span(file=first.source.file, line=number)
    return Span(file=first.source.file, line=1)


def _said(book: Book, phase: Phase) -> Span:
    """Return the place where a phase's status stands in its text."""
    for number, line in book.lines(phase):
        at = line.find(phase.status_text)
        if at >= 0:
            return Span(file=phase.source.file, line=number, column=at + 1)
    return phase.source


def _skipped(book: Book) -> Iterator[Problem]:
    """Report a completed phase whose need is not completed."""
    plan = book.plan
    done, told = _done(plan), set[str]()
    for phase in plan.phases:
        if phase.key not in done or not _binding(plan, phase):
            continue
        for need in phase.needs:
            other = plan.phase(need)
            if other is None or need in done | told or _excused(other):
                continue
            told.add(need)
            yield problem(
                "WL506-need-unfinished",
                f"phase {phase.key} is completed, and phase {need}, which it needs, "
                "is not",
                other.source,
            )


def _excused(phase: Phase) -> bool:
    """Say whether nobody marks this phase: an overview, a preflight, a skipped one."""
    left = phase.kind == "preflight" or phase.status in {"skipped", "cancelled"}
    return left or key.stem(phase.key) in {"00", "0.5"} or "#" in phase.key


def _binding(plan: Plan, phase: Phase) -> bool:
    """Say whether the need of a phase is more than the order of a list."""
    return phase.needs_from == "stated" or plan.dialect == "phase-directory"


def _done(plan: Plan) -> frozenset[str]:
    """Return the phases that are called completed: by markers where there are any."""
    marked = {name for s in plan.sources if (name := marker_key(s.path))}
    if marked:
        return frozenset(
            p.key for p in plan.phases if key.resolve(p.key, marked) is not None
        )
    return frozenset(p.key for p in plan.phases if p.status == "completed")


def _phantoms(book: Book) -> Iterator[Problem]:
    """Report completed phases whose files exist in no commit."""
    ground = book.ground
    if ground is None:
        return
    known = Known((*ground.tracked, *ground.present, *ground.past))
    done = _done(book.plan)
    for phase in book.plan.phases:
        if phase.key not in done and phase.status != "completed":
            continue
        absent = [f for f in phase.files if not _exists(f, known)]
        if absent:
            yield problem(
                "WL504-phantom-completion",
                f"phase {phase.key} is called completed, and {_list(absent)} "
                f"{'exists' if len(absent) == 1 else 'exist'} in no commit",
                absent[0].source,
            )


def _exists(file: FileAction, known: Known) -> bool:
    if file.action in {"keep", "delete"}:
        return True
    if any(c in file.path for c in "*?[{<"):
        return any(fnmatchcase(path, f"*{file.path}") for path in known.all())
    return file.path in known or known.folder(file.path)


def _list(files: Sequence[FileAction]) -> str:
    names = ", ".join(f.path for f in files[:_SHOWN])
    rest = len(files) - _SHOWN
    return f"{names} and {rest} more" if rest > 0 else names
