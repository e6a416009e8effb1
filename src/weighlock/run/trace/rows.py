"""One row of the matrix: its places, its state, and what the state rests on."""

from collections.abc import Sequence
from dataclasses import replace

from weighlock.plan.model import Phase, Requirement
from weighlock.run.trace.model import Place, Row, RowKind, State
from weighlock.run.trace.policy import Policy, is_covered
from weighlock.run.trace.weighed import Weighed


def requirement_row(
    requirement: Requirement,
    citing: tuple[str, ...],
    found: Sequence[Place],
    weighed: Weighed,
    policy: Policy,
) -> Row:
    """Make the row of a requirement.

    Args:
        requirement: As the plan has it now.
        citing: The phases that are to do the work.
        found: Where markers name it.
        weighed: What a run knows.
        policy: Which kinds of marker it needs; whether it is justified.
    """
    since = any(map(weighed.passed, citing))
    row = replace(
        _row("requirement", requirement.id, found, weighed, since=since),
        text=requirement.text,
        source=requirement.source,
        served=weighed.served(citing),
        justified=policy.justified.get(requirement.id, ""),
    )
    state, why = _settle(requirement, row, citing, weighed, policy)
    if state != "covered":
        return replace(row, state=state, why=why)
    text = " ".join(requirement.text.split())
    return _compared(row, weighed, weighed.rewording(row.id, text) if since else "")


def phase_row(
    phase: Phase, found: Sequence[Place], weighed: Weighed, policy: Policy
) -> Row:
    """Make the row of a phase: the code that its markers name."""
    since = weighed.passed(phase.key)
    row = replace(
        _row("phase", phase.key, found, weighed, since=since),
        text=phase.title,
        source=phase.source,
        served=weighed.served((phase.key,)),
        justified=policy.justified.get(phase.id or phase.key, ""),
    )
    if "#" in phase.key:
        why = f"the plan has two phases {phase.key.partition('#')[0]}"
        return replace(row, state="duplicate", why=why)
    if found:
        return _compared(row, weighed)
    if not phase.markers:
        return replace(row, state="exempt", why="the plan asks for no marker of it")
    if since:
        return replace(row, state="unmarked", why="it passed, and no marker names it")
    return replace(row, state="uncovered", why="no marker names it yet")


def _settle(
    requirement: Requirement,
    row: Row,
    citing: tuple[str, ...],
    weighed: Weighed,
    policy: Policy,
) -> tuple[State, str]:
    """Return the first state that fits, suspect left aside."""
    if requirement.again:
        where = ", ".join(f"{s.file}:{s.line}" for s in requirement.again)
        return "duplicate", f"defined again, in other words, at {where}"
    if _wrong(row, "outdated"):
        return "outdated", "a tag covers another revision than the plan has"
    kinds = frozenset(p.counts for p in row.places)
    missing = [need for need in policy.needs if not is_covered(need, kinds)]
    if not missing:
        return "covered", _count(row)
    what = f"no {' and no '.join(missing)} marker names it"
    if not citing:
        return "uncovered", f"{what}, and no phase cites it"
    if weighed.over(citing):
        return "unmarked", f"{_listed(citing)} passed, and {what}"
    return "uncovered", what


def _compared(row: Row, weighed: Weighed, reworded: str = "") -> Row:
    """Call a covered row suspect when something of it changed that nobody accepted."""
    by = {pin: weighed.accepted(pin) for pin in (*row.pins, reworded) if pin}
    left = tuple(pin for pin, who in by.items() if not who)
    if not left:
        people = ", ".join(sorted(set(by.values())))
        why = f"{_count(row)}; what changed was accepted by {people}" if by else ""
        return replace(
            row, state="covered", why=why or _count(row), accepted=people, pins=()
        )
    why = _changed(row, reworded=reworded in left)
    return replace(row, state="suspect", why=why, pins=left)


def _row(
    kind: RowKind, id_: str, found: Sequence[Place], weighed: Weighed, *, since: bool
) -> Row:
    """Sort places into code, tests, documents; compare them when a phase has passed."""
    sorted_: dict[str, list[Place]] = {"impl": [], "test": [], "document": []}
    pins: list[str] = []
    for place in found:
        what = place.counts
        is_test = what.endswith("test")
        pin = ""
        if since and what != "document":
            pin = weighed.suspicion(place.unit, is_test=is_test)
        suspect = pin and not place.wrong and not weighed.accepted(pin)
        pins += [pin] if pin else []
        into = "test" if is_test else what if what in sorted_ else "impl"
        sorted_[into].append(place._replace(wrong="suspect") if suspect else place)
    return Row(
        kind=kind,
        id=id_,
        state="uncovered",
        why="",
        code=tuple(sorted_["impl"]),
        tests=tuple(sorted_["test"]),
        documents=tuple(sorted_["document"]),
        pins=tuple(dict.fromkeys(pins)),
    )


def _wrong(row: Row, how: str) -> bool:
    return any(p.wrong == how for p in row.places)


def _changed(row: Row, *, reworded: bool) -> str:
    places = [p for p in row.places if p.wrong == "suspect"]
    parts = ["its text"] if reworded else []
    if places:
        first = places[0].unit
        name = first.node.name if first.node else ""
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        parts.append(f"{name or first.path}{more}")
    return f"{' and '.join(parts)} changed since it was last weighed"


def _count(row: Row) -> str:
    counted = (("place", row.code), ("test", row.tests), ("document", row.documents))
    said = [f"{len(p)} {name}{'' if len(p) == 1 else 's'}" for name, p in counted if p]
    return ", ".join(said)


def _listed(keys: Sequence[str]) -> str:
    return f"phase{'' if len(keys) == 1 else 's'} {', '.join(keys)}"
