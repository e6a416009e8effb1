"""Fold, start what is ready, wait, append; until nothing can be done.

Only this loop appends to the journal. Attempts run as tasks and hand over events
through one queue, so the order in the journal is the order of decisions.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from weighlock.engine.attempt import Attempt
from weighlock.engine.judged import store_verdict, summary_line
from weighlock.engine.recovery import recover
from weighlock.engine.sessions import Voice
from weighlock.engine.world import World
from weighlock.errors import WeighlockError
from weighlock.plan.model import Plan
from weighlock.run import events as ev
from weighlock.run.phase import DONE, AttemptState
from weighlock.run.policy import run_ending, settle
from weighlock.run.requests import Request, answer
from weighlock.run.state import RunState, advance, fold

_NAP_S = 60.0
FINAL = ""
"""The key under which the final gate's task is kept."""


@dataclass(slots=True)
class _Post:
    """An event on its way to the journal; ``kept`` is set when it is there."""

    event: ev.AnyEvent
    kept: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Ended:
    """A task that is over."""

    key: str


_Item: TypeAlias = _Post | _Ended | Request
"""What the loop takes from its queue, one at a time."""


@dataclass(slots=True, kw_only=True)
class Engine:
    """One plan, one journal, one loop. Everything else is passed in.

    execute
      recover      close what was open when a process died
      settle       block, send back: what follows from verdicts
      start        a task for each phase that may start
      take         one event from the queue: append, fold, show
    """

    plan: Plan
    world: World
    state: RunState = field(default_factory=RunState)
    change: ev.PlanChanged | None = None
    """Puts ``plan`` into the place of an older version, once recovery is done."""
    _queue: "asyncio.Queue[_Post | _Ended | Request]" = field(
        default_factory=asyncio.Queue
    )
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _waits: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    """Parked phase → what waits for its time."""
    _answers: dict[str, "asyncio.Future[str]"] = field(default_factory=dict)
    _stopping: bool = False

    async def execute(self) -> RunState:
        """Run the plan to its end, from wherever its journal stopped.

        Raises:
            WeighlockError: The journal cannot be written, or the branch was moved by
                another hand. Agents that were at work have been ended.
        """
        self.state = fold(self.world.journal.read())
        self._record(await recover(self.world, self.state))
        if self.change is not None:
            self._record([self.change])
        for asked in self.world.requests():
            self._record([self._too_late(asked) or self._answer(asked)])
        try:
            async with asyncio.TaskGroup() as group:
                listener = group.create_task(self._listen())
                while self._go_on(group) or not self._queue.empty():
                    self._take(await self._queue.get())
                listener.cancel()
        except* (WeighlockError, OSError) as several:
            raise several.exceptions[0] from None
        self._end()
        return self.state

    def stop(self, by: str, why: str) -> None:
        """Ask the loop to stop; attempts are ended and can be resumed."""
        self._note(ev.RunStopped(at=self._now(), by=by, why=why))

    def _go_on(self, group: asyncio.TaskGroup) -> bool:
        """Start what may start; say whether anything is under way."""
        if not self._stopping:
            cap = self.world.bounds.attempts
            while more := settle(self.plan, self.state, cap, self._now()):
                self._record(more)
            unlanded = [key for key in self.state.open if key not in self._tasks]
            ready = self.world.schedule.ready(self.state, frozenset(self._tasks))
            for key in (*unlanded, *ready):
                self._start(group, key, self._attempt(key).run())
            if self._may_finish():
                self._start(group, FINAL, self._finish())
        self._mind_parked(group)
        return bool(self._tasks or self._waits)

    def _mind_parked(self, group: asyncio.TaskGroup) -> None:
        """Wait with each parked phase; one that is parked no more is not waited for."""
        parked = {} if self._stopping else self.state.parked
        for key in self._waits.keys() - parked:
            self._waits.pop(key).cancel()
        for key in parked.keys() - self._waits:
            self._waits[key] = group.create_task(self._unpark(key, parked[key]))

    async def _unpark(self, key: str, until: float) -> None:
        """Let a phase go on at its time; in short sleeps, for machines sleep too."""
        while (left := until - self._now()) > 0:
            await self.world.clock.sleep(min(left, _NAP_S))
        self._note(ev.PhaseUnparked(at=self._now(), phase=key))

    def _start(
        self, group: asyncio.TaskGroup, key: str, work: Coroutine[None, None, None]
    ) -> None:
        task = group.create_task(work)
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._queue.put_nowait(_Ended(key)))

    def _attempt(self, key: str) -> Attempt:
        phase = self.plan.phase(key)
        if phase is None:
            raise WeighlockError(f"the plan has no phase {key}")
        return Attempt(
            self.world,
            self.plan,
            phase,
            self.state,
            lambda: self.state,
            Voice(self._report, self._note, self._ask),
        )

    def _take(self, item: _Item) -> None:
        if isinstance(item, _Ended):
            del self._tasks[item.key]
            return
        if isinstance(item, Request):
            self._record([self._answer(item)])
            return
        self._record([item.event])
        item.kept.set()

    def _record(self, events: Iterable[ev.AnyEvent]) -> None:
        for event in events:
            self.world.journal.append(event)
            self.state = advance(self.state, [event])
            self.world.observer.saw(event, self.state)
            if isinstance(event, ev.RunStopped):
                self._stopping = True
                for task in self._tasks.values():
                    task.cancel()
            if isinstance(event, ev.QuestionAnswered):
                waiting = self._answers.pop(event.phase, None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(event.answer)

    async def _report(self, event: ev.AnyEvent) -> None:
        post = _Post(event)
        self._queue.put_nowait(post)
        await post.kept.wait()

    def _note(self, event: ev.AnyEvent) -> None:
        self._queue.put_nowait(_Post(event))

    async def _ask(self, phase: str, attempt: int, question: str) -> str:
        waiting = asyncio.get_running_loop().create_future()
        self._answers[phase] = waiting
        await self._report(
            ev.QuestionAsked(
                at=self._now(), phase=phase, attempt=attempt, question=question
            )
        )
        answered: str = await waiting
        return answered

    async def _listen(self) -> None:
        """Hand requests over as they come; the loop answers each in its turn.

        What stands before one in the queue may change what it is answered.
        """
        while True:
            for asked in self.world.requests():
                self._queue.put_nowait(asked)
            await self.world.clock.sleep(self.world.bounds.poll_s)

    def _answer(self, asked: Request) -> ev.AnyEvent:
        busy = frozenset(self._tasks)
        return answer(self.plan, self.state, asked, at=self._now(), busy=busy)

    def _may_finish(self) -> bool:
        phases = self.state.phases.values()
        done = all(p.stage in DONE for p in phases)
        return done and not self._tasks and self.state.final is None

    def _too_late(self, asked: Request) -> ev.AnyEvent | None:
        """Refuse a stop that was asked of a process which is gone already."""
        if asked.verb != "stop":
            return None
        why = "it was asked of an earlier process"
        return ev.RequestRefused(at=self._now(), verb="stop", phase="", why=why)

    async def _finish(self) -> None:
        """Weigh the plan as a whole, from the run's base to its last checkpoint."""
        gate, base, tip = self.world.gate, self.state.base, self.state.tip
        verdict = await gate.weigh_plan(self._unwaived(), base, tip)
        await self._report(
            ev.PlanJudged(
                at=self._now(),
                verdict=verdict.verdict,
                codes=tuple(dict.fromkeys(r.code for r in verdict.reasons)),
                summary=summary_line(verdict),
                evidence=store_verdict(self.world.store, verdict),
                commit=tip,
            )
        )

    def _unwaived(self) -> Plan:
        """Return the plan without what a person waived: nobody is asked for it."""
        kept = tuple(
            p for p in self.plan.phases if self.state.phase(p.key).stage != "waived"
        )
        keys = {p.key for p in kept}
        wanted = tuple(
            r for r in self.plan.requirements if not r.phases or keys & set(r.phases)
        )
        return replace(self.plan, phases=kept, requirements=wanted)

    def _end(self) -> None:
        at = self._now()
        if not self._stopping:
            self._record([ev.RunEnded(at=at, state=run_ending(self.state))])
            return
        why = "the run was stopped"
        for key in self.state.open:
            last = self.state.phase(key).last
            if last is not None and not _waits_to_land(last):
                number = last.number
                self._record(
                    [ev.AttemptAbandoned(at=at, phase=key, attempt=number, why=why)]
                )

    def _now(self) -> float:
        return self.world.clock.now()


def _waits_to_land(last: AttemptState) -> bool:
    return last.judged is not None and last.judged.verdict == "pass"
