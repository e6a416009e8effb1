"""Rules on phases that run side by side."""

import re
from collections import defaultdict
from collections.abc import Iterator

from weighlock.plan import order
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Dialect, Phase, Plan, Problem, Span
from weighlock.plan.order import Needs

_SECTIONS: frozenset[Dialect] = frozenset(
    {"spec-kit", "openspec", "kiro", "bmad", "task-master"}
)
"""Dialects whose groups are sections; there only ``[P]`` means side by side."""
_BESIDE = re.compile(r"\s*[-*]\s+\[[^\]]?\]\s+\**T\d+\**\s+\[P\]")
_WAVE = re.compile(r"wave\s+(\d+)", re.IGNORECASE)


def safety(book: Book) -> Iterator[Problem]:
    """Yield what cannot be done in parallel although a group says so."""
    plan = book.plan
    needs = order.needs_of(plan.phases)
    told: set[tuple[str, Span | None]] = set()
    for name, phases in _groups(plan):
        both = (*_shared(name, phases, needs), *_needs(name, phases))
        for found in both:
            if (found.code, found.source) not in told:
                told.add((found.code, found.source))
                yield found
    yield from _waves(plan)


def _groups(plan: Plan) -> Iterator[tuple[str, list[Phase]]]:
    """Yield groups and their phases; ``01+02`` is what "parallel with 01" makes."""
    groups: dict[tuple[str, str], list[Phase]] = defaultdict(list)
    for phase in plan.phases:
        if phase.group and (plan.dialect not in _SECTIONS or _BESIDE.match(phase.text)):
            groups[_part(phase), phase.group].append(phase)
    for (_, name), phases in groups.items():
        named = [p for key in name.split("+") if (p := plan.phase(key)) is not None]
        yield name, phases + [p for p in named if p not in phases]


def _part(phase: Phase) -> str:
    """Return the part of the project whose waves a phase counts in: 07 of 07-02."""
    return phase.key.partition("-")[0] if _WAVE.fullmatch(phase.group or "") else ""


def _shared(group: str, phases: list[Phase], needs: Needs) -> Iterator[Problem]:
    first: dict[str, Phase] = {}
    for phase in phases:
        for file in phase.files:
            if file.action == "keep":
                continue
            other = first.setdefault(file.path, phase)
            side_by_side = other is not phase and group in {phase.group, other.group}
            if not side_by_side or _ordered(phase, other, needs):
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
    keys = {p.key: p for p in phases}
    for phase in phases:
        for need in phase.needs:
            claimed = need in keys and group in {phase.group, keys[need].group}
            if claimed and phase.needs_from == "stated":
                yield problem(
                    "WL302-need-in-group",
                    f"phase {phase.key} needs phase {need}, and both are in group "
                    f"{group}",
                    phase.source,
                )


def _waves(plan: Plan) -> Iterator[Problem]:
    """Report a phase whose wave runs before that of a phase it needs."""
    waves = {
        p.key: (_part(p), int(found[1]))
        for p in plan.phases
        if (found := _WAVE.fullmatch(p.group or ""))
    }
    for phase in plan.phases:
        for need in phase.needs:
            own, its = waves.get(phase.key), waves.get(need)
            if own and its and own[0] == its[0] and own[1] < its[1]:
                yield problem(
                    "WL303-wave-too-early",
                    f"phase {phase.key} is in wave {own[1]} and needs phase {need}, "
                    f"which comes only in wave {its[1]}",
                    phase.source,
                )
