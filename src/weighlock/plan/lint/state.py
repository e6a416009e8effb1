"""Rules on what a plan says of its own progress, in several places."""

from collections.abc import Iterator

from weighlock.plan import key
from weighlock.plan.layout import marker_key
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.rules import problem
from weighlock.plan.model import Plan, Problem, Span


def state(book: Book) -> Iterator[Problem]:
    """Yield where tracker, phases and completion markers do not agree."""
    plan = book.plan
    if not plan.tracker or not plan.phases:
        return
    yield from _rows(plan)
    yield from _markers(plan)


def _rows(plan: Plan) -> Iterator[Problem]:
    rows = {row.key for row in plan.tracker}
    phases = {p.key for p in plan.phases}
    first = plan.tracker[0].source
    for phase in plan.phases:
        bare = phase.key.partition("#")[0]
        if key.resolve(bare, rows) is None:
            yield problem(
                "WL501-tracker-lacks-phase",
                f"the tracker has no row for phase {phase.key} {phase.title}".rstrip(),
                Span(file=first.file, line=first.line),
            )
    for row in plan.tracker:
        if key.resolve(row.key, phases) is None:
            yield problem(
                "WL502-tracker-extra-row",
                f"the tracker has a row for phase {row.key}, which is not in the plan",
                row.source,
            )


def _markers(plan: Plan) -> Iterator[Problem]:
    marked = {name: s.path for s in plan.sources if (name := marker_key(s.path))}
    if not marked:
        return
    for row in plan.tracker:
        path = marked.get(key.resolve(row.key, marked) or "")
        if row.status == "completed" and path is None:
            yield problem(
                "WL503-states-differ",
                f"the tracker says {row.status_text!r} of phase {row.key}, "
                "which has no completion marker",
                row.source,
            )
        elif row.status in {"pending", "in_progress"} and path is not None:
            yield problem(
                "WL503-states-differ",
                f"phase {row.key} has the marker {path}, "
                f"and the tracker still says {row.status_text!r}",
                row.source,
            )
