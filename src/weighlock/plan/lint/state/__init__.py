"""Rules on what a plan says of its own progress, in several places."""

from weighlock.plan.lint.state.progress import progress
from weighlock.plan.lint.state.tracker import tracker

RULED = (tracker, progress)

__all__ = ["RULED"]
