"""What happens when a layer is taken away: pure, from the verdicts' own evidence.

Nothing in the product knows of this.  A verdict is ``outcome`` of its evidence; here
the same function is asked again without the evidence of one family of checks.
"""

from collections.abc import Iterable, Mapping

from bench.truth.rulings import Ruling, Weighed
from weighlock.run.evidence import Evidence
from weighlock.run.verdict import outcome

BY_REASON: Mapping[str, tuple[str, ...]] = {"canary": ("report-forged",)}
"""Layers that are not a check of their own: the reasons that only they can give."""


def layers(rulings: Iterable[Ruling]) -> list[str]:
    """Return every layer that any verdict has evidence of."""
    kinds = {check.kind for ruling in rulings for check in ruling.checks}
    return [*sorted(kinds), *BY_REASON]


def without(ruling: Ruling, layer: str) -> str:
    """Return the verdict as it would be without one layer."""
    gone = BY_REASON.get(layer, ())
    kept = [
        Evidence(
            check=check.id,
            kind=check.kind,
            verdict="pass" if _emptied(ruling, check, gone) else check.verdict,  # type: ignore[arg-type]
            summary="",
            decides=check.decides or _emptied(ruling, check, gone),
        )
        for check in ruling.checks
        if check.kind != layer
    ]
    return outcome(kept)


def _emptied(ruling: Ruling, check: Weighed, gone: tuple[str, ...]) -> bool:
    """Say whether a check has no reason left when some codes are taken away."""
    mine = [c.partition(" ")[2] for c in ruling.codes if c.startswith(f"{check.id} ")]
    return bool(gone) and bool(mine) and set(mine) <= set(gone)


def flips(rulings: Iterable[Ruling], layer: str) -> list[str]:
    """Return the cases whose verdict is another one without a layer, as ``ID→word``."""
    found = [(r, without(r, layer)) for r in rulings if r.checks]
    return [f"{r.case}→{word}" for r, word in found if word != _verdict(r)]


def _verdict(ruling: Ruling) -> str:
    """Return one of the four verdicts; ``blocked`` is a kind of fail."""
    return "fail" if ruling.word == "blocked" else ruling.word


def speaks(rulings: Iterable[Ruling], layer: str) -> int:
    """Return how many cases a layer gives a reason in."""
    return sum(
        any(c.kind == layer and c.verdict != "pass" for c in ruling.checks)
        or bool(ruling.reasons & set(BY_REASON.get(layer, ())))
        for ruling in rulings
    )
