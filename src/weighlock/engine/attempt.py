"""One phase from ready to judged: workspace, sessions, freeze, gate, landing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from weighlock.engine.judged import judged, store_verdict
from weighlock.engine.landing import Landing
from weighlock.engine.sessions import Sessions, Voice
from weighlock.engine.world import World
from weighlock.errors import WeighlockError
from weighlock.plan.model import Phase, Plan
from weighlock.ports import Delivery
from weighlock.run import events as ev
from weighlock.run.evidence import Claim, Verdict
from weighlock.run.phase import AttemptState, PhaseState
from weighlock.run.policy import agentless, parked_until
from weighlock.run.state import RunState

OURSELVES = "weighlock"
"""The agent's name in attempts that need none."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one phase.

    run
      agent works        sessions in a clone, one per deliverable
      freeze, weigh      the gate looks at the frozen tree
      land               merge what passed, write the plan's own records
    """

    world: World
    plan: Plan
    phase: Phase
    state: RunState
    """As it was when the attempt began."""
    look: Callable[[], RunState]
    """Return the state as it is now."""
    voice: Voice

    async def run(self) -> None:
        """Do the next thing this phase needs, and report each fact."""
        try:
            await self._next()
        except (WeighlockError, OSError) as error:
            await self.voice.report(self._broken(error))

    async def _next(self) -> None:
        last, now = self._now.last, self._now
        judged_before = last.judged if last else None
        if last is not None and judged_before is not None:
            left = _delivered(last)
            if now.approved:
                await self._land(left, judged_before.evidence, number=last.number)
                return
            if now.reweigh:
                await self._weigh(left, last.number)
                return
            if judged_before.verdict == "pass" and now.stage == "verifying":
                await self._land(left, judged_before.evidence, number=last.number)
                return
        await self._fresh()

    async def _fresh(self) -> None:
        tip = await self.world.workspace.tip()
        number = self._now.next_number
        if agentless(self.phase):
            await self._started(number, OURSELVES, tip)
            await self._weigh(self._verified(tip, number), number)
            return
        cast = self.world.casting(self.phase, self.phase.owner)
        await self._started(number, cast.agent.name, tip, cast.model, cast.effort)
        delivery = await self._work(number, tip)
        if delivery is not None:
            await self._weigh(delivery, number)

    async def _work(self, number: int, tip: str) -> Delivery | None:
        """Let agents work in a clone and freeze what they left; None: none started."""
        space = self.world.workspace
        start = await self._carried(tip)
        room = await space.open(self.phase.key, number, tip, start)
        try:
            sessions = Sessions(
                self.world, self.plan, self.phase, self.state, self.voice
            )
            ended = await sessions.hold(room)
            await self.voice.report(ended)
            if ended.ending in ev.UNSTARTED:
                return None
            delivery = await space.freeze(room)
            if ended.ending == "parked":
                await self.voice.report(self._parked(ended, delivery))
                return None
            return replace(delivery, claim=Claim(text=ended.claim))
        finally:
            await space.close(room)

    async def _weigh(self, delivery: Delivery, number: int) -> None:
        spanned = self._spanned(delivery)
        gate, note = self.world.gate, self.voice.note
        verdict = await gate.weigh(self.plan, self.phase, spanned, note)
        digest = store_verdict(self.world.store, verdict)
        at = self.world.clock.now()
        await self.voice.report(judged(verdict, digest, attempt=number, at=at))
        if verdict.verdict == "pass":
            await self._land(delivery, digest, number=number, verdict=verdict)

    async def _land(
        self,
        delivery: Delivery,
        digest: str,
        *,
        number: int,
        verdict: Verdict | None = None,
    ) -> None:
        landing = Landing(
            self.world, self.plan, self.phase, self.look(), self.voice.report, number
        )
        await landing.land(delivery, digest, verdict)

    def _spanned(self, delivery: Delivery) -> Delivery:
        """Weigh a reopened phase over all its work, beside its earlier attempts."""
        before = (a for a in self._now.attempts if a.number < delivery.attempt)
        judged = (a.judged for a in before if not a.abandoned)
        return replace(
            delivery,
            base=self._now.began_on or delivery.base,
            earlier=tuple(j.evidence for j in judged if j is not None),
        )

    def _verified(self, tip: str, number: int) -> Delivery:
        """Return the range that a verification phase looks at."""
        target = self.state.phase(self.phase.verifies or "")
        base, head = target.began_on or tip, target.commit or tip
        return Delivery(
            phase=self.phase.key,
            attempt=number,
            base=base,
            head=head,
            tree=target.tree or head,
        )

    async def _started(
        self,
        number: int,
        agent: str,
        base: str,
        model: str | None = None,
        effort: str | None = None,
    ) -> None:
        await self.voice.report(
            ev.AttemptStarted(
                at=self.world.clock.now(),
                phase=self.phase.key,
                attempt=number,
                agent=agent,
                base=base,
                model=model,
                effort=effort,
                remediation=any(not a.abandoned for a in self._now.attempts),
            )
        )

    def _parked(self, ended: ev.AgentEnded, left: Delivery) -> ev.PhaseParked:
        now = self.look().phase(self.phase.key)
        at = self.world.clock.now()
        return ev.PhaseParked(
            at=at,
            phase=self.phase.key,
            attempt=ended.attempt,
            until=parked_until(now, ended.until or at, at),
            why=ended.detail,
            base=left.base,
            head=left.head,
            tree=left.tree,
        )

    def _broken(self, error: Exception) -> ev.PhaseBlocked:
        hint = error.hint if isinstance(error, WeighlockError) else ""
        again = f"then: weighlock retry {self.phase.key}"
        return ev.PhaseBlocked(
            at=self.world.clock.now(),
            phase=self.phase.key,
            state="error",
            why=str(getattr(error, "message", error)),
            hint=f"{hint}; {again}" if hint else again,
        )

    async def _carried(self, tip: str) -> str | None:
        """Return the tree that a remediation goes on from, brought up to ``tip``."""
        for attempt in reversed(self._now.attempts):
            if attempt.landed:
                return None
            if attempt.abandoned:
                continue
            if attempt.judged is not None or attempt.parked is not None:
                left = _delivered(attempt)
                if left.base == tip:
                    return left.head
                return (await self.world.workspace.combine(left, tip)).tree
        return None

    @property
    def _now(self) -> PhaseState:
        return self.state.phase(self.phase.key)


def _delivered(last: AttemptState) -> Delivery:
    """Return the delivery of an attempt as the journal remembers it."""
    found = last.judged or last.parked
    if found is None:
        raise WeighlockError("an attempt that was never judged has no delivery")
    return Delivery(
        phase=found.phase,
        attempt=found.attempt,
        base=found.base,
        head=found.head,
        tree=found.tree,
        claim=Claim(text=last.claim),
    )
