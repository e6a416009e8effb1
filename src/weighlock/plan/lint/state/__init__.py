"""Rules on what a plan says of its own progress, in several places."""

from weighlock.plan.lint.state.tracker import tracker

RULED = (tracker,)

__all__ = ["RULED"]
