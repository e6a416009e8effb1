"""Model calls: what they came to, by phase, bucket and model; why buckets were left."""

from collections.abc import Iterable, Sequence

from weighlock.run import events as ev
from weighlock.views.report.blocks import Block, Heading, Para, Table, Words
from weighlock.views.report.material import Material, phase_link
from weighlock.views.spending import (
    calls_of,
    grouped,
    left_of,
    money,
    said_of,
    tokens,
)
from weighlock.views.text import stamp

_NUMBERS = ("input", "output", "cache_read", "cache_write")


def calls(m: Material) -> Iterable[Block]:
    """Return what the gateway counted; nothing where no agent went through it."""
    counted, left = calls_of(m.state), left_of(m.state)
    if not counted and not left:
        return
    yield Heading(level=2, text="Model calls", anchor="calls")
    if counted:
        yield from _counted(counted)
    if left:
        yield _left(left)


def _counted(counted: Sequence[ev.CallsCounted]) -> Iterable[Block]:
    tables = ", ".join(sorted({one.prices for one in counted}))
    said = f"In all {said_of(counted)}. Costs are list prices of {tables}."
    yield Para((said,))
    rows = grouped(counted, lambda c: (c.phase, c.attempt, c.role, c.bucket, c.model))
    yield Table(
        columns=(
            "Phase",
            "Attempt",
            "Role",
            "Bucket",
            "Model",
            "Calls",
            "Input",
            "Output",
            "Cache read",
            "Cache written",
            "Cost",
        ),
        rows=tuple(_row(group) for group in rows.values()),
        label="Model calls by phase, attempt, role, bucket and model",
    )


def _row(group: Sequence[ev.CallsCounted]) -> tuple[Words, ...]:
    one = group[0]
    numbers = (tokens(group, kind) for kind in _NUMBERS)
    return (
        (phase_link(one.phase),),
        (str(one.attempt),),
        (one.role,),
        (one.bucket,),
        (one.model,),
        (str(sum(c.requests for c in group)),),
        *(("unknown" if n is None else str(n),) for n in numbers),
        (money(group),),
    )


def _left(left: Sequence[ev.BucketLeft]) -> Block:
    return Table(
        columns=("When", "Phase", "Attempt", "Bucket", "Why it was left", "Again at"),
        rows=tuple(
            (
                (stamp(e.at),),
                (phase_link(e.phase),),
                (str(e.attempt),),
                (e.bucket,),
                (f"{e.reason} / {e.detail}".removesuffix(" / "),),
                ("" if e.retry_at is None else stamp(e.retry_at),),
            )
            for e in left
        ),
        label="Why buckets were left",
    )
