"""A versioned table of prices; a model that is not in it costs an unknown amount.

List prices of the vendors' own APIs in US dollars per million tokens, without the
surcharges of long contexts, regions and priority, and without the discounts of batches.
What a provider of another address charges is not known here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from weighlock.gateway.wire import Tokens

VERSION = "2026-11"
"""Month in which the table was compiled."""

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens; None is unknown."""

    input: float
    output: float
    cache_read: float | None = None
    cache_write: float | None = None

    def cost(self, tokens: Tokens) -> float | None:
        """Return what tokens cost in US dollars; None when that is not known."""
        kinds = (
            (tokens.input, self.input),
            (tokens.output, self.output),
            (tokens.cache_read or 0, self.cache_read),
            (tokens.cache_write or 0, self.cache_write),
        )
        total = 0.0
        for count, price in kinds:
            if count is None or (count and price is None):
                return None
            total += count * (price or 0.0)
        return total / _MILLION


LIST: Mapping[str, Price] = {
    "claude-3-5-haiku": Price(0.8, 4, 0.08, 1),
    "claude-3-5-sonnet": Price(3, 15, 0.3, 3.75),
    "claude-3-7-sonnet": Price(3, 15, 0.3, 3.75),
    "claude-3-haiku": Price(0.25, 1.25, 0.03, 0.3),
    "claude-3-opus": Price(15, 75, 1.5, 18.75),
    "claude-haiku-4-5": Price(1, 5, 0.1, 1.25),
    "claude-haiku-5-5": Price(0.1, 0.5, 0.01, 0.125),
    "claude-opus-4": Price(15, 75, 1.5, 18.75),
    "claude-opus-4-0": Price(15, 75, 1.5, 18.75),
    "claude-opus-4-1": Price(15, 75, 1.5, 18.75),
    "claude-opus-4-5": Price(5, 25, 0.5, 6.25),
    "claude-opus-4-6": Price(5, 25, 0.5, 6.25),
    "claude-opus-4-7": Price(5, 25, 0.5, 6.25),
    "claude-opus-4-8": Price(5, 25, 0.5, 6.25),
    "claude-opus-5": Price(5, 25, 0.5, 6.25),
    "claude-opus-5-5": Price(4, 20, 0.2, 5),
    "claude-sonnet-4": Price(3, 15, 0.3, 3.75),
    "claude-sonnet-4-0": Price(3, 15, 0.3, 3.75),
    "claude-sonnet-4-5": Price(3, 15, 0.3, 3.75),
    "claude-sonnet-4-6": Price(3, 15, 0.3, 3.75),
    "claude-sonnet-5": Price(2, 10, 0.2, 2.5),
    "claude-sonnet-5-5": Price(2, 10, 0.1, 2.5),
    "codex-mini": Price(1.5, 6, 0.375),
    "gemini-2.0-flash": Price(0.1, 0.4, 0.025),
    "gemini-2.5-flash": Price(0.3, 2.5, 0.03),
    "gemini-2.5-flash-lite": Price(0.1, 0.4, 0.01),
    "gemini-2.5-pro": Price(1.25, 10, 0.125),
    "gemini-3-flash": Price(0.5, 3, 0.05),
    "gemini-3-pro": Price(2, 12, 0.2),
    "gemini-3.1-flash-lite": Price(0.25, 1.5, 0.025),
    "gemini-3.1-pro": Price(2, 12, 0.2),
    "gemini-3.5-flash": Price(1.5, 9, 0.15),
    "gemini-3.5-flash-lite": Price(0.3, 2.5, 0.03),
    "gemini-3.6-flash": Price(1.5, 7.5, 0.15),
    "gemini-3.7-flash": Price(1.5, 7.5, 0.15),
    "gemini-3.8-flash": Price(1.5, 7.5, 0.15),
    "gpt-4.1": Price(2, 8, 0.5),
    "gpt-4.1-mini": Price(0.4, 1.6, 0.1),
    "gpt-4.1-nano": Price(0.1, 0.4, 0.025),
    "gpt-4o": Price(2.5, 10, 1.25),
    "gpt-4o-mini": Price(0.15, 0.6, 0.075),
    "gpt-5": Price(1.25, 10, 0.125),
    "gpt-5-mini": Price(0.25, 2, 0.025),
    "gpt-5-nano": Price(0.05, 0.4, 0.005),
    "gpt-5.1": Price(1.25, 10, 0.125),
    "gpt-5.1-codex-mini": Price(0.25, 2, 0.025),
    "gpt-5.2": Price(1.75, 14, 0.175),
    "gpt-5.3": Price(1.75, 14, 0.175),
    "gpt-5.3-codex": Price(1.75, 14, 0.175),
    "gpt-5.4": Price(2.5, 15, 0.25),
    "gpt-5.4-mini": Price(0.75, 4.5, 0.075),
    "gpt-5.4-nano": Price(0.2, 1.25, 0.02),
    "gpt-5.5": Price(5, 30, 0.5),
    "gpt-5.6-luna": Price(0.2, 1.2, 0.02, 0.25),
    "gpt-5.6-sol": Price(4, 20, 0.4, 5),
    "gpt-5.6-terra": Price(2, 12, 0.2, 2.5),
    "gpt-6-astra": Price(10, 50, 1, 12.5),
    "gpt-6-luna": Price(0.1, 0.5, 0.01, 0.125),
    "gpt-6-sol": Price(2, 10, 0.2, 2.5),
    "gpt-6.1-sol": Price(2, 10, 0.1, 2.5),
    "gpt-6.1-terra": Price(1, 5, 0.05, 1.25),
    "o3": Price(2, 8, 0.5),
    "o3-mini": Price(1.1, 4.4, 0.55),
    "o4-mini": Price(1.1, 4.4, 0.275),
}
"""Model → its price; its dated and ``-latest`` names are understood."""

_DATED = re.compile(
    r"(?:[-@]\d{8}|-\d{4}-\d\d-\d\d|-preview(?:-\d\d-\d{2,4})?|-latest)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The list, and what somebody knows better."""

    own: Mapping[str, Price] = field(default_factory=dict)

    def of(self, model: str) -> Price | None:
        """Return the price of a model; None when it is not known."""
        plain = _DATED.sub("", model)
        found = (t.get(n) for n in (model, plain) for t in (self.own, LIST))
        return next((price for price in found if price is not None), None)

    def cost(self, model: str, tokens: Tokens) -> float | None:
        """Return what an answer cost in US dollars; None when that is not known."""
        price = self.of(model)
        return None if price is None else price.cost(tokens)
