"""Which phases go back when a plan has changed, and what a person is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from weighlock.plan.changes import Change
from weighlock.plan.model import Plan
from weighlock.plan.order import needs_of
from weighlock.run.events import PlanChanged
from weighlock.run.phase import DONE, PhaseState
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says about changed phases; keys as they are in the new plan."""

    reopen: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A newer version of a plan beside the run of the older one."""

    plan: Plan
    changes: tuple[Change, ...]
    state: RunState
    answer: Answer = field(default_factory=Answer)

    def asked(self) -> tuple[str, ...]:
        """Return the changed phases with work of their own that nobody spoke about."""
        said = self.answer.keep | self.answer.reopen
        return tuple(
            c.after
            for c in self.changes
            if c.word == "changed"
            and c.after not in said
            and _begun(self.state.phase(c.before))
        )

    def reopened(self) -> dict[str, str]:
        """Return new key → why, of the phases that are to be done again.

        A verification phase costs no agent, so it goes back with what it verifies.
        Other phases keep what they have passed: their own text and inputs are what
        they were, and the final gate weighs the whole plan.
        """
        found = {
            c.after: f"its {', '.join(c.what)} changed in the plan"
            for c in self.changes
            if c.word == "changed" and c.after not in self.answer.keep
        }
        who = self.answer.by or "a person"
        for key in self.answer.reopen:
            found.setdefault(key, f"{who} asked for it")
        for phase in self.plan.phases:
            twin = phase.verifies if phase.kind == "verification" else None
            if twin in found and phase.key not in self.answer.keep:
                found.setdefault(phase.key, f"{twin} is done again")
        return {p.key: found[p.key] for p in self.plan.phases if p.key in found}

    def behind(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what stays passed though it was built on phases that are done again.

        Returns:
            New key, and the keys it needs, directly or not, that are reopened or new.
        """
        fresh = {c.after for c in self.changes if c.word == "added"}
        moving = fresh | set(self.reopened())
        before = {c.after: c.before for c in self.changes if c.before}
        found = []
        needs = needs_of(self.plan.phases)
        for phase in self.plan.phases:
            key = phase.key
            if key in moving or key not in before:
                continue
            below = tuple(sorted(_below(key, needs) & moving))
            if below and self.state.phase(before[key]).stage in DONE:
                found.append((key, below))
        return tuple(found)

    def event(self, digest: str, at: float) -> PlanChanged:
        """Return the one event that puts the newer version into force.

        It is one, so that a crash leaves either the older version or the newer one.
        """
        reopened = self.reopened()
        there = [c for c in self.changes if c.after]
        return PlanChanged(
            at=at,
            plan_digest=digest,
            phases=tuple(p.key for p in self.plan.phases),
            selected=self.selected(),
            moved=tuple(
                f"{c.before}={c.after}"
                for c in there
                if c.before and c.before != c.after
            ),
            added=tuple(c.after for c in there if c.word == "added"),
            removed=tuple(c.before for c in self.changes if c.word == "removed"),
            changed=tuple(c.after for c in there if c.word == "changed"),
            reopened=tuple(reopened),
            why=tuple(reopened.values()),
            by=self.answer.by,
        )

    def selected(self) -> tuple[str, ...]:
        """Return what the run is asked for now.

        All, if it was all; else the same phases, new ones that they need, and what
        is to be done again.
        """
        keys = [p.key for p in self.plan.phases]
        if set(self.state.selected) == set(self.state.order):
            return tuple(keys)
        wanted = {
            c.after for c in self.changes if c.after and c.before in self.state.selected
        }
        needs = needs_of(self.plan.phases)
        added = {c.after for c in self.changes if c.word == "added"}
        for key in tuple(wanted):
            wanted |= _below(key, needs) & added
        wanted |= {k for k in self.reopened() if self._begun(k)}
        return tuple(k for k in keys if k in wanted)

    def _begun(self, key: str) -> bool:
        """Say whether somebody worked on a phase of the new plan."""
        old = next((c.before for c in self.changes if c.after == key), "")
        return key in self.answer.reopen or bool(old and _begun(self.state.phase(old)))


def _begun(p: PhaseState) -> bool:
    return p.stage != "pending" or any(not a.abandoned for a in p.attempts)


def _below(key: str, needs: Mapping[str, Sequence[str]]) -> set[str]:
    """Return everything a phase needs, directly or not."""
    found: set[str] = set()
    todo = list(needs.get(key, ()))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += needs.get(one, ())
    return found
