"""Say when a run may be over, as far as anybody can tell."""

from collections.abc import Callable

from weighlock.run.forecast import Forecast
from weighlock.run.state import RunState
from weighlock.views.text import duration

Forecasting = Callable[[RunState, float], Forecast | None]
"""(state, now) → how long the rest may take, or None without a basis."""


def ends(found: Forecast | None) -> str:
    """Say when a run may be over: a range, or nothing without a basis."""
    if found is None:
        return ""
    if found.high < 1:
        return "about to end"
    low, high = duration(found.low), duration(found.high)
    return f"ends in {low}" if low == high else f"ends in {low} to {high}"
