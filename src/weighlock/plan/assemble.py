"""Outline → Plan: bodies are read, keys made unique, needs settled, tables joined."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from weighlock.errors import PlanError
from weighlock.plan import key
from weighlock.plan.body import Body
from weighlock.plan.dialects.added import whole_body
from weighlock.plan.markdown import Page
from weighlock.plan.model import Kind, Phase, Problem, Requirement, Span, TrackerRow
from weighlock.plan.needs import Needs, read_needs
from weighlock.plan.order import cycles, needs_of
from weighlock.plan.outline import Outline, TableRow, Unit
from weighlock.plan.parts.clauses import read_clauses
from weighlock.plan.parts.groups import with_groups
from weighlock.plan.parts.numbers import Known
from weighlock.plan.requirements import Defined, again, definitions, matching
from weighlock.plan.tables import coverage

MAX_PHASES = 5000
_PRODUCING: frozenset[Kind] = frozenset(
    {"stub", "tdd", "impl", "integration", "migration", "deprecation"}
)
_RULE = re.compile(
    r"\b(?:must|every|all|each|required|shall)\b[^\n]{0,120}@plan\b|@plan\b[^\n]{0,80}\b"
    r"(?:must|required|markers?)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"@plan[: ]\s*[\w.#-]{1,80}?\.P\d", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[(]([^\[\]()]{2,40})[\])]\s*$")
_LONG = 1000
_ASKED = re.compile(r"code markers?|must include:?\s*`?@plan", re.IGNORECASE)


def build_phases(outline: Outline) -> tuple[tuple[Phase, ...], list[Problem], int]:
    """Return the phases in order, what was wrong with them, and the lines read.

    Raises:
        PlanError: There are more phases than MAX_PHASES.
    """
    problems: list[Problem] = []
    if len(outline.units) > MAX_PHASES:
        raise PlanError(
            f"the plan has more than {MAX_PHASES} phases",
            where=outline.units[0].page.file,
            hint="split it, or give the folder that holds one plan",
        )
    units = list(_unique(outline.units, problems))
    bodies = [whole_body(unit) for unit in units]
    phases = _with_needs(bodies, problems)
    phases = with_groups(phases, {b.phase.key: b.parallel for b in bodies})
    states = {row.key: row for row in outline.tracker}
    asked = any(
        "@plan" in line and _RULE.search(line[:_LONG])
        for page in outline.rules
        for line in page.lines
    )
    owners = {p.owner.casefold(): p.owner for p in phases.values() if p.owner}
    done = tuple(
        _finish(_with_owners(phase, owners), phases, states, asked=asked)
        for phase in phases.values()
    )
    return done, problems, sum(len(body.read) for body in bodies)


def _with_owners(phase: Phase, owners: Mapping[str, str]) -> Phase:
    """Take a name in brackets after a deliverable for its owner if the plan knows it.

    ``(stub)`` and ``(NetBSD)`` stand where an owner may stand; "owner: …" needs no
    such proof.
    """
    if not phase.deliverables or not owners:
        return phase
    known = (
        replace(d, owner=owners[found[1].casefold()])
        if d.owner is None
        and (found := _BRACKETS.search(d.text))
        and found[1].casefold() in owners
        else d
        for d in phase.deliverables
    )
    return replace(phase, deliverables=tuple(known))


def _unique(units: Iterable[Unit], problems: list[Problem]) -> Iterator[Unit]:
    """Give a key that stands twice a number of its own: ``03#2``.

    The verification of a phase may share its number on purpose: ``P03-V.md``.
    """
    seen: dict[str, int] = {}
    for unit in units:
        count = seen[unit.key] = seen.get(unit.key, 0) + 1
        if count == 1:
            yield unit
            continue
        name = f"{unit.key}#{count}"
        twin = unit.file_name == "verification"
        problems.append(
            Problem(
                code="key-duplicate",
                severity="info" if twin else "error",
                message=f"phase {unit.key} stands here again; it is kept as {name}",
                hint="give it a number of its own, or delete one of the two",
                source=Span(file=unit.page.file, line=_line(unit)),
            )
        )
        yield replace(unit, key=name)


def _line(unit: Unit) -> int:
    return unit.places[unit.first - 1] if unit.places else max(unit.first, 1)


def _with_needs(bodies: Sequence[Body], problems: list[Problem]) -> dict[str, Phase]:
    known = Known([body.phase.key for body in bodies])
    phases: dict[str, Phase] = {}
    before: tuple[str, ...] = ()
    for body in bodies:
        phase = body.phase
        needs = _needs(body, known)
        if len(bodies) > 1:
            problems.extend(_unknown(phase, needs.unknown))
        if (aim := phase.verifies) and not key.resolve(aim, known.place):
            problems.extend(_unknown(phase, [(aim, phase.source.line)], "verifies"))
        phases[phase.key] = replace(
            phase,
            needs=needs.keys if needs.stated else before,
            needs_from="stated" if needs.stated else "order",
        )
        before = (phase.key,)
    return _without_false_cycles(phases)


def _needs(body: Body, known: Known) -> Needs:
    if body.given is None:
        return read_needs(body.needs, body.phase.key, known)
    given = [name for name in body.given if name != body.phase.key]
    there = [name for name in given if name in known.place]
    absent = tuple((n, body.phase.source.line) for n in given if n not in there)
    return Needs(keys=known.sorted(there), stated=True, unknown=absent)


def _unknown(
    phase: Phase, names: Iterable[tuple[str, int]], how: str = "needs"
) -> Iterator[Problem]:
    for name, line in names:
        yield Problem(
            code="need-unknown",
            severity="error",
            message=f"phase {phase.key} {how} phase {name}, which is not in the plan",
            hint="correct the number, or add the phase",
            source=Span(file=phase.source.file, line=line),
        )


def _without_false_cycles(phases: dict[str, Phase]) -> dict[str, Phase]:
    """Drop needs that only the order gave where a stated need runs against them."""
    knots = cycles(needs_of(phases.values()))
    while knots:
        given = [k for knot in knots for k in knot if phases[k].needs_from == "order"]
        given = [k for k in given if phases[k].needs]
        if not given:
            break
        for name in given:
            phases[name] = replace(phases[name], needs=())
        knots = cycles(needs_of(phases.values()))
    return phases


def _finish(
    phase: Phase,
    phases: Mapping[str, Phase],
    states: Mapping[str, TableRow],
    *,
    asked: bool,
) -> Phase:
    verifies = None
    if phase.kind == "verification":
        verifies = _stated(phase, phases) or _verified(phase.key, phases)
    row = states.get(phase.key)
    if row is None and (name := key.resolve(phase.key, states)):
        row = states[name]
    phase = replace(
        phase,
        verifies=verifies,
        markers=phase.kind in _PRODUCING and (asked or _asks(phase.text)),
    )
    if row and row.status and not phase.status_text:
        phase = replace(phase, status=row.status, status_text=row.status_text)
    return phase


def _stated(phase: Phase, phases: Mapping[str, Phase]) -> str | None:
    """Return the phase that a ``Verifies:`` line names, if it is another one."""
    name = key.resolve(phase.verifies or "", phases)
    return name if name != phase.key else None


def _verified(own: str, phases: Mapping[str, Phase]) -> str | None:
    """Return the key of the phase that a verification phase checks.

    ``03a`` checks 03; ``P03c-V``, the second of its number, checks 03c.
    """
    first = phases.get(own.partition("#")[0])
    stem = key.stem(own)
    if first and first.key != own and first.kind != "verification":
        stem = first.key
    return stem if stem != own and stem in phases else None


def _asks(text: str) -> bool:
    """Say whether a phase's own text asks for markers in its code."""
    return bool(_ASKED.search(text) or ("@plan" in text and _OWN.search(text)))


