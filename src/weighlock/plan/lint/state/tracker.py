"""Rules on the tracker: its rows against the phases and their markers."""

from collections.abc import Collection, Iterator, Mapping

from weighlock.plan import key
from weighlock.plan.layout import marker_key
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Plan, Problem, Span, Status, TrackerRow

_OPEN: frozenset[Status] = frozenset({"pending", "in_progress"})
_MANY = 3


def tracker(book: Book) -> Iterator[Problem]:
    """Yield where tracker, phases and completion markers do not agree."""
    plan = book.plan
    if not plan.tracker or not plan.phases:
        return
    # A report or an overview may list some phases; nobody owes it a row for each.
    if "tracker" in plan.tracker[0].source.file.rpartition("/")[2].lower():
        yield from _rows(plan)
    yield from _markers(plan)


def _rows(plan: Plan) -> Iterator[Problem]:
    rows = {row.key for row in plan.tracker}
    phases = {p.key for p in plan.phases}
    first = plan.tracker[0].source
    for phase in plan.phases:
        if not _known(phase.key, rows) and "#" not in phase.key:
            yield problem(
                "WL501-tracker-lacks-phase",
                f"the tracker has no row for phase {phase.key} {phase.title}".rstrip(),
                Span(file=first.file, line=first.line),
            )
    extra = [row for row in plan.tracker if not _known(row.key, phases)]
    if 2 * len(extra) > len(plan.tracker):
        keys = ", ".join(row.key for row in extra)
        yield problem(
            "WL502-tracker-extra-row",
            f"most rows of the tracker are for phases that are not in the plan: {keys}",
            extra[0].source,
            hint="write these phases before the run, or cut the tracker",
        )
        return
    for row in extra:
        yield problem(
            "WL502-tracker-extra-row",
            f"the tracker has a row for phase {row.key}, which is not in the plan",
            row.source,
        )


def _known(name: str, others: Collection[str]) -> bool:
    """Say whether a phase is among others, its doubles (``03#2``) included."""
    return key.resolve(name.partition("#")[0], others) is not None


def _markers(plan: Plan) -> Iterator[Problem]:
    """Report rows and completion markers that say different things."""
    marked = {name: s.path for s in plan.sources if (name := marker_key(s.path))}
    if not marked:
        return
    late = [row for row in plan.tracker if row.status in _OPEN and _path(row, marked)]
    if len(late) >= _MANY and all(row.status == "pending" for row in plan.tracker):
        yield problem(
            "WL503-states-differ",
            f"the tracker was never filled in: all its rows are open, and "
            f"{len(late)} phases have a completion marker",
            late[0].source,
        )
        late = []
    for row in plan.tracker:
        path = _path(row, marked)
        if row.status == "completed" and path is None:
            yield problem(
                "WL503-states-differ",
                f"the tracker says {row.status_text!r} of phase {row.key}, "
                "which has no completion marker",
                row.source,
            )
        elif row in late:
            yield problem(
                "WL503-states-differ",
                f"phase {row.key} has the marker {path}, "
                f"and the tracker still says {row.status_text!r}",
                row.source,
            )


def _path(row: TrackerRow, marked: Mapping[str, str]) -> str | None:
    return marked.get(key.resolve(row.key, marked) or "")
