"""Rules on phases that run side by side."""

from collections import defaultdict
from collections.abc import Iterator

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import FileAction, Phase, Problem


def safety(book: Book) -> Iterator[Problem]:
    """Yield what cannot be done in parallel although a group says so."""
    groups: dict[str, list[Phase]] = defaultdict(list)
    for phase in book.plan.phases:
        if phase.group:
            groups[phase.group].append(phase)
    for name, phases in groups.items():
        yield from _shared(name, phases)
        yield from _needs(name, phases)


def _shared(group: str, phases: list[Phase]) -> Iterator[Problem]:
    first: dict[str, tuple[Phase, FileAction]] = {}
    for phase in phases:
        for file in phase.files:
            if file.action == "keep":
                continue
            other, _ = first.setdefault(file.path, (phase, file))
            if (
                other is not phase
                and phase.key not in other.needs
                and other.key not in phase.needs
            ):
                yield problem(
                    "WL301-shared-file",
                    f"{file.path} is changed by phases {other.key} and {phase.key}, "
                    f"which run side by side in group {group}",
                    file.source,
                )


def _ordered(one: Phase, other: Phase) -> bool:
    return one.key in other.needs or other.key in one.needs


def _needs(group: str, phases: list[Phase]) -> Iterator[Problem]:
    keys = {p.key for p in phases}
    for phase in phases:
        for need in phase.needs:
            if need in keys and phase.needs_from == "stated":
                yield problem(
                    "WL302-need-in-group",
                    f"phase {phase.key} needs phase {need}, and both are in group "
                    f"{group}",
                    phase.source,
                )
