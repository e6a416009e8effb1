"""Rules on phases that run side by side."""

import re
from collections import defaultdict
from collections.abc import Iterator

from weighlock.plan import order
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Phase, Plan, Problem, Span
from weighlock.plan.order import Needs

_WAVE = re.compile(r"wave\s+(\d+)", re.IGNORECASE)


def safety(book: Book) -> Iterator[Problem]:
    """Yield what cannot be done in parallel although a group says so."""
    needs = order.needs_of(book.plan.phases)
    found = (
        problem_
        for name, phases in _groups(book.plan).items()
        for problem_ in (*_shared(name, phases, needs), *_needs(name, phases))
    )
    told: set[tuple[str, Span | None]] = set()
    for one in found:
        if (one.code, one.source) not in told:
            told.add((one.code, one.source))
            yield one
    yield from _waves(book.plan)


def _groups(plan: Plan) -> dict[str, list[Phase]]:
    """Return the phases of each group; ``01+02`` is what "parallel with 01" makes."""
    groups: dict[str, list[Phase]] = defaultdict(list)
    for phase in plan.phases:
        if phase.group:
            groups[phase.group].append(phase)
    for name, phases in groups.items():
        named = [p for key in name.split("+") if (p := plan.phase(key)) is not None]
        phases.extend(p for p in named if p not in phases)
    return groups


def _shared(group: str, phases: list[Phase], needs: Needs) -> Iterator[Problem]:
    first: dict[str, Phase] = {}
    for phase in phases:
        for file in phase.files:
            if file.action == "keep":
                continue
            other = first.setdefault(file.path, phase)
            if other is phase or _ordered(phase, other, needs):
                continue
            yield problem(
                "WL301-shared-file",
                f"{file.path} is changed by phases {other.key} and {phase.key}, "
                f"which run side by side in group {group}",
                file.source,
            )


def _ordered(one: Phase, other: Phase, needs: Needs) -> bool:
    """Say whether one of two phases needs the other, be it by way of a third."""
    for start, end in ((one.key, other.key), (other.key, one.key)):
        seen, todo = {start}, [start]
        while todo:
            found = [n for n in needs[todo.pop()] if n not in seen]
            seen.update(found)
            todo.extend(found)
        if end in seen:
            return True
    return False


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


def _waves(plan: Plan) -> Iterator[Problem]:
    """Report a phase whose wave runs before that of a phase it needs."""
    waves = {
        p.key: int(found[1])
        for p in plan.phases
        if (found := _WAVE.fullmatch(p.group or ""))
    }
    for phase in plan.phases:
        for need in phase.needs:
            own, its = waves.get(phase.key), waves.get(need)
            if own is not None and its is not None and own < its:
                yield problem(
                    "WL303-wave-too-early",
                    f"phase {phase.key} is in wave {own} and needs phase {need}, "
                    f"which comes only in wave {its}",
                    phase.source,
                )
