"""Rules on what a plan leaves open: fields of phases, requirements."""

from weighlock.plan.lint.coverage.cited import cited
from weighlock.plan.lint.coverage.fields import fields

RULED = (fields, cited)

__all__ = ["RULED"]
