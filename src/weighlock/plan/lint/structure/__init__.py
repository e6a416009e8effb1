"""Rules on the order of phases, their numbers, and text that was never filled in."""

from weighlock.plan.lint.structure.numbers import numbers
from weighlock.plan.lint.structure.order import order_of_phases
from weighlock.plan.lint.structure.placeholders import placeholders

RULED = (order_of_phases, numbers, placeholders)

__all__ = ["RULED"]
