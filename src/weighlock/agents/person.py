"""A person as an agent: asked to do the work, weighed like any other."""

from dataclasses import dataclass

from weighlock.agents.child import furnish
from weighlock.agents.log import Log
from weighlock.ports import Order, Outcome, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Wait until somebody says that the work is done; change nothing itself.

    Neither deadline nor idle time holds here: people sleep, and a run may be stopped.
    """

    name: str = "person"

    def available(self) -> str | None:
        """Return None: somebody will come."""
        return None

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Ask for the work and wait for the answer."""
        prompt = furnish(order)
        question = (
            f"work in {order.room.path}\n"
            f"what to do: {prompt}\n"
            f"then: weighlock answer {order.phase} done"
        )
        with Log(order.log) as log:
            log.line("ask", question)
            watch.activity("waits for a person")
            answer = await watch.ask(question)
            log.line("answer", answer)
        return Outcome(ending="ended", detail="a person answered", said=answer)
