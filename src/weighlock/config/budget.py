"""The table ``budget``: what the model calls of a run, or of a phase, may come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weighlock.config.casts import fill
from weighlock.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSettings:
    """Limits of a run whose agents go through the gateway; then it asks a person."""

    money: float | None = None
    """US dollars, by list prices; a model of unknown price is asked about at once."""
    tokens: int | None = None
    """Tokens of every kind together."""
    minutes: float | None = None
    """Minutes in which models were answering, summed over all calls."""
    phase_money: float | None = None
    """The same for each phase by itself."""
    phase_tokens: int | None = None
    """The same for each phase by itself."""
    phase_minutes: float | None = None
    """The same for each phase by itself."""


def budget(table: Mapping[str, Any], where: str) -> BudgetSettings:
    """Read the table.

    Raises:
        SettingsError: An unknown key, a wrong type, or a limit that is not positive.
    """
    found = fill(BudgetSettings, table, "budget", where)
    for name in table:
        if getattr(found, name) <= 0:
            raise SettingsError(f"budget.{name} must be more than 0", where=where)
    return found
