"""One row of the matrix: its places, its state, and what the state rests on."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

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
    text = " ".join(requirement.text.split())
    since = any(map(weighed.passed, citing))
    reworded = since and weighed.texts.get(requirement.id, text) != text
    row = _row("requirement", requirement.id, found, weighed, since=since)
    row = replace(
        row,
        text=requirement.text,
        source=requirement.source,
        served=weighed.served(citing),
        justified=policy.justified.get(requirement.id, ""),
    )
    state, why = _settle(requirement, row, citing, weighed, policy)
    if state == "covered" and (reworded or _wrong(row, "suspect")):
        changed = _changed(row, reworded=reworded)
        pin = _pin(text, row, weighed)
        return _accepted(
            replace(row, state="suspect", why=changed, digest=pin), weighed
        )
    return replace(row, state=state, why=why)


def phase_row(
    phase: Phase, found: Sequence[Place], weighed: Weighed, policy: Policy
) -> Row:
    """Make the row of a phase: the code that its markers name."""
    since = weighed.passed(phase.key)
    row = _row("phase", phase.key, found, weighed, since=since)
    row = replace(
        row,
        text=phase.title,
        source=phase.source,
        served=weighed.served((phase.key,)),
        justified=policy.justified.get(phase.id or phase.key, ""),
    )
    if "#" in phase.key:
        why = f"the plan has two phases {phase.key.partition('#')[0]}"
        return replace(row, state="duplicate", why=why)
    if found and _wrong(row, "suspect"):
        pin = _pin("", row, weighed)
        row = replace(row, state="suspect", why=_changed(row), digest=pin)
        return _accepted(row, weighed)
    if found:
        return replace(row, state="covered", why=_count(row))
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


def _row(
    kind: RowKind, id_: str, found: Sequence[Place], weighed: Weighed, *, since: bool
) -> Row:
    """Sort places into code, tests, documents; compare them when a phase has passed."""
    sorted_: dict[str, list[Place]] = {"impl": [], "test": [], "document": []}
    for place in found:
        what, wrong = place.counts, place.wrong
        is_test = what.endswith("test")
        compared = since and not wrong and what != "document"
        suspect = compared and weighed.is_suspect(place.unit, is_test=is_test)
        into = "test" if is_test else what if what in sorted_ else "impl"
        sorted_[into].append(replace(place, wrong="suspect") if suspect else place)
    return Row(
        kind=kind,
        id=id_,
        state="uncovered",
        why="",
        code=tuple(sorted_["impl"]),
        tests=tuple(sorted_["test"]),
        documents=tuple(sorted_["document"]),
    )


def _wrong(row: Row, how: str) -> bool:
    return any(p.wrong == how for p in row.places)


def _changed(row: Row, *, reworded: bool = False) -> str:
    places = [p for p in row.places if p.wrong == "suspect"]
    parts = ["its text"] if reworded else []
    if places:
        first = places[0]
        name = first.marker.node.name if first.marker.node else first.marker.path
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        parts.append(f"{name}{more}")
    return f"{' and '.join(parts)} changed since it was last weighed"


def _pin(text: str, row: Row, weighed: Weighed) -> str:
    """Return a digest of what is suspect as it is now."""
    parts = {text}
    for unit in (p.unit for p in row.places if p.wrong == "suspect"):
        drift = weighed.drifted[unit.path]
        digest = unit.node.digest if unit.node else drift.now
        parts.add(f"{unit.path} {digest}")
    return f"sha256:{sha256(chr(0).join(sorted(parts)).encode()).hexdigest()}"


def _accepted(row: Row, weighed: Weighed) -> Row:
    """Let a person's word on exactly this text and code stand."""
    for word in reversed(weighed.state.accepted):
        if (word.id, word.digest) == (row.id, row.digest):
            why = f"{row.why}; accepted by {word.by}"
            return replace(row, state="covered", why=why, accepted=word.by)
    return row


def _count(row: Row) -> str:
    counted = (("place", row.code), ("test", row.tests), ("document", row.documents))
    said = [f"{len(p)} {name}{'' if len(p) == 1 else 's'}" for name, p in counted if p]
    return ", ".join(said)


def _listed(keys: Sequence[str]) -> str:
    return f"phase{'' if len(keys) == 1 else 's'} {', '.join(keys)}"
