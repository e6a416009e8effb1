"""What a changed plan makes of the phases of a run."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from weighlock.run import events as ev
from weighlock.run.phase import FRESH, OPEN, PhaseState


def moves(e: ev.PlanChanged) -> dict[str, str]:
    """Return old key → new key of the phases that were given another number."""
    return dict(pair.split("=", 1) for pair in e.moved if "=" in pair)


def revised(
    phases: Mapping[str, PhaseState],
    e: ev.PlanChanged,
    removed: Iterable[PhaseState] = (),
) -> dict[str, PhaseState]:
    """Return the phases of the new plan with the record that belongs to each.

    Args:
        phases: The phases of the older plan.
        e: What became of it.
        removed: Phases that the plan had before that.
    """
    used = _used((*phases.values(), *removed))
    names = moves(e)
    kept = {names.get(k, k): p for k, p in phases.items() if k not in e.removed}
    found = {
        key: replace(kept.get(key, FRESH), counted=used.get(key, 0)) for key in e.phases
    }
    for key, why in zip(e.reopened, e.why, strict=False):
        if key in found:
            found[key] = _again(found[key], why)
    return found


def _used(phases: Iterable[PhaseState]) -> dict[str, int]:
    """Return the highest number of an attempt that was made under each key."""
    found: dict[str, int] = {}
    for attempt in (a for p in phases for a in p.attempts):
        found[attempt.phase] = max(found.get(attempt.phase, 0), attempt.number)
    return found


def _again(p: PhaseState, why: str) -> PhaseState:
    """Set a phase back; what it has landed stays on the branch and in its record."""
    attempts = p.attempts
    if p.stage in OPEN and attempts:
        last = replace(attempts[-1], abandoned="the plan changed")
        attempts = (*attempts[:-1], last)
    return replace(
        p,
        stage="pending",
        attempts=attempts,
        tries=0,
        why=why if attempts or p.stage != "pending" else "",
        hint="",
        by="",
        question="",
        reopened="",
        approved=False,
        reweigh=False,
    )
