"""Rules on the order of phases: circles, numbers, twins."""

import re
from collections.abc import Iterator
from itertools import pairwise

from weighlock.plan import key, order
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Dialect, Phase, Plan, Problem

_COUNTED: frozenset[Dialect] = frozenset(
    {"phase-directory", "single-file", "biscuit", "execution-plan"}
)
"""Dialects in which people number phases one by one, by hand."""
_LOOKS = re.compile(
    r"\b(?:review|verif\w+|validation|audit|preflight)\b", re.IGNORECASE
)
_TWINS = 0.6
_FEW = 3


def order_of_phases(book: Book) -> Iterator[Problem]:
    """Yield what is wrong with the order and the numbers."""
    yield from _cycles(book.plan)
    yield from _later(book.plan)
    yield from _gaps(book.plan)
    yield from _twins(book.plan)


def _cycles(plan: Plan) -> Iterator[Problem]:
    for cycle in order.cycles(order.needs_of(plan.phases)):
        phases = [p for k in cycle if (p := plan.phase(k)) is not None]
        way = " needs ".join(cycle)
        where = "; ".join(
            f"{a.key} needs {b.key} at {a.source.file}:{a.source.line}"
            for a, b in pairwise(phases)
        )
        yield problem(
            "WL101-cycle",
            f"phase {way}: none of them can start",
            phases[0].source,
            hint=f"drop one of these: {where}",
        )


def _later(plan: Plan) -> Iterator[Problem]:
    place = {p.key: i for i, p in enumerate(plan.phases)}
    needs = order.needs_of(plan.phases)
    on_circle = {k for cycle in order.cycles(needs) for k in cycle}
    for phase in plan.phases:
        for need in needs[phase.key]:
            circle = phase.key in on_circle and need in on_circle
            if place[need] > place[phase.key] and not circle:
                yield problem(
                    "WL105-need-comes-later",
                    f"phase {phase.key} needs phase {need}, which stands after it",
                    phase.source,
                )


def _gaps(plan: Plan) -> Iterator[Problem]:
    """Report whole numbers that are left out between the first and the last."""
    if plan.dialect not in _COUNTED:
        return
    numbers: dict[int, Phase] = {}
    for phase in plan.phases:
        letters, number, below, _, _ = key.order(phase.key)
        if letters == "" and not (below and "." in phase.key and number == 0):
            numbers.setdefault(number, phase)
    for before, after in pairwise(sorted(numbers)):
        for missing in range(before + 1, after):
            yield problem(
                "WL104-number-gap",
                f"there is no phase {missing:02}: after {numbers[before].key} "
                f"comes {numbers[after].key}",
                numbers[after].source,
            )


def _is_work(phase: Phase) -> bool:
    """Say whether a phase makes something that somebody should look at."""
    looks = phase.kind in {"verification", "preflight"} or _LOOKS.search(phase.title)
    return not looks and key.stem(phase.key) != "00" and "#" not in phase.key


def _twins(plan: Plan) -> Iterator[Problem]:
    """Report phases without a verification twin where most others have one."""
    verified = {p.verifies for p in plan.phases if p.verifies}
    work = [p for p in plan.phases if _is_work(p)]
    having = [p for p in work if p.key in verified]
    if len(having) < _FEW or len(having) < _TWINS * len(work):
        return
    for phase in work:
        if phase.key not in verified:
            yield problem(
                "WL107-unverified-phase",
                f"phase {phase.key} has no verification phase; "
                f"{len(having)} of {len(work)} phases have one",
                phase.source,
            )
