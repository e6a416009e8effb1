"""Let agents work on one attempt: a conversation for each part, one after the other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from weighlock.engine.briefing import Briefer
from weighlock.engine.world import Report, World
from weighlock.plan.model import Deliverable, Phase, Plan
from weighlock.ports import Cast, Note, Order, Outcome, Room
from weighlock.run import events as ev
from weighlock.run.prompt import Earlier, blocked_by, summary_of
from weighlock.run.state import RunState


@dataclass(frozen=True, slots=True)
class Voice:
    """How an attempt speaks to the loop."""

    report: Report
    note: Note
    ask: Callable[[str, int, str], Awaitable[str]]
    """Put a question of (phase, attempt) to a person and wait for the answer."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The conversations of one attempt.

    hold
      order     what the agent is told, where it works, how long it may take
      work      the agent's own time; signs of life and questions go to the loop
      report    how it ended, and what it claims
    """

    world: World
    plan: Plan
    phase: Phase
    state: RunState
    """As it was when the attempt began."""
    voice: Voice

    async def hold(self, room: Room) -> ev.AgentEnded:
        """Hold one conversation for each deliverable; one for all when mending."""
        began = self.world.clock.now()
        said: list[Earlier] = []
        outcome = Outcome(ending="ended")
        for index, part in enumerate(self._parts(), start=1):
            left = self.world.bounds.phase_s - (self.world.clock.now() - began)
            if left <= 0:
                outcome = Outcome(ending="timed-out", detail="no time is left")
                break
            outcome = await self._session(room, index, part, tuple(said), left)
            lines = part.text.splitlines() if part else ()
            name = lines[0] if lines else self.phase.title
            said.append(Earlier(name=name, summary=summary_of(outcome.said)))
            if outcome.ending != "ended" or blocked_by(outcome.said):
                break
        return ev.AgentEnded(
            at=self.world.clock.now(),
            phase=self.phase.key,
            attempt=room.attempt,
            ending=outcome.ending,
            detail=outcome.detail,
            claim="\n\n".join(s.summary for s in said if s.summary),
            duration_s=self.world.clock.now() - began,
            until=outcome.until,
        )

    def _parts(self) -> tuple[Deliverable | None, ...]:
        """Return what each conversation is about; None: the whole phase."""
        before = self.state.phase(self.phase.key).attempts
        mending = any(not attempt.abandoned for attempt in before)
        split = self.world.bounds.split and not mending
        several = split and len(self.phase.deliverables) > 1
        return self.phase.deliverables if several else (None,)

    async def _session(
        self,
        room: Room,
        index: int,
        part: Deliverable | None,
        said: tuple[Earlier, ...],
        left_s: float,
    ) -> Outcome:
        owner = part.owner if part and part.owner else self.phase.owner
        cast = self.world.casting(self.phase, owner)
        briefer = Briefer(self.world, self.plan, self.phase, self.state)
        prompt = await briefer.prompt(room.base, owner=owner, part=part, said=said)
        order = self._order(room, index, prompt, cast=cast, owner=owner)
        order = replace(order, deadline_s=min(order.deadline_s, left_s))
        began = self.world.clock.now()
        outcome = await cast.agent.work(order, _Watch(self, room.attempt))
        for fact in outcome.facts:
            await self.voice.report(fact)
        await self.voice.report(
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

    def _order(
        self, room: Room, index: int, prompt: str, *, cast: Cast, owner: str | None
    ) -> Order:
        bounds, places = self.world.bounds, self.world.places
        return Order(
            phase=self.phase.key,
            attempt=room.attempt,
            session=index,
            prompt=prompt,
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


@dataclass(frozen=True, slots=True)
class _Watch:
    """ports.Watch for one session of one attempt."""

    sessions: Sessions
    number: int

    def spawned(self, pid: int, started: float) -> None:
        """Journal the process at once, so that it can be found after a crash."""
        self.sessions.voice.note(
            ev.AgentSpawned(
                at=self.sessions.world.clock.now(),
                phase=self.sessions.phase.key,
                attempt=self.number,
                pid=pid,
                started=started,
            )
        )

    def activity(self, what: str) -> None:
        """Show a sign of life."""
        self.sessions.world.observer.activity(self.sessions.phase.key, what)

    async def ask(self, question: str) -> str:
        """Wait for a person."""
        key = self.sessions.phase.key
        return await self.sessions.voice.ask(key, self.number, question)
