"""Rules on what phases leave open: owner, blast radius, files, criteria."""

import re
from collections.abc import Callable, Iterator, Sequence

from weighlock.plan import key
from weighlock.plan.lint.book import Book
from weighlock.plan.lint.report import problem
from weighlock.plan.model import Dialect, Kind, Phase, Problem

_MOST = 0.6
_FEW = 2
_WORK: frozenset[Kind] = frozenset(
    {"stub", "tdd", "impl", "integration", "migration", "deprecation"}
)

_LOOKS = re.compile(
    r"\b(?:verif\w*|validat\w*|audit\w*|review\w*|smoke|full tests?|test pass|qa"
    r"|final|manual test\w*)\b",
    re.IGNORECASE,
)
"""Titles of phases that look at work, and change no file that could be listed."""
_SPEAKS = re.compile(r"`|verif|accept|criteri|\btest|expect|\breview", re.IGNORECASE)
"""What says in free words how the work is looked at, or names a thing in it."""

Has = Callable[[Phase], bool]
_CHECKABLE: tuple[Has, ...] = (
    lambda p: bool(p.files or p.deliverables),
    lambda p: bool(p.commands),
    lambda p: bool(p.criteria),
    lambda p: bool(p.blast_radius),
    lambda p: bool(p.requirements),
    lambda p: bool(_SPEAKS.search(p.text)) or p.text.lstrip().startswith("|"),
)
_BOXES: frozenset[Dialect] = frozenset(
    {"spec-kit", "openspec", "kiro", "bmad", "task-master"}
)
"""Dialects whose phases are one line: what is checked stands in other files."""
_FIELDS: tuple[tuple[str, str, Has, frozenset[Kind] | None], ...] = (
    ("WL203-no-owner", "owner", lambda p: bool(p.owner), None),
    ("WL204-no-blast-radius", "blast radius", lambda p: bool(p.blast_radius), _WORK),
    (
        "WL205-no-files",
        "files",
        lambda p: bool(p.files or p.deliverables or _LOOKS.search(p.title)),
        _WORK,
    ),
    (
        "WL206-no-criteria",
        "acceptance criteria",
        lambda p: bool(p.criteria or p.commands),
        None,
    ),
)


def fields(book: Book) -> Iterator[Problem]:
    """Yield what phases leave open that the others of the plan say."""
    if book.plan.dialect in _BOXES:
        return
    phases = [p for p in book.plan.phases if not _introduces(p)]
    for code, name, has, kinds in _FIELDS:
        asked = [p for p in phases if kinds is None or p.kind in kinds]
        yield from _lacking(code, name, asked, has)
    if len(phases) > 1:
        yield from _unchecked(phases)


def _introduces(phase: Phase) -> bool:
    """Say whether a phase only sets out, or is a double, which is a fault by itself."""
    return phase.kind == "preflight" or key.stem(phase.key) == "00" or "#" in phase.key


def _lacking(
    code: str, name: str, asked: Sequence[Phase], has: Has
) -> Iterator[Problem]:
    """Report phases without a field that most of the others have."""
    having = [p for p in asked if has(p)]
    if len(having) < _FEW or len(having) < _MOST * len(asked):
        return
    for phase in asked:
        if not has(phase):
            yield problem(
                code,
                f"phase {phase.key} has no {name}; "
                f"{len(having)} of {len(asked)} phases have",
                phase.source,
            )


def _unchecked(phases: Sequence[Phase]) -> Iterator[Problem]:
    """Report phases of which nothing can be looked at, run or ticked off.

    A plan of nothing but such phases is a sketch: that is said once.
    """
    bare = [
        p
        for p in phases
        if p.status != "completed" and not any(has(p) for has in _CHECKABLE)
    ]
    sketch = len(bare) == len(phases)
    for phase in bare[:1] if sketch else bare:
        yield problem(
            "WL207-nothing-to-check",
            f"{'no phase' if sketch else f'phase {phase.key}'} names "
            f"{'a' if sketch else 'no'} file, command, test or criterion",
            phase.source,
            severity="info" if sketch else None,
        )
