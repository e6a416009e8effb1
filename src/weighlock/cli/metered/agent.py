"""An agent that works through the gateway: a token for each session, and its end."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace

from weighlock.cli.metered.exchange import Exchange
from weighlock.cli.metered.turn import facts, judged
from weighlock.config.buckets import Wire
from weighlock.gateway import OVER, Gateway, Grant, Tally
from weighlock.ports import Agent, Order, Outcome, Watch
from weighlock.run.events import AnyEvent

GRACE_S = 20.0
"""How long an agent that was refused may go on: another model may serve it yet."""
PATIENCE_S = 120.0
"""A wait that an agent is left to wait for itself; for a longer one it is ended."""
_SPARE_S = 300.0
"""How long a token outlives its session's deadline at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metered:
    """ports.Agent: another agent with an address and a token of ours."""

    agent: Agent
    exchange: Exchange
    wires: frozenset[Wire]
    provider: str = ""
    """The one upstream that its calls may go to; empty: any."""
    dress: Callable[[str, str], Agent]
    """(address, token) → the agent that uses them."""
    must_call: bool = False
    """Whether a session without a single model call has failed."""

    @property
    def name(self) -> str:
        """Return the name the configuration gives it."""
        return self.agent.name

    def available(self) -> str | None:
        """Return why the agent cannot be started, or None."""
        return self.agent.available()

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Hold the session; again when its budget was spent and a person gave more.

        Whoever gave no more is not asked again by the attempt that follows: it does not
        start, and the phase stands until that person says ``retry``.
        """
        gateway = self.exchange.gateway
        if gateway is None:
            return Outcome(ending="unavailable", detail="the gateway is not there")
        self.exchange.limit_phase(order.phase)
        found: list[AnyEvent] = []
        while True:
            outcome, tally = await self._session(gateway, order, watch)
            found += facts(tally, order, self.exchange.clock.now())
            outcome = replace(outcome, facts=tuple(found))
            if tally.refused != OVER or tally.last_served:
                return outcome
            if not tally.served and order.phase in self.exchange.declined:
                self.exchange.declined.discard(order.phase)
                return replace(outcome, ending="declined", detail=tally.told)
            if not await self._given_more(gateway, order, watch, tally):
                self.exchange.declined.add(order.phase)
                return replace(outcome, ending="cancelled", detail=tally.told)

    async def _session(
        self, gateway: Gateway, order: Order, watch: Watch
    ) -> tuple[Outcome, Tally]:
        grant = self._grant(order)
        token = gateway.token_for(grant)
        refused = self.exchange.refusal(grant.id)
        try:
            agent = self.dress(gateway.url, token)
            outcome = await self._until_refused(
                agent.work(order, watch), refused, token
            )
            tally = await gateway.settled(token)
        finally:
            gateway.revoke(token)
            self.exchange.forget(grant.id)
        return judged(outcome, tally, must_call=self.must_call), tally

    def _grant(self, order: Order) -> Grant:
        expires = self.exchange.clock.now() + order.deadline_s + _SPARE_S
        return Grant(
            run=self.exchange.run,
            phase=order.phase,
            attempt=order.attempt,
            role=order.owner or "",
            protocols=self.wires,
            provider=self.provider,
            expires_at=expires,
        )

    async def _until_refused(
        self, work: Coroutine[None, None, Outcome], refused: asyncio.Event, token: str
    ) -> Outcome:
        """Let an agent work; end it when it waits for what will not come soon."""
        working = asyncio.ensure_future(work)
        minding = asyncio.ensure_future(self._hopeless(refused, token))
        both = {working, minding}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            return Outcome(ending="cancelled", detail="no model would answer it")
        finally:
            for task in both:
                task.cancel()
            await asyncio.wait(both)

    async def _hopeless(self, refused: asyncio.Event, token: str) -> None:
        """Return when calls are refused and will be for long."""
        gateway, clock = self.exchange.gateway, self.exchange.clock
        while gateway is not None:
            await refused.wait()
            tally = gateway.record(token)
            if tally.refused == OVER:
                return
            until = tally.retry_at
            if until is None or until - clock.now() > PATIENCE_S:
                await clock.sleep(GRACE_S)
                if refused.is_set():
                    return
            else:
                await clock.sleep(1.0)

    async def _given_more(
        self, gateway: Gateway, order: Order, watch: Watch, tally: Tally
    ) -> bool:
        """Ask a person whether it may spend more; say whether it may."""
        said = await watch.ask(
            f"{tally.told}. How much more may it spend? A number; yes: without this "
            "limit; no: its work is weighed as it is."
        )
        return gateway.give(said, run=self.exchange.run, phase=order.phase)
