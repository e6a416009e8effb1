"""Rules on what phases leave open: owner, blast radius, files, criteria."""

from collections.abc import Callable, Iterator, Sequence

from weighlock.plan import key
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Kind, Phase, Plan, Problem

_MOST = 0.6
_FEW = 3
_WORK: frozenset[Kind] = frozenset(
    {"stub", "tdd", "impl", "integration", "migration", "deprecation"}
)

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


def fields(book: Book) -> Iterator[Problem]:
    """Yield what the plan leaves open."""
    phases = [p for p in book.plan.phases if not _introduces(p)]
    for code, name, has, kinds in _FIELDS:
        asked = [p for p in phases if kinds is None or p.kind in kinds]
        yield from _lacking(book.plan, code, name, asked, has)


def _introduces(phase: Phase) -> bool:
    """Say whether a phase only sets out: an overview or a preflight check."""
    return phase.kind == "preflight" or key.stem(phase.key) == "00"


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
