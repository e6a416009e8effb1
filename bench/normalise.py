"""Normalising a call: context → request, for each protocol; the bar is 50 µs."""

import json
from collections.abc import Iterator

from bench.measure import Row, beside
from weighlock.credentials import Credential, Secret, Upstream, Wire
from weighlock.providers import Attempt, CallContext, Incoming, Outgoing
from weighlock.providers.calling import SPEECHES, normalised

TIMES = 2000
BAR_S = 50e-6


def rows() -> Iterator[Row]:
    """Measure a conversation of twenty turns in every protocol."""
    yield from map(_row, SPEECHES)


def _row(wire: Wire) -> Row:
    ctx = _context(wire)
    asked = dict(SPEECHES[wire].body(ctx))
    mine, theirs = beside(lambda: _normalise(ctx, wire), lambda: _dump(asked), 5)
    return Row(
        what=f"normalising a call of {len(ctx.messages)} messages, {wire}",
        seconds=mine / TIMES,
        beside="json.dumps of the body",
        reference=theirs / TIMES,
        bar=BAR_S,
    )


def _normalise(ctx: CallContext, wire: Wire) -> None:
    for _ in range(TIMES):
        normalised(ctx, wire)


def _dump(asked: dict[str, object]) -> None:
    for _ in range(TIMES):
        json.dumps(asked)


async def _send(_: Outgoing) -> Incoming:
    raise ConnectionError


def _context(wire: Wire) -> CallContext:
    turn = (("user", "What about it? " * 10), ("assistant", "It is so. " * 20))
    return CallContext(
        wire=wire,
        model="model",
        messages=turn * 10,
        system="Be brief.",
        max_tokens=1000,
        attempt=Attempt(
            number=1,
            bucket="b",
            upstream=Upstream(name="p", wire=wire, base_url="https://p.example"),
            credential=Credential(secret=Secret("k"), kind="api-key", version="1"),
            send=_send,
        ),
    )
