"""Gather what goes into a prompt: earlier work, references, failed evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from weighlock.engine.judged import failed_document
from weighlock.engine.world import World
from weighlock.plan.model import Deliverable, Phase, Plan
from weighlock.run.phase import AttemptState
from weighlock.run.policy import TOUCHED
from weighlock.run.prompt import Briefing, Earlier, Excerpt, blocked_by, compose
from weighlock.run.reference import Reference, excerpt, references
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True)
class Briefer:
    """Everything known about one phase, for whoever is going to do it."""

    world: World
    plan: Plan
    phase: Phase
    state: RunState

    async def prompt(
        self,
        base: str,
        *,
        owner: str | None,
        part: Deliverable | None,
        said: tuple[Earlier, ...],
    ) -> str:
        """Write the prompt of one session, within the stated budget."""
        failed = self._failed()
        digest = self.state.phase(self.phase.key).reopened
        if self._mended():
            digest = ""
        elif not digest and failed is not None and failed.judged is not None:
            digest = failed.judged.evidence
        briefing = Briefing(
            earlier=(*said, *self._earlier()),
            excerpts=await self._excerpts(base),
            skills=tuple(dict.fromkeys(self.world.skills + self.phase.skills)),
            owner=owner,
            part=part,
            failed=failed_document(self.world.store, digest) if digest else None,
            objection=self._mended() or _objection(failed),
            twin=self._twin(),
        )
        budget = self.world.bounds.prompt_tokens
        return compose(self.plan, self.phase, briefing, budget)

    def _mended(self) -> str:
        """Say what changed in the plan since this phase was worked on, if it did."""
        now = self.state.phase(self.phase.key)
        if now.tries or not now.attempts or not now.why or now.approved:
            return ""
        return (
            f"It was worked on before; then {now.why}. What was delivered is in the "
            "folder: keep what still holds, and bring the rest in line with the text."
        )

    def _failed(self) -> AttemptState | None:
        counted = [a for a in self._attempts() if not a.abandoned]
        return counted[-1] if counted else None

    def _attempts(self) -> tuple[AttemptState, ...]:
        return self.state.phase(self.phase.key).attempts

    def _twin(self) -> Phase | None:
        key = self.phase.key
        return next((p for p in self.plan.phases if p.verifies == key), None)

    def _earlier(self) -> Iterable[Earlier]:
        """Say what the phases that this one needs have delivered."""
        for key in self.phase.needs:
            phase, state = self.plan.phase(key), self.state.phase(key)
            if phase is None or state.last is None or not state.commit:
                continue
            yield Earlier(
                name=f"Phase {key}: {phase.title} (passed, {state.commit[:12]})",
                summary=state.last.claim,
                files=tuple(f.path for f in phase.files if f.action != "keep"),
            )

    async def _excerpts(self, base: str) -> tuple[Excerpt, ...]:
        found = []
        for reference in references(self.phase.text):
            lines = excerpt(await self._text(reference, base), reference)
            if lines:
                found.append(Excerpt(reference=str(reference), text=lines))
        return tuple(found)

    async def _text(self, reference: Reference, base: str) -> str:
        """Find the file among the plan's own, or in the repository at ``base``."""
        wanted = f"/{reference.path}"
        for source in self.plan.sources:
            if f"/{source.path}".endswith(wanted):
                return source.data.decode(errors="replace")
        found = await self.world.workspace.read(base, reference.path)
        return found.decode(errors="replace") if found else ""


def _objection(last: AttemptState | None) -> str:
    if last is None or last.rejected:
        return f"A person sent it back: {last.rejected}" if last else ""
    if last.conflicts:
        paths = ", ".join(last.conflicts)
        return (
            "Other phases passed meanwhile, and it does not merge with them. The "
            f"folder holds the conflict marks; solve them in: {paths}"
        )
    if blocked_by(last.claim):
        return _decided(last)
    if last.parked is not None:
        return "It was interrupted. What was done so far is in the folder: go on there."
    if last.ending in {None, "ended"}:
        return ""
    return f"The last session did not end by itself: {last.ending}, {last.detail}"


def _decided(last: AttemptState) -> str:
    """Tell what became of the word that the phase cannot be done."""
    said = f"It ended with: BLOCKED: {blocked_by(last.claim)}"
    judged = last.judged
    if last.answered:
        return f"{said}\n\nA person answers: {last.answered}"
    if judged is not None and not TOUCHED.isdisjoint(judged.codes):
        return (
            f"{said}\n\nNobody was asked, for it changed what is not its own to "
            "change. Put that back first; if it still cannot be done, say so again."
        )
    return f"{said}\n\nIt is to be tried again all the same."
