"""Make the matrix: requirement × phase × code × test × evidence.

units       markers that stand on one piece of code
  claims    which phases of this plan the piece names; another plan's is left out
  index     requirement, phase, reference → its places; what fits nothing: orphans
rows        one for each requirement and phase of the plan, whatever was found
  states    the table of ``model``
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from weighlock.plan.model import Plan
from weighlock.run.trace.changes import Changes, Did
from weighlock.run.trace.marker import Marker
from weighlock.run.trace.model import Place, Row, Trace
from weighlock.run.trace.names import Names, names
from weighlock.run.trace.policy import Policy, covers
from weighlock.run.trace.results import Results, result_of, results
from weighlock.run.trace.rows import phase_row, requirement_row
from weighlock.run.trace.strays import orphan_rows, pseudocode_rows
from weighlock.run.trace.units import Unit, units
from weighlock.run.trace.weighed import Weighed

_NOTHING = Weighed()
_LENIENT = Policy()


@dataclass(slots=True)
class _Index:
    """What markers were found for what, while they are gone through."""

    names: Names
    changes: Changes
    results: Results
    citing: Mapping[str, tuple[str, ...]]
    requirements: dict[str, list[Place]] = field(default_factory=dict)
    phases: dict[str, list[Place]] = field(default_factory=dict)
    pseudocode: dict[tuple[str, tuple[int, int] | None], list[Place]] = field(
        default_factory=dict
    )
    orphans: dict[str, list[Place]] = field(default_factory=dict)
    did: Did | None = None
    """The passes that changed the piece of code which is being filed."""
    markers: int = 0
    foreign: int = 0

    def take(self, unit: Unit) -> None:
        """File one piece of code under everything that its markers name."""
        self.markers += len(unit.markers)
        named = [m for m in unit.markers if m.kind == "plan"]
        own = [m.phase for m in named if self.names.is_ours(m.id)]
        if named and not own:
            self.foreign += len(unit.markers)
            return
        self.did = self.changes.of(unit)
        claims = tuple([k for p in own if p and (k := self.names.phase(p)) is not None])
        for marker in unit.markers:
            self._file(marker, unit, claims, ours=bool(own))

    def _file(
        self, marker: Marker, unit: Unit, claims: tuple[str, ...], *, ours: bool
    ) -> None:
        if marker.kind == "plan":
            self._phase(marker, unit)
        elif marker.kind == "pseudocode":
            if marker.id and (ours or self.names.pseudocode(marker.id)[0]):
                into = self.pseudocode.setdefault((marker.id, marker.lines), [])
                self._add(into, marker, unit, claims)
        else:
            self._requirement(marker, unit, claims, ours=ours)

    def _phase(self, marker: Marker, unit: Unit) -> None:
        if not self.names.is_ours(marker.id):
            self.foreign += 1
        elif marker.phase:
            key = self.names.phase(marker.phase)
            if key is not None:
                self._add(self.phases.setdefault(key, []), marker, unit, (key,))
                return
            name = f"{marker.id}.P{marker.phase}"
            self._add(self.orphans.setdefault(name, []), marker, unit, ())

    def _requirement(
        self, marker: Marker, unit: Unit, claims: tuple[str, ...], *, ours: bool
    ) -> None:
        meant = self.names.requirement(marker.id)
        for id_ in meant:
            citing = self.citing.get(id_, ())
            claiming = citing
            if claims and claims != citing:
                claiming = tuple([c for c in claims if c in citing]) or citing
            outdated = self.names.is_outdated(marker, id_)
            into = self.requirements.setdefault(id_, [])
            self._add(into, marker, unit, claiming, outdated=outdated)
        if not meant and (ours or self.names.in_series(marker.id)):
            self._add(self.orphans.setdefault(marker.id, []), marker, unit, claims)
        elif not meant:
            self.foreign += 1

    def _add(
        self,
        into: list[Place],
        marker: Marker,
        unit: Unit,
        claiming: tuple[str, ...],
        *,
        outdated: bool = False,
    ) -> None:
        counts = covers(marker)
        last = into[-1] if into and not outdated else None
        if last is not None and last.unit is unit and last.counts == counts:
            return  # the same thing is said twice of one piece of code
        place = Place(
            marker=marker,
            unit=unit,
            counts=counts,
            changed=self.changes.answer(self.did, claiming),
            result=result_of(unit, self.results) if marker.is_test else "",
            wrong="outdated" if outdated else "",
        )
        into.append(place)


def trace(
    plan: Plan,
    markers: Iterable[Marker],
    *,
    weighed: Weighed = _NOTHING,
    policy: Policy = _LENIENT,
    commit: str = "",
) -> Trace:
    """Trace a plan through a tree's markers and a run's evidence.

    Args:
        plan: The plan as it is now.
        markers: Every marker of the tree, in any order.
        weighed: What a run knows; nothing without one.
        policy: Which kinds of marker a requirement needs, what is justified.
        commit: The commit whose tree was looked at; empty for the work tree.
    """
    looks = {p.key for p in plan.phases if p.kind == "verification"}
    citing = {r.id: _doing(r.phases, looks) for r in plan.requirements}
    index = _Index(
        names(plan),
        Changes(weighed.landings, weighed.absent),
        results(weighed.tests),
        citing,
    )
    for unit in units(markers):
        index.take(unit)
    return Trace(
        plan=plan.id or plan.title,
        title=plan.title,
        run=weighed.state.run,
        commit=commit,
        rows=tuple(_rows(plan, index, weighed, policy)),
        markers=index.markers,
        foreign=index.foreign,
    )


def _doing(citing: tuple[str, ...], looks: set[str]) -> tuple[str, ...]:
    """Return the phases that are to do the work; those that only look at it do not."""
    return tuple(key for key in citing if key not in looks) or citing


def _rows(plan: Plan, index: _Index, weighed: Weighed, policy: Policy) -> Iterator[Row]:
    for requirement in plan.requirements:
        id_ = requirement.id
        found = index.requirements.get(id_, [])
        yield requirement_row(requirement, index.citing[id_], found, weighed, policy)
    for phase in plan.phases:
        found = index.phases.get(phase.key, [])
        yield phase_row(phase, found, weighed, policy)
    yield from pseudocode_rows(index.pseudocode, index.names)
    yield from orphan_rows(index.orphans, index.names)
