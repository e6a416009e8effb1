"""Make Evidence of a list of reasons: the same small grammar for every check."""

from collections.abc import Iterable, Mapping
from typing import Literal

from weighlock.run.evidence import Evidence, Outcome, Reason

Weight = Literal["fail", "error", "review", "note"]
Found = tuple[Weight, Reason]
"""How heavy something is, and what it is."""

LAYERS: Mapping[str, int] = {
    "freeze": 1,
    "git": 2,
    "effect": 3,
    "protected": 3,
    "scope": 3,
    "tests": 4,
    "canary": 5,
    "command": 6,
    "probe": 6,
    "smell": 7,
    "strength": 7,
    "marker": 8,
    "leftover": 8,
    "claim": 8,
    "review": 9,
    "final": 10,
}
"""Family of a check → its place in the order of DESIGN part 5."""

_ORDER: tuple[Weight, ...] = ("fail", "error", "review")


def found(
    weight: Weight,
    code: str,
    message: str,
    *,
    path: str | None = None,
    line: int | None = None,
    evidence: str | None = None,
) -> Found:
    """Return something that a check saw."""
    return weight, Reason(
        code=code, message=message, path=path, line=line, evidence=evidence
    )


def weigh(
    check: str, kind: str, seen: Iterable[Found], *, fine: str, decides: bool
) -> Evidence:
    """Turn what a check saw into Evidence: its heaviest reason is its verdict.

    Args:
        check: Id of the check.
        kind: Its family, a key of ``LAYERS``.
        seen: Everything it saw.
        fine: Summary for a person when nothing is wrong.
        decides: Whether a pass says that the phase is done.
    """
    everything = list(seen)
    verdict: Outcome = worst(everything)
    reasons = tuple(
        _signed(reason, check)
        for weight in _ORDER
        for given, reason in everything
        if given == weight
    )
    notes = tuple(_signed(r, check) for w, r in everything if w == "note")
    return Evidence(
        check=check,
        kind=kind,
        verdict=verdict,
        summary=fine if verdict == "pass" else _summary(reasons),
        layer=LAYERS.get(kind, 0),
        decides=decides and verdict == "pass",
        reasons=reasons,
        notes=notes,
    )


def worst(seen: Iterable[Found]) -> Outcome:
    """Return the heaviest verdict; notes weigh nothing."""
    weights = {weight for weight, _ in seen}
    for weight in _ORDER:
        if weight in weights and weight != "note":
            return weight
    return "pass"


def _signed(reason: Reason, check: str) -> Reason:
    return Reason(
        code=reason.code,
        message=reason.message,
        check=check,
        path=reason.path,
        line=reason.line,
        evidence=reason.evidence,
    )


def _summary(reasons: tuple[Reason, ...]) -> str:
    first = reasons[0]
    told = first.path is None or first.message.startswith(first.path)
    where = "" if told else f"{first.path}: "
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"{where}{first.message}{more}"
