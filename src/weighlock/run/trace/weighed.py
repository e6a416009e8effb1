"""What a run knows of the traced code: passes, changes, drift, tests, older words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from weighlock.plan.model import Phase, Plan
from weighlock.run import events as ev
from weighlock.run.phase import DONE
from weighlock.run.revision.fold import moves
from weighlock.run.state import RunState
from weighlock.run.trace.model import (
    Drift,
    Landing,
    Result,
    Served,
)
from weighlock.run.trace.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The evidence side of a trace; without a run it is empty."""

    state: RunState = field(default_factory=RunState)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Requirement id → its text in the plan that the run weighed."""
    landings: tuple[Landing, ...] = ()
    """Every pass, oldest first."""
    drifted: Mapping[str, Drift] = field(default_factory=dict)
    """Path → how it differs from the run's last checkpoint; others do not."""
    absent: frozenset[str] = frozenset()
    """Paths of which nothing is known at the run's last checkpoint."""
    tests: Mapping[str, Result] = field(default_factory=dict)
    """Id of a test → how it ended when a gate last named it."""

    def served(self, phases: Iterable[str]) -> tuple[Served, ...]:
        """Return where phases stand."""
        return tuple(self._served(key) for key in phases)

    def _served(self, key: str) -> Served:
        at = self.state.phases.get(key)
        if at is None:
            return Served(phase=key)
        return Served(
            phase=key,
            stage=at.stage,
            verdict=at.verdict or "",
            commit=at.commit,
            evidence=at.evidence,
        )

    def passed(self, key: str) -> bool:
        """Say whether a phase has passed."""
        at = self.state.phases.get(key)
        return at is not None and at.stage == "passed"

    def over(self, phases: Iterable[str]) -> bool:
        """Say whether nothing is to come: one has passed, all have or are waived."""
        stages = [self.state.phase(key).stage for key in phases]
        return "passed" in stages and all(stage in DONE for stage in stages)

    def suspicion(self, unit: Unit, *, is_test: bool) -> str:
        """Return a digest of code that is not what a gate weighed last, else nothing.

        Code that is new since then is; a new test is not, for it takes nothing away.
        """
        drift = self.drifted.get(unit.path)
        if drift is None:
            return ""
        node = unit.node
        if drift.then is None or node is None:
            return "" if is_test and drift.then == {} else pin(unit.path, drift.now)
        then = drift.then.get(node.name)
        same = is_test if then is None else node.digest in then
        return "" if same else pin(unit.path, node.digest)

    def rewording(self, id_: str, text: str) -> str:
        """Return a digest of a text that is not the one that was weighed."""
        return "" if self.texts.get(id_, text) == text else pin(id_, text)

    def accepted(self, digest: str) -> str:
        """Return who accepted what has this digest."""
        words = reversed(self.state.accepted)
        return next((word.by for word in words if digest in word.digests), "")


def pin(*parts: str) -> str:
    """Return a digest of a piece of code or text as it is."""
    return f"sha256:{sha256(chr(0).join(parts).encode(errors='replace')).hexdigest()}"


def texts(plan: Plan) -> dict[str, str]:
    """Return the text of each requirement, white space made even."""
    return {r.id: " ".join(r.text.split()) for r in plan.requirements}


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The words and the tree on which a phase passed before; empty: it never did."""

    commit: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Requirement id → its text then."""
    accepted: frozenset[str] = frozenset()
    """Digests that a person accepted since, as ``trace --accept`` keeps them."""

    def reworded(self, plan: Plan, phase: Phase) -> tuple[str, ...]:
        """Return the phase's requirements whose text is another now."""
        mine = {r.id for r in plan.requirements if phase.key in r.phases}
        return tuple(
            id_
            for id_, text in texts(plan).items()
            if id_ in mine.union(phase.requirements)
            and self.texts.get(id_, text) != text
            and pin(id_, text) not in self.accepted
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """The newest pass of a phase that is still on the branch."""

    commit: str
    plan_digest: str
    """Of the version of the plan that held then."""


def newest_pass(events: Iterable[ev.AnyEvent], key: str) -> Pass | None:
    """Return a phase's newest pass that is on the branch; the key is today's."""
    found: list[tuple[str, Pass]] = []
    digest = ""
    for event in events:
        if isinstance(event, ev.RunStarted):
            digest = event.plan_digest
        elif isinstance(event, ev.PlanChanged):
            digest, names = event.plan_digest, moves(event)
            found = [
                (names.get(k, k), one) for k, one in found if k not in event.removed
            ]
        elif isinstance(event, ev.PhasePassed):
            found.append((event.phase, Pass(commit=event.commit, plan_digest=digest)))
        elif isinstance(event, ev.BranchRestored):
            kept = [one.commit for _, one in found]
            upto = kept.index(event.commit) + 1 if event.commit in kept else 0
            found = found[:upto]
    return next((one for k, one in reversed(found) if k == key), None)
