"""An agent that plays a script: honest, lying, crashing, hanging or noisy.

It ships: the demo, the tests and the benchmarks drive the real engine with it.  No
process is started unless the script runs a command.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from weighlock.agents.acts import change
from weighlock.agents.child import (
    child,
    environment,
    furnish,
    how_it_ended,
    read_to_exit,
)
from weighlock.agents.confinement import Confinement
from weighlock.agents.log import Log, short
from weighlock.agents.script import Act, Script, Verb
from weighlock.ports import Order, Outcome, Watch
from weighlock.run.events import Ending

Sleep = Callable[[float], Awaitable[None]]
Play = Callable[[Order], Sequence[Act]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    """Play the acts that a function of the order, or a script, gives."""

    play: Play
    name: str = "scripted"
    sleep: Sleep = asyncio.sleep
    """Waits; give the Clock's own so that time can be simulated."""
    walls: Confinement = field(default_factory=Confinement)
    """Around the commands that a script runs."""

    def available(self) -> str | None:
        """Return None: it is always there."""
        return None

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Play the acts in order until one of them ends the conversation."""
        with Log(order.log) as log:
            stage = Stage(self, order=order, watch=watch, log=log)
            acts = self.play(order)
            log.line("start", f"{self.name}: {len(acts)} acts for {order.phase}")
            outcome = await stage.perform(acts)
            log.line("end", f"{outcome.ending}: {outcome.detail}")
        return outcome


def of(script: Script) -> Play:
    """Play a script: the acts of the order's phase, attempt and session."""
    return lambda order: script.acts(order.phase, order.attempt, order.session)


class Stage:
    """Where acts are played: the workspace, the log and the time that passes."""

    def __init__(
        self, agent: Scripted, *, order: Order, watch: Watch, log: Log
    ) -> None:
        self._order, self._watch, self._log = order, watch, log
        self._sleep, self._walls = agent.sleep, agent.walls
        self._spent = 0.0
        self._said = ""

    async def perform(self, acts: Sequence[Act]) -> Outcome:
        """Play acts until one ends the conversation, or they are over."""
        for act in acts:
            ended = await _PLAYS[act.verb](self, act)
            if ended is not None:
                return ended
        detail = "end_turn" if acts else "the script has nothing for this phase"
        return self._outcome("ended", detail)

    async def change(self, act: Act) -> Outcome | None:
        """Write, append, delete or commit."""
        done = await asyncio.to_thread(change, act, self._order.room.path)
        self._sign("tool", done)
        return None

    async def run(self, act: Act) -> Outcome | None:
        """Run a shell command in the workspace."""
        self._sign("tool", f"Bash `{act.what}`")
        furnish(self._order)
        env = environment(self._order, {})
        argv = ("/bin/sh", "-c", act.what)
        left = max(self._order.deadline_s - self._spent, 0.0)
        output = bytearray()
        try:
            async with (
                child(
                    argv,
                    order=self._order,
                    watch=self._watch,
                    env=env,
                    walls=self._walls,
                    merged=True,
                ) as proc,
                asyncio.timeout(left),
            ):
                await read_to_exit(proc, output.extend)
        except TimeoutError:
            return self._outcome("timed-out", f"deadline of {left:g} s")
        self._log.line("out", output.decode(errors="replace"))
        self._log.line("tool", how_it_ended(proc.returncode))
        return None

    async def say(self, act: Act) -> Outcome | None:
        """Say something, true or not."""
        self._said = act.what
        self._sign("said", act.what)
        return None

    async def show(self, act: Act) -> Outcome | None:
        """Show a sign of life and nothing else."""
        self._sign("sign", act.what)
        return None

    async def make_noise(self, act: Act) -> Outcome | None:
        """Chatter into the log; no sign of life comes of it."""
        for _ in range(max(int(act.number), 1)):
            self._log.line("noise", act.what)
        return None

    async def ask(self, act: Act) -> Outcome | None:
        """Put a question to a person."""
        self._log.line("ask", act.what)
        self._log.line("answer", await self._watch.ask(act.what))
        return None

    async def wait(self, act: Act) -> Outcome | None:
        """Let time pass, as far as the order lets it."""
        return await self._pass(act.number)

    async def hang(self, act: Act) -> Outcome | None:
        """Do nothing until the order's patience ends."""
        del act
        return await self._pass(self._order.idle_s + self._order.deadline_s)

    async def crash(self, act: Act) -> Outcome | None:
        """End as a process that failed would."""
        return self._outcome("crashed", how_it_ended(int(act.number)))

    async def fail(self, act: Act) -> Outcome | None:
        """End as a turn that was answered with an error would."""
        return self._outcome("crashed", f"error {int(act.number)}: {act.what}")

    async def stop(self, act: Act) -> Outcome | None:
        """End the turn with a stop reason."""
        return self._outcome("ended", act.what)

    async def _pass(self, seconds: float) -> Outcome | None:
        deadline = self._order.deadline_s - self._spent
        patience = min(deadline, self._order.idle_s)
        waits = min(seconds, patience)
        await self._sleep(waits)
        self._spent += waits
        if seconds < patience:
            return None
        if deadline <= self._order.idle_s:
            return self._outcome(
                "timed-out", f"deadline of {self._order.deadline_s:g} s"
            )
        return self._outcome("idle", f"no sign of life for {self._order.idle_s:g} s")

    def _sign(self, word: str, text: str) -> None:
        self._log.line(word, text)
        self._watch.activity(short(text))

    def _outcome(self, ending: Ending, detail: str) -> Outcome:
        return Outcome(ending=ending, detail=detail, said=self._said)


_PLAYS: Mapping[Verb, Callable[[Stage, Act], Awaitable[Outcome | None]]] = {
    "write": Stage.change,
    "append": Stage.change,
    "delete": Stage.change,
    "commit": Stage.change,
    "run": Stage.run,
    "say": Stage.say,
    "lie": Stage.say,
    "activity": Stage.show,
    "ask": Stage.ask,
    "permit": Stage.show,
    "sleep": Stage.wait,
    "hang": Stage.hang,
    "noise": Stage.make_noise,
    "crash": Stage.crash,
    "error": Stage.fail,
    "stop": Stage.stop,
}
