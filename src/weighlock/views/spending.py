"""What model calls came to, in words and as data; unknown stays unknown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from weighlock.run import events as ev
from weighlock.run.state import RunState
from weighlock.views.text import count

K = TypeVar("K")
_KINDS = ("input", "output", "cache_read", "cache_write")
_UNITS = ((1_000_000, "M"), (1_000, "k"))
_CENT = 0.01


def calls_of(state: RunState) -> tuple[ev.CallsCounted, ...]:
    """Return what was counted for every phase of a run."""
    phases = (*state.phases.values(), *state.removed.values())
    told = (event for phase in phases for event in phase.calls)
    return tuple(e for e in told if isinstance(e, ev.CallsCounted))


def left_of(state: RunState) -> tuple[ev.BucketLeft, ...]:
    """Return why buckets were left, in the order of the plan."""
    told = (event for phase in state.phases.values() for event in phase.calls)
    return tuple(e for e in told if isinstance(e, ev.BucketLeft))


_LOGINS = frozenset({"not-logged-in", "expired", "revoked", "login"})
"""Details of a bucket that was left, which only a person can change by a login."""


def logins_of(state: RunState, key: str | None = None) -> tuple[str, ...]:
    """Return the buckets that wait for a person to log in, first the first that did.

    Args:
        state: The fold of a journal.
        key: Only what the calls of this phase were told.
    """
    phases = state.phases.values() if key is None else (state.phase(key),)
    told = (event for phase in phases for event in phase.calls)
    waiting: dict[str, None] = {}
    for one in sorted(told, key=lambda event: event.at):
        if isinstance(one, ev.CallsCounted):
            waiting.pop(one.bucket, None)  # it serves again
        elif one.detail in _LOGINS:
            waiting[one.bucket] = None
    return tuple(waiting)


def grouped(
    calls: Iterable[ev.CallsCounted], key: Callable[[ev.CallsCounted], K]
) -> Mapping[K, Sequence[ev.CallsCounted]]:
    """Return calls by something about them."""
    found: dict[K, list[ev.CallsCounted]] = {}
    for one in calls:
        found.setdefault(key(one), []).append(one)
    return found


def tokens(calls: Iterable[ev.CallsCounted], kind: str) -> int | None:
    """Return the tokens of a kind; None when nobody told of any."""
    found = [n for one in calls if (n := getattr(one, kind)) is not None]
    return sum(found) if found else None


def cost(calls: Sequence[ev.CallsCounted]) -> float | None:
    """Return the known cost in US dollars; None when nothing of it is known."""
    found = [one.cost for one in calls if one.cost is not None]
    return sum(found) if found else None


def unpriced(calls: Iterable[ev.CallsCounted]) -> int:
    """Return how many answers have no known cost; the cost is then a lower bound."""
    return sum(one.unpriced for one in calls)


def document_of(calls: Sequence[ev.CallsCounted]) -> dict[str, object]:
    """Return the sums as data."""
    return {
        "requests": sum(one.requests for one in calls),
        "tokens": {kind: tokens(calls, kind) for kind in _KINDS},
        "cost": cost(calls),
        "unpriced": unpriced(calls),
    }


def said_of(calls: Sequence[ev.CallsCounted]) -> str:
    """Say what calls came to in a line; empty when there were none."""
    if not calls:
        return ""
    several = count(sum(one.requests for one in calls), "model call")
    known = [n for kind in _KINDS if (n := tokens(calls, kind)) is not None]
    read = f"{short(sum(known))} tokens" if known else "tokens unknown"
    return f"{several}, {read}, {money(calls)}"


def money(calls: Sequence[ev.CallsCounted]) -> str:
    """Say what calls cost: ``$1.20``, ``at least $1.20``, ``cost unknown``."""
    known = cost(calls)
    if known is None:
        return "cost unknown"
    if unpriced(calls):
        return f"at least ${known:.2f}"
    return f"${known:.2f}" if known >= _CENT else "under $0.01"


def short(number: int) -> str:
    """Write a large number briefly: ``940``, ``12.3k``, ``1.2M``."""
    for size, unit in _UNITS:
        if number >= size:
            return f"{number / size:.1f}{unit}"
    return str(number)
