"""What an agent's turn came to, by the gateway's record and not by its own word."""

from collections.abc import Iterable
from dataclasses import replace

from weighlock.gateway import EXHAUSTED, PRICES, Account, Spent, Tally
from weighlock.ports import Order, Outcome
from weighlock.run import events as ev

_ERRORS = 400


def judged(outcome: Outcome, tally: Tally, *, must_call: bool) -> Outcome:
    """Return how a turn really ended.

    Codex and Copilot say that a turn ended well after their model was refused for
    good; only whoever saw the calls knows.

    Args:
        outcome: What the agent says.
        tally: What the gateway saw.
        must_call: Whether an agent that asked no model cannot have done anything.
    """
    if tally.requests and not tally.last_served:
        if tally.refused == EXHAUSTED:
            return _without_bucket(outcome, tally)
        if outcome.ending == "ended":
            why = tally.told or _told(tally.last_status)
            return replace(
                outcome, ending="crashed", detail=f"its last model call failed: {why}"
            )
    if must_call and outcome.ending == "ended" and not tally.requests:
        return replace(outcome, ending="crashed", detail="it asked no model")
    return outcome


def _told(status: int | None) -> str:
    """Say what a call was told; a stream says 200 first, and may fail afterwards."""
    refused = status is None or status >= _ERRORS
    return f"it was answered {status}" if refused else "its answer was not whole"


def _without_bucket(outcome: Outcome, tally: Tally) -> Outcome:
    told = ", ".join(
        f"{bucket} {failure.reason} / {failure.detail}".removesuffix(" / ")
        for bucket, failure in tally.reasons.items()
    )
    why = f"no bucket is left: {told}" if told else "no bucket is left"
    if tally.retry_at is None:
        return replace(outcome, ending="unavailable", detail=why)
    return replace(outcome, ending="parked", detail=why, until=tally.retry_at)


def facts(tally: Tally, order: Order, at: float) -> tuple[ev.AnyEvent, ...]:
    """Return what the journal is to hold of a turn's calls."""
    return (*_calls(tally, order, at), *_left(tally, order, at))


def _calls(tally: Tally, order: Order, at: float) -> Iterable[ev.CallsCounted]:
    for account, spent in tally.meter.accounts.items():
        yield ev.CallsCounted(
            at=at,
            phase=order.phase,
            attempt=order.attempt,
            session=order.session,
            role=account.role,
            bucket=account.bucket,
            model=account.model,
            requests=spent.requests,
            input=spent.tokens.input,
            output=spent.tokens.output,
            cache_read=spent.tokens.cache_read,
            cache_write=spent.tokens.cache_write,
            cost=cost(account, spent),
            unpriced=spent.unpriced,
            discarded=Spent(tokens=spent.discarded).all_tokens(),
            prices=PRICES,
        )


def cost(_: Account, spent: Spent) -> float | None:
    """Return a cost in US dollars; None when nothing of it is known."""
    return None if spent.unpriced and not spent.cost else spent.cost


def _left(tally: Tally, order: Order, at: float) -> Iterable[ev.BucketLeft]:
    for failure in tally.reasons.values():
        yield ev.BucketLeft(
            at=at,
            phase=order.phase,
            attempt=order.attempt,
            bucket=failure.bucket,
            reason=failure.reason,
            detail=failure.detail,
            retry_at=failure.retry_at,
        )
