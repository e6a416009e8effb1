"""Rules on what a plan leaves open: requirements, owners, files, criteria."""

import re
from collections.abc import Callable, Iterator, Sequence

from weighlock.plan.lint.book import Book
from weighlock.plan.lint.rules import problem
from weighlock.plan.model import Kind, Phase, Plan, Problem, Span

_MOST = 0.6
_FEW = 3
_WORK: frozenset[Kind] = frozenset(
    {"stub", "tdd", "impl", "integration", "migration", "deprecation"}
)
_TEMPLATE = re.compile(r"X{2,}|N{2,}|#|\*|YYYY|-\d+-[A-Z]*\d+\Z|[A-Z]+\d+-[A-Z]+\d+\Z")
"""Ids that stand for others: REQ-XXX, REQ-12.N, and ranges that were not spread."""

Has = Callable[[Phase], bool]
_FIELDS: tuple[tuple[str, str, Has, frozenset[Kind] | None], ...] = (
    ("WL203-no-owner", "owner", lambda p: bool(p.owner), None),
    ("WL204-no-blast-radius", "blast radius", lambda p: bool(p.blast_radius), _WORK),
    (
        "WL205-no-files",
        "files",
        lambda p: bool(p.files or p.deliverables),
        _WORK,
    ),
    (
        "WL206-no-criteria",
        "acceptance criteria",
        lambda p: bool(p.criteria or p.commands),
        None,
    ),
)
_DEMANDED = {
    "biscuit": frozenset(
        {"WL203-no-owner", "WL204-no-blast-radius", "WL206-no-criteria"}
    )
}
"""What a dialect's own rules ask of every phase."""


def coverage(book: Book) -> Iterator[Problem]:
    """Yield what the plan leaves open."""
    yield from _undefined(book)
    yield from _uncovered(book.plan)
    for code, name, has, kinds in _FIELDS:
        asked = [p for p in book.plan.phases if kinds is None or p.kind in kinds]
        yield from _lacking(book.plan, code, name, asked, has)


def _lacking(
    plan: Plan, code: str, name: str, asked: Sequence[Phase], has: Has
) -> Iterator[Problem]:
    """Report phases without a field that most of the others have, or must have."""
    having = [p for p in asked if has(p)]
    demanded = code in _DEMANDED.get(plan.dialect, frozenset())
    usual = len(having) >= _FEW and len(having) >= _MOST * len(asked)
    if demanded and not having and asked:
        yield problem(
            code,
            f"no phase says its {name}; plans of this form give one for each phase",
            asked[0].source,
        )
    elif usual or (demanded and having):
        for phase in asked:
            if not has(phase):
                yield problem(
                    code,
                    f"phase {phase.key} has no {name}; "
                    f"{len(having)} of {len(asked)} phases have",
                    phase.source,
                )


def _undefined(book: Book) -> Iterator[Problem]:
    """Report ids that phases cite and no text defines.

    Only where the plan defines others of the same make (REQ-SP4-…): a plan whose
    requirements live in another document is none of our business.
    """
    plan = book.plan
    defined = {r.id for r in plan.requirements if r.source is not None}
    makes = {_make(name) for name in defined}
    for requirement in plan.requirements:
        name = requirement.id
        fine = name in defined or _TEMPLATE.search(name) or _parent(name, defined)
        if fine or _make(name) not in makes or not requirement.phases:
            continue
        phase = plan.phase(requirement.phases[0])
        yield problem(
            "WL201-requirement-undefined",
            f"requirement {name} is cited by phase {', '.join(requirement.phases)} "
            "and defined nowhere",
            _cited(book, phase, name) if phase else None,
        )


def _cited(book: Book, phase: Phase, name: str) -> Span:
    for number, line in book.lines(phase):
        if (at := line.find(name)) >= 0:
            return Span(file=phase.source.file, line=number, column=at + 1)
    return phase.source


def _make(name: str) -> str:
    """Return what ids of one series share: ``REQ-SP4-001.2`` is of ``REQ-SP-``."""
    return re.sub(r"\d+", "", re.sub(r"[\d.]+[a-z]?\Z", "", name))


def _parent(name: str, defined: set[str]) -> bool:
    """Say whether an id and a defined one contain each other: REQ-1 and REQ-1.2."""
    return any(d.startswith(f"{name}.") or name.startswith(f"{d}.") for d in defined)


def _uncovered(plan: Plan) -> Iterator[Problem]:
    """Report requirements in no phase, if the plan cites requirements at all."""
    if not any(r.phases for r in plan.requirements):
        return
    cited = {r.id for r in plan.requirements if r.phases}
    for requirement in plan.requirements:
        if requirement.phases or requirement.source is None:
            continue
        if _TEMPLATE.search(requirement.id) or _parent(requirement.id, cited):
            continue
        yield problem(
            "WL202-requirement-uncovered",
            f"requirement {requirement.id} is in no phase",
            requirement.source,
        )
