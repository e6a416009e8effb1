"""What the gateway saw of a phase: calls by bucket and model, and buckets left."""

from dataclasses import dataclass
from typing import ClassVar

from weighlock.run.phase_events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsCounted(Event):
    """Model calls of one session, by one bucket and model, are added up."""

    kind: ClassVar[str] = "calls-counted"
    phase: str
    attempt: int
    session: int
    role: str
    bucket: str
    model: str
    """What the agent asked for."""
    requests: int
    """Answers that the agent was given."""
    input: int | None
    """Tokens at the full price; null: nobody told."""
    output: int | None
    cache_read: int | None
    cache_write: int | None
    cost: float | None
    """US dollars; null: not known. A lower bound while ``unpriced`` is not 0."""
    unpriced: int
    """Answers whose cost is not known."""
    discarded: int
    """Tokens, among the others, of answers that broke and that nobody was given."""
    prices: str
    """Version of the table of prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLeft(Event):
    """A bucket did not serve an agent's call."""

    kind: ClassVar[str] = "bucket-left"
    phase: str
    attempt: int
    bucket: str
    reason: str
    """Why: ``quota-exhausted``, ``expired-refresh-failed``, ``upstream-failed``, …"""
    detail: str
    """What exactly: ``quota``, ``billing``, ``rejected-key``, ``overloaded``, …"""
    retry_at: float | None
    """When it may serve again, seconds since the epoch; null: nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseParked(Event):
    """No bucket was left; the phase waits and goes on from what was done."""

    kind: ClassVar[str] = "phase-parked"
    phase: str
    attempt: int
    until: float
    """When it goes on by itself, seconds since the epoch."""
    why: str
    base: str
    head: str
    """Commit that holds what the attempt had done."""
    tree: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseUnparked(Event):
    """The wait is over; the phase may start again."""

    kind: ClassVar[str] = "phase-unparked"
    phase: str
