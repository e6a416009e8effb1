"""One phase from ready to judged: workspace, sessions, freeze, gate, landing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from weighlock.engine.briefing import Briefer
from weighlock.engine.judged import judged, store_verdict
from weighlock.engine.landing import Landing
from weighlock.engine.world import Report, World
from weighlock.errors import WeighlockError
from weighlock.plan.model import Deliverable, Phase, Plan
from weighlock.ports import Delivery, Order, Outcome, Room
from weighlock.run import events as ev
from weighlock.run.evidence import Claim, Verdict
from weighlock.run.phase import AttemptState, PhaseState
from weighlock.run.policy import agentless
from weighlock.run.prompt import Earlier, summary_of
from weighlock.run.state import RunState

Ask = Callable[[str, int, str], Awaitable[str]]
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
    report: Report
    note: Callable[[ev.AnyEvent], None]
    """Hand over an event without waiting for the journal."""
    ask: Ask

    async def run(self) -> None:
        """Do the next thing this phase needs, and report each fact."""
        try:
            await self._next()
        except (WeighlockError, OSError) as error:
            await self.report(self._broken(error))

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
        number = len(self._now.attempts) + 1
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
            ended = await self._sessions(room, number)
            await self.report(ended)
            if ended.ending == "unavailable":
                return None
            delivery = await space.freeze(room)
            return replace(delivery, claim=Claim(text=ended.claim))
        finally:
            await space.close(room)

    async def _sessions(self, room: Room, number: int) -> ev.AgentEnded:
        """Hold one conversation for each deliverable, one after the other."""
        began = self.world.clock.now()
        whole = number > 1 or len(self.phase.deliverables) < 2  # noqa: PLR2004
        parts = (None,) if whole else self.phase.deliverables
        said: list[Earlier] = []
        outcome = Outcome(ending="ended")
        for index, part in enumerate(parts, start=1):
            outcome = await self._session(room, index, part, tuple(said))
            name = part.text.splitlines()[0] if part else self.phase.title
            said.append(Earlier(name=name, summary=summary_of(outcome.said)))
            if outcome.ending != "ended":
                break
        return ev.AgentEnded(
            at=self.world.clock.now(),
            phase=self.phase.key,
            attempt=number,
            ending=outcome.ending,
            detail=outcome.detail,
            claim="\n\n".join(s.summary for s in said if s.summary),
            duration_s=self.world.clock.now() - began,
        )

    async def _session(
        self,
        room: Room,
        index: int,
        part: Deliverable | None,
        said: tuple[Earlier, ...],
    ) -> Outcome:
        owner = part.owner if part and part.owner else self.phase.owner
        cast = self.world.casting(self.phase, owner)
        briefer = Briefer(self.world, self.plan, self.phase, self.state)
        bounds, places = self.world.bounds, self.world.places
        began = self.world.clock.now()
        order = Order(
            phase=self.phase.key,
            attempt=room.attempt,
            session=index,
            prompt=await briefer.prompt(room.base, owner=owner, part=part, said=said),
            room=room,
            log=places.log(self.phase.key, room.attempt),
            home=places.homes / f"{self.phase.key}-{room.attempt}",
            deadline_s=bounds.phase_s,
            idle_s=bounds.idle_s,
            owner=owner,
            model=cast.model,
            effort=cast.effort,
            skills=tuple(dict.fromkeys(self.world.skills + self.phase.skills)),
        )
        outcome = await cast.agent.work(order, _Watch(self, room.attempt))
        await self.report(
            ev.SessionEnded(
                at=self.world.clock.now(),
                phase=self.phase.key,
                attempt=room.attempt,
                session=index,
                owner=owner,
                agent=cast.agent.name,
                ending=outcome.ending,
                detail=outcome.detail,
                summary=summary_of(outcome.said),
                duration_s=self.world.clock.now() - began,
            )
        )
        return outcome

    async def _weigh(self, delivery: Delivery, number: int) -> None:
        spanned = self._spanned(delivery)
        verdict = await self.world.gate.weigh(self.plan, self.phase, spanned)
        digest = store_verdict(self.world.store, verdict)
        at = self.world.clock.now()
        await self.report(judged(verdict, digest, attempt=number, at=at))
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
            self.world, self.plan, self.phase, self.look(), self.report, number
        )
        await landing.land(delivery, digest, verdict)

    def _spanned(self, delivery: Delivery) -> Delivery:
        """Weigh a reopened phase over all its work, not only what was mended."""
        if not self._now.reopened:
            return delivery
        return replace(delivery, base=_first_base(self._now) or delivery.base)

    def _verified(self, tip: str, number: int) -> Delivery:
        """Return the range that a verification phase looks at."""
        target = self.state.phase(self.phase.verifies or "")
        base, head = _first_base(target) or tip, target.commit or tip
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
        await self.report(
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
            if attempt.judged is not None and not attempt.abandoned:
                left = _delivered(attempt)
                if left.base == tip:
                    return left.head
                return (await self.world.workspace.combine(left, tip)).tree
        return None

    @property
    def _now(self) -> PhaseState:
        return self.state.phase(self.phase.key)


def _first_base(phase: PhaseState) -> str | None:
    """Return the commit on which the work began that is on the branch."""
    landed = (a.judged for a in phase.attempts if a.landed and not a.abandoned)
    return next((judged.base for judged in landed if judged), None)


def _delivered(last: AttemptState) -> Delivery:
    """Return the delivery of an attempt as the journal remembers it."""
    found = last.judged
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


@dataclass(frozen=True, slots=True)
class _Watch:
    """ports.Watch for one session of one attempt."""

    attempt: Attempt
    number: int

    def spawned(self, pid: int, started: float) -> None:
        """Journal the process at once, so that it can be found after a crash."""
        self.attempt.note(
            ev.AgentSpawned(
                at=self.attempt.world.clock.now(),
                phase=self.attempt.phase.key,
                attempt=self.number,
                pid=pid,
                started=started,
            )
        )

    def activity(self, what: str) -> None:
        """Show a sign of life."""
        self.attempt.world.observer.activity(self.attempt.phase.key, what)

    async def ask(self, question: str) -> str:
        """Wait for a person."""
        key = self.attempt.phase.key
        return await self.attempt.ask(key, self.number, question)
