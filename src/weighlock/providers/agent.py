"""A model as an agent: asked once, through the buckets, without tools or a process."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from weighlock.credentials import AllBucketsExhausted, BucketPool, Wire
from weighlock.credentials.policy.redact import Redactor
from weighlock.ports import Order, Outcome, Watch
from weighlock.providers.context import CallContext
from weighlock.providers.exchange import Answer, CallRefused
from weighlock.providers.logged import CallEvent, logged
from weighlock.providers.orchestrator import Orchestrator
from weighlock.providers.registry import PROVIDERS

MOST_TOKENS = 8192
"""Of an answer, where the protocol wants to be told: every model can say as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAgent:
    """ports.Agent for what takes an answer and no hands, such as a review."""

    provider: str
    model: str
    wire: Wire
    pool: Callable[[], BucketPool]
    """Opens the buckets; those of other providers are never asked."""

    @property
    def name(self) -> str:
        """Return who answers."""
        return f"{self.model} ({self.provider})"

    def available(self) -> str | None:
        """Return why it cannot be asked, or None."""
        pool = self.pool()
        buckets = pool.serves(self.wire, self.provider)
        if any(b.enabled and pool.sources[b.id].version() for b in buckets):
            return None
        return f"no bucket of {self.provider} has a credential: weighlock bucket list"

    async def work(self, order: Order, watch: Watch) -> Outcome:
        """Ask what the order says, and end; nothing is read or changed."""
        watch.activity(f"asking {self.name}")
        pool = self.pool()
        ctx = CallContext(
            wire=self.wire,
            provider=self.provider,
            model=self.model,
            messages=(("user", order.prompt),),
            max_tokens=MOST_TOKENS if self.wire == "anthropic" else None,
            runtime=f"{order.owner or 'agent'}:{order.phase}",
            timeout_s=order.idle_s,
        )
        try:
            async with asyncio.timeout(order.deadline_s):
                answer = await _asked(ctx, pool, order.log)
        except TimeoutError:
            return Outcome(ending="timed-out", detail=f"after {order.deadline_s:g} s")
        except AllBucketsExhausted as none:
            at, why = none.retry_at, none.message
            return Outcome(
                ending="parked" if at else "unavailable", detail=why, until=at
            )
        except CallRefused as refused:
            return Outcome(ending="crashed", detail=refused.message)
        said = _redactor(pool).text(answer.text)
        return Outcome(ending="ended", detail=answer.finish, said=said)


async def _asked(ctx: CallContext, pool: BucketPool, log: Path) -> Answer:
    def tell(event: CallEvent) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(_line(event))

    log.parent.mkdir(parents=True, exist_ok=True)
    async with Orchestrator(pool) as orchestrator:
        return await orchestrator.call(logged(PROVIDERS, tell), ctx)


def _line(event: CallEvent) -> str:
    words = [event.what, event.model, f"by {event.bucket}", f"attempt {event.attempt}"]
    words += [str(event.status or ""), event.detail]
    used = event.tokens
    if used is not None and used.input is not None:
        words.append(f"{used.input} tokens in, {used.output} out")
    return ", ".join(word for word in words if word) + "\n"


def _redactor(pool: BucketPool) -> Redactor:
    """Know our own secrets, should an upstream repeat them."""
    found = Redactor()
    for secret in pool.secrets():
        found.learn(secret)
    return found