def build_tracker(rows: Iterable[TableRow]) -> tuple[TrackerRow, ...]:
    """Return the rows of a status table; an unreadable or empty cell is pending."""
    rows = tuple(rows)
    if not any(row.status_text or row.status for row in rows):
        return ()
    return tuple(
        TrackerRow(
            key=row.key,
            status=row.status or "pending",
            status_text=row.status_text,
            source=Span(file=row.page.file, line=row.line),
        )
        for row in rows
    )


def build_requirements(
    outline: Outline, phases: Sequence[Phase], pages: Iterable[Page]
) -> tuple[tuple[Phase, ...], tuple[Requirement, ...]]:
    """Join definitions, citations and coverage tables.

    Returns the phases with wildcards (``REQ-PR*``) spread out, and the requirements.
    """
    defined: dict[str, Defined] = {item.id: item for item in outline.defined}
    covered = {name: dict.fromkeys(keys) for name, keys in outline.covered.items()}
    found: list[Defined] = []
    for page in (*outline.rules, *pages):
        here = tuple(definitions(page))
        found += here
        for item in here:
            if item.id not in defined or (item.text and not defined[item.id].text):
                defined[item.id] = item
        for name, keys, line in coverage(page):
            defined.setdefault(name, Defined(name, "", page.file, line))
            covered.setdefault(name, {}).update(dict.fromkeys(keys))
    ids = sorted(defined)
    named = tuple(matching(phase, ids) for phase in phases)
    for phase in named:
        for name in phase.requirements:
            covered.setdefault(name, {})[phase.key] = None
    names, twice = dict.fromkeys([*defined, *covered]), again(found)
    return named, tuple(
        Requirement(
            id=name,
            text=defined[name].text if name in defined else "",
            phases=tuple(sorted(covered.get(name, ()), key=key.order)),
            source=_source(defined.get(name)),
            clauses=read_clauses(defined[name].text) if name in defined else (),
            again=twice.get(name, ()),
        )
        for name in names
    )


def _source(item: Defined | None) -> Span | None:
    return Span(file=item.file, line=item.line) if item else None
