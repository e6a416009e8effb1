"""Whether a token may go on spending."""

from weighlock.gateway.door.grants import Budget
from weighlock.gateway.meter.spent import Spent

SECONDS = 60.0


def over(budget: Budget, spent: Spent, *, priced: bool) -> str | None:
    """Say which limit is reached, in words for a person; None: go on.

    Args:
        budget: The limits.
        spent: What the token's requests came to so far.
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
