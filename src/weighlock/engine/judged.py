"""A verdict on its way into the journal: stored whole, named by digest."""

import json
from typing import Any

from weighlock.errors import WeighlockError
from weighlock.ports import Store
from weighlock.run.events import PhaseJudged
from weighlock.run.evidence import TestCounts, Verdict
from weighlock.run.verdict import document

OUTPUT_TAIL = 1500
"""Characters of a failed check's output that the next attempt is given."""


def store_verdict(store: Store, verdict: Verdict) -> str:
    """Keep a verdict as JSON; return its digest."""
    text = json.dumps(document(verdict), ensure_ascii=False, sort_keys=True)
    return store.put(text.encode())


def summary_line(verdict: Verdict) -> str:
    """Say in one line what the verdict rests on."""
    if verdict.verdict == "pass":
        return f"{len(verdict.checks)} checks passed"
    said = [f"{r.message} [{r.code}]" for r in verdict.reasons[:3]]
    more = len(verdict.reasons) - len(said)
    return "; ".join(said) + (f"; and {more} more" if more > 0 else "")


def judged(verdict: Verdict, digest: str, *, attempt: int, at: float) -> PhaseJudged:
    """Return the event of a verdict."""
    tests = verdict.tests
    return PhaseJudged(
        at=at,
        phase=verdict.phase,
        attempt=attempt,
        verdict=verdict.verdict,
        codes=tuple(dict.fromkeys(r.code for r in verdict.reasons)),
        summary=summary_line(verdict),
        evidence=digest,
        base=verdict.base,
        head=verdict.head,
        tree=verdict.tree,
        duration_s=verdict.duration_s,
        checks=len(verdict.checks),
        passed=sum(c.verdict == "pass" for c in verdict.checks),
        before=_counts(tests.before) if tests else "",
        after=_counts(tests.after) if tests else "",
    )


def failed_document(store: Store, digest: str) -> dict[str, Any] | None:
    """Load a verdict with the tails of its failed checks' output, for a prompt."""
    found = _load(store, digest)
    if found is None:
        return None
    for check in found.get("checks", ()):
        if check["verdict"] != "pass" and check.get("evidence"):
            check["output"] = _tail(store, check["evidence"])
    return found


def _load(store: Store, digest: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(store.get(digest))
    except WeighlockError:
        return None
    return found


def _tail(store: Store, digest: str) -> str:
    try:
        text = store.get(digest).decode(errors="replace").strip()
    except WeighlockError:
        return ""
    return text[-OUTPUT_TAIL:]


def _counts(c: TestCounts) -> str:
    return f"{c.passed}/{c.failed}/{c.skipped}/{c.error}"
