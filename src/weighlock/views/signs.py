"""One sign, one word and one colour for each state, the same on every surface.

The colour never stands alone: a sign or the word is always beside it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How a state is shown."""

    word: str
    glyph: str
    plain: str
    """One ASCII character, for terminals that cannot show the glyph."""
    color: str
    """A mid tone that is readable as a bar on light and on dark ground."""


def _sign(word: str, glyph: str, plain: str, color: str) -> Sign:
    return Sign(word=word, glyph=glyph, plain=plain, color=color)


_GREY, _BLUE, _GREEN, _RED, _AMBER = (
    "#8b95a5",
    "#3b82d6",
    "#2f9e58",
    "#d64545",
    "#d08a17",
)
_PASSED = _sign("passed", "✓", "+", _GREEN)
_RUNNING = _sign("running", "●", ">", _BLUE)
_TIMEOUT = _sign("timeout", "⧖", "T", _RED)
_SKIPPED = _sign("skipped", "–", "-", _GREY)
_NEEDS_INPUT = _sign("needs-input", "!", "!", _AMBER)

SIGNS: dict[str, Sign] = {
    "pending": _sign("pending", "·", ".", _GREY),
    "ready": _sign("ready", "○", "o", _BLUE),
    "running": _RUNNING,
    "verifying": _sign("verifying", "◐", "?", _BLUE),
    "needs-input": _NEEDS_INPUT,
    "review": _NEEDS_INPUT,
    "passed": _PASSED,
    "failed": _sign("failed", "✗", "x", _RED),
    "error": _sign("error", "✗", "x", _RED),
    "parked": _sign("parked", "◷", "z", _GREY),
    "blocked": _sign("blocked", "■", "#", _AMBER),
    "timeout": _TIMEOUT,
    "timed-out": _TIMEOUT,
    "skipped": _SKIPPED,
    "waived": _sign("waived", "–", "-", _AMBER),
    "stale": _sign("stale", "~", "~", _AMBER),
    # what a plan's author says of a phase
    "in_progress": _sign("in progress", "●", ">", _BLUE),
    "completed": _sign("completed", "✓", "+", _GREEN),
    "timed_out": _TIMEOUT,
    "cancelled": _sign("cancelled", "–", "-", _GREY),
}


def sign(state: str) -> Sign:
    """Return how a state is shown; a word that is not known is shown as it is."""
    return SIGNS.get(state) or _sign(state, "·", ".", _GREY)
