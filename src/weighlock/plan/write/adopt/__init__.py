"""A plan of any dialect → a phase directory that says the same, and where it all went.

Each phase's own text is carried over as it stands, below what the folder form says at
the top.  What was written is read again and compared; a phase that its own text does
not bring across gets its fields spelled out, and its text is kept in a fence.  Lines
outside the phases go to ``overview.md``, other files go along.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from weighlock.plan.model import Plan, Requirement, Source
from weighlock.plan.read import read
from weighlock.plan.requirements import read_ids
from weighlock.plan.write.adopt.beside import Carried, beside
from weighlock.plan.write.adopt.compare import differences
from weighlock.plan.write.adopt.keys import new_keys
from weighlock.plan.write.adopt.phase import Way, phase_file, phase_page

__all__ = ["Adopted", "Carried", "Moved", "Way", "adopt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where one phase went."""

    key: str
    title: str
    place: str
    """``file:first-last`` in the old plan."""
    new_key: str
    file: str
    """Its file below the new folder."""
    way: Way
    lost: tuple[str, ...]
    """Fields that the new file does not say as the old plan did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A plan as a phase directory, and the account of it."""

    files: Mapping[str, bytes]
    plan: Plan
    """What is read from the files."""
    moved: tuple[Moved, ...]
    carried: tuple[Carried, ...]
    lost: tuple[str, ...]
    """What the plan as a whole does not say any more."""


def adopt(plan: Plan, *, home: str) -> Adopted:
    """Write a plan as a phase directory.

    Args:
        plan: Any plan with at least one phase.
        home: The folder that it is going to lie in, for positions.
    """
    keys = new_keys(plan.phases)
    draft = _Draft(plan, keys, {p.key: "verbatim" for p in plan.phases}, home)
    first = draft.lost()
    named = tuple(_unnamed(plan, draft.new))
    if named or any(first.values()):
        ways: dict[str, Way] = {k: _other(lost) for k, lost in first.items()}
        draft = _Draft(plan, keys, ways, home, named)
    second = draft.lost()
    worse = [k for k in first if len(second[k]) > len(first[k])]
    if worse:
        ways = {**draft.ways, **dict.fromkeys(worse, _VERBATIM)}
        draft = _Draft(plan, keys, ways, home, named)
    return _account(draft)


_VERBATIM: Way = "verbatim"


def _other(lost: Sequence[str]) -> Way:
    return "spelled out" if lost else "verbatim"


class _Draft:
    """One try at writing a plan, and what is read from it."""

    def __init__(
        self,
        plan: Plan,
        keys: Mapping[str, str],
        ways: Mapping[str, Way],
        home: str,
        named: Sequence[Requirement] = (),
    ) -> None:
        self.plan, self.keys, self.ways = plan, keys, ways
        self.files, self.carried = beside(plan, keys, named)
        for phase in plan.phases:
            text = phase_page(plan, phase, keys, ways[phase.key])
            data = text.encode(errors="surrogateescape")
            self.files[phase_file(phase, keys)] = data
        seen = [
            Source(path=path, data=data)
            for path, data in sorted(self.files.items())
            if not path.startswith("source/")
        ]
        self.new = read(seen, path=home, root=home, dialect="phase-directory")

    def lost(self) -> dict[str, tuple[str, ...]]:
        """Return which fields of which phases read otherwise."""
        return differences(self.plan, self.new, self.keys)


def _account(draft: _Draft) -> Adopted:
    plan, keys, found = draft.plan, draft.keys, draft.lost()
    return Adopted(
        files=draft.files,
        plan=draft.new,
        moved=tuple(
            Moved(
                key=phase.key,
                title=phase.title,
                place=f"{phase.source.file}:{phase.source.line}"
                f"-{phase.source.end_line or phase.source.line}",
                new_key=keys[phase.key],
                file=phase_file(phase, keys),
                way=draft.ways[phase.key],
                lost=found[phase.key],
            )
            for phase in plan.phases
        ),
        carried=draft.carried,
        lost=tuple(_whole(plan, draft.new)),
    )


def _unnamed(plan: Plan, new: Plan) -> Iterator[Requirement]:
    """Yield the requirements that nothing defines any more, but a table can."""
    there = {r.id for r in new.requirements}
    for requirement in plan.requirements:
        if requirement.id not in there and read_ids(requirement.id) == [requirement.id]:
            yield requirement


def _whole(plan: Plan, new: Plan) -> list[str]:
    """Return what of the plan itself is read otherwise."""
    lost = []
    if new.title != plan.title:
        lost.append(f"the title {plan.title!r} reads {new.title!r}")
    if new.id != plan.id:
        lost.append(f"the id {plan.id!r} reads {new.id!r}")
    ids = {r.id for r in plan.requirements} - {r.id for r in new.requirements}
    if ids:
        named = ", ".join(sorted(ids))
        lost.append(f"these are no ids of requirements in a folder of phases: {named}")
    return lost
