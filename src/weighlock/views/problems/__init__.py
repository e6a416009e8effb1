"""Show what lint found: text, JSON, SARIF 2.1.0, GitHub annotations."""

from weighlock.views.problems.terminal import lines_of, summary, text

__all__ = ["lines_of", "summary", "text"]
