"""What differs between two versions of a plan, phase by phase."""

from weighlock.plan.changes.compare import Change, around, compare

__all__ = ["Change", "around", "compare"]
