"""Follow what a phase waits for to its root causes."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from weighlock.plan.model import Plan
from weighlock.plan.order import needs_of
from weighlock.run.phase import DONE
from weighlock.run.schedule import Schedule
from weighlock.run.state import RunState
from weighlock.views.cause import Verdicts, advice, cause, no_verdicts
from weighlock.views.spending import logins_of
from weighlock.views.state import GROUPS, Row, Seen, Word, rows
from weighlock.views.status import standing
from weighlock.views.text import label

_ROOTS = 6
"""Root causes that are told; the worst come first."""

Needs = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One phase of the chain, and the phases it waits for."""

    row: Row
    because: tuple[str, ...]
    advice: tuple[str, ...]
    below: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a phase stands where it stands."""

    phase: str
    state: Word
    blocked_by: tuple[str, ...]
    """Phases that must pass first, nearest first, up to the root causes."""
    unmet: tuple[str, ...]
    """What is missing, one sentence each."""
    next: tuple[str, ...]
    """What a person may type; empty when there is nothing to do."""
    links: Mapping[str, Link]
    """The phases of the chain by key, the explained one first."""
    ends: str = ""
    """When the run will be over, where somebody can tell."""

    def document(self) -> dict[str, object]:
        """Return the JSON of ``why --json``."""
        return {
            "phase": self.phase,
            "state": self.state,
            "blocked_by": list(self.blocked_by),
            "unmet": list(self.unmet),
            "next": list(self.next),
        }


def explain(
    plan: Plan,
    state: RunState,
    key: str,
    *,
    seen: Seen,
    schedule: Schedule | None = None,
    verdicts: Verdicts = no_verdicts,
) -> Why:
    """Explain one phase of a run.

    Args:
        plan: The plan that runs.
        state: The fold of its journal.
        key: A key of the plan, in normal form.
        seen: The time, signs of life, whether a process works on the run.
        schedule: Knows what holds back a phase whose needs have passed.
        verdicts: Looks up the verdicts whose reasons are told.
    """
    table = {row.key: row for row in rows(plan, state, seen)}
    unmet = {
        k: tuple(n for n in needs if state.phase(n).stage not in DONE)
        for k, needs in needs_of(plan.phases).items()
    }
    if table[key].word not in _WAITING:
        unmet[key] = ()
    came = _nearest_first(key, unmet)
    roots = _roots(came, unmet, table)
    links: dict[str, Link] = {}
    for one, below in _tree(key, came, roots).items():
        row = table[one]
        held = schedule.blockers(state, one) if schedule and not below else ()
        because = () if below else cause(row, state.phase(one), held, verdicts)
        if not below and unmet[one] and row.word in _WAITING:
            because = (_CYCLE.format(plan.path),)
        links[one] = Link(
            row=row,
            because=because,
            advice=() if below else advice(row),
            below=below,
        )
    return Why(
        phase=key,
        state=table[key].word,
        blocked_by=tuple(k for k in came if k != key),
        unmet=_unmet(links[key], [table[n] for n in unmet[key]]),
        next=_next([table[root] for root in roots], state, seen),
        links=links,
        ends=seen.ends,
    )


_CYCLE = "it waits for a phase that waits for it; see: weighlock lint {}"
_WAITING: frozenset[Word] = frozenset({"pending", "blocked", "ready"})


def _nearest_first(key: str, unmet: Needs) -> dict[str, str]:
    """Walk the unmet needs; return each phase with the one that waits for it."""
    came = {key: ""}
    queue = deque([key])
    while queue:
        at = queue.popleft()
        for need in unmet[at]:
            if need not in came:
                came[need] = at
                queue.append(need)
    return came


def _roots(
    came: Iterable[str], unmet: Needs, table: Mapping[str, Row]
) -> tuple[str, ...]:
    """Return the phases at the ends of the chains, what needs a person first."""
    rank = {word: i for i, word in enumerate(GROUPS)}
    ends = [k for k in came if not unmet[k] or table[k].word not in _WAITING]
    # on a cycle nothing is an end: the farthest phase stands for it
    ends = ends or list(came)[-1:]
    return tuple(
        sorted(ends, key=lambda k: (not table[k].asks, rank[table[k].word]))[:_ROOTS]
    )


def _tree(
    key: str, came: Mapping[str, str], roots: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the ways from a phase to the roots: phase → the next ones."""
    below: dict[str, list[str]] = {key: []}
    for root in roots:
        at = root
        while at != key:
            parent = came[at]
            known = parent in below and at in below[parent]
            below.setdefault(at, [])
            below.setdefault(parent, [])
            if known:
                break
            below[parent].append(at)
            at = parent
    return {k: tuple(v) for k, v in below.items()}


def _unmet(link: Link, needs: Iterable[Row]) -> tuple[str, ...]:
    waits = tuple(f"{label(row.key)} has not passed: it is {row.word}" for row in needs)
    if waits or link.row.word in {"passed", "skipped", "stale"}:
        return waits
    return link.because


def _next(roots: Iterable[Row], state: RunState, seen: Seen) -> tuple[str, ...]:
    """Return what to type: about each root, then about the run itself."""
    found = list(roots)
    out = [said for row in found for said in (*_logins(row, state), *row.commands)]
    open_ = any(row.word not in {"passed", "skipped"} for row in found)
    dead = standing(state, seen) != "running"
    if open_ and dead and all(row.word in _MOVES for row in found):
        out.append("weighlock resume")
    return tuple(dict.fromkeys(out))


def _logins(row: Row, state: RunState) -> Iterable[str]:
    """Return how to log in to what a phase was refused for, if it stands still."""
    buckets = logins_of(state, row.key) if row.asks or row.word == "parked" else ()
    return (f"weighlock bucket login {bucket}" for bucket in buckets)


_MOVES: frozenset[Word] = frozenset({"ready", "pending", "running", "verifying"})
"""States that another process of the same run would move on by itself."""
