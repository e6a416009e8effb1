"""Whether a token may go on spending."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from weighlock.gateway.door.grants import Budget, Grant
from weighlock.gateway.meter.spent import Meter, Spent

SECONDS = 60.0


def over(budget: Budget, spent: Spent, *, priced: bool) -> str | None:
    """Say which limit is reached, in words for a person; None: go on.

    Args:
        budget: The limits.
        spent: What was spent of it so far.
        priced: Whether the price of the model that is asked for is known. A budget in
            money does not let an unknown price through: it would be no budget.
    """
    if budget.money is not None:
        if spent.cost >= budget.money:
            return f"the budget of ${budget.money:g} is spent"
        if not priced:
            return "there is a budget in money, and the model's price is not known"
        if spent.unpriced:
            return "there is a budget in money, and some answers told no tokens"
    if budget.tokens is not None and spent.all_tokens() >= budget.tokens:
        return f"the budget of {budget.tokens} tokens is spent"
    if budget.minutes is not None and spent.seconds >= budget.minutes * SECONDS:
        return f"the budget of {budget.minutes:g} minutes is spent"
    return None


def raised(budget: Budget, spent: Spent, more: float) -> Budget:
    """Return a budget with more of what is spent; ``inf`` lifts that limit."""
    lifted = math.isinf(more)
    if budget.money is not None and over(_only(budget, "money"), spent, priced=False):
        return replace(budget, money=None if lifted else spent.cost + more)
    if budget.tokens is not None and spent.all_tokens() >= budget.tokens:
        enough = None if lifted else spent.all_tokens() + int(more)
        return replace(budget, tokens=enough)
    if budget.minutes is not None and spent.seconds >= budget.minutes * SECONDS:
        enough_s = None if lifted else spent.seconds / SECONDS + more
        return replace(budget, minutes=enough_s)
    return budget


def _only(budget: Budget, name: str) -> Budget:
    return Budget(**{name: getattr(budget, name)})


def amount(said: str) -> float | None:
    """Read a person's answer: a number, yes (as much as it takes), else no."""
    word = said.strip().lower().strip("+$ ").removesuffix("tokens").strip()
    if word in {"yes", "y", "go on"}:
        return math.inf
    try:
        found = float(word.replace("_", "").replace(",", ""))
    except ValueError:
        return None
    return found if found > 0 and math.isfinite(found) else None


@dataclass(slots=True)
class Limits:
    """Budgets that several tokens share: of a run, of a phase."""

    rules: dict[tuple[tuple[str, object], ...], Budget] = field(default_factory=dict)

    def put(self, budget: Budget, where: Mapping[str, object]) -> None:
        """Set the budget of all that has these fields; one that was set stays."""
        if not budget.is_none():
            self.rules.setdefault(tuple(where.items()), budget)

    def reached(self, grant: Grant, meter: Meter, *, priced: bool) -> str | None:
        """Say which limit a grant has reached; None: go on."""
        for where, budget in self._of(grant):
            if not budget.is_none():
                told = over(budget, meter.of(**dict(where)), priced=priced)
                if told:
                    return f"{told} (of the phase)" if "phase" in dict(where) else told
        return None

    def give(self, grant: Grant, meter: Meter, more: float) -> None:
        """Raise every limit that a grant has reached."""
        for where, budget in self._of(grant):
            self.rules[where] = raised(budget, meter.of(**dict(where)), more)

    def _of(self, grant: Grant) -> list[tuple[tuple[tuple[str, object], ...], Budget]]:
        return [
            (where, budget)
            for where, budget in self.rules.items()
            if all(getattr(grant, name) == value for name, value in where)
        ]
