"""Show a run while it works: a living list, log lines, JSON lines, or silence.

Each way implements ``Progress``; the living list is in ``views.painted``.
"""

import json
import os
import shutil
from collections.abc import Callable
from typing import Literal, Protocol, TextIO

from weighlock.plan.model import Plan
from weighlock.run.events import AnyEvent, to_dict
from weighlock.run.state import RunState
from weighlock.views import status
from weighlock.views.line import LOUD, line
from weighlock.views.pace import Forecasting, ends
from weighlock.views.state import Seen
from weighlock.views.text import Style

__all__ = ["Json", "Mode", "Plain", "Progress", "ends", "progress", "style_of"]

Mode = Literal["auto", "live", "plain", "json", "quiet"]


class Progress(Protocol):
    """Something that is told what happens in a run, as it happens."""

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Take one event, and the state with it folded in."""

    def activity(self, phase: str, what: str) -> None:
        """Take a sign of life of a running phase."""

    def close(self) -> None:
        """Show how it ended; nothing is written afterwards."""


def progress(
    mode: Mode,
    plan: Plan,
    *,
    out: TextIO,
    clock: Callable[[], float],
    color: bool | None = None,
    forecast: Forecasting | None = None,
) -> Progress:
    """Choose how to show a run.

    Args:
        mode: ``auto`` is live on a terminal that can move its cursor, else plain.
        plan: The plan that runs.
        out: Where to write; stdout is for data, so people's views go to stderr.
        clock: Gives the time now, in seconds since the epoch.
        color: Whether to use colours; None: when ``out`` is a terminal.
        forecast: Says how long the rest may take.
    """
    style = style_of(out, color=color)
    if mode == "auto":
        moves = out.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        mode = "live" if moves else "plain"
    if mode == "json":
        return Json(plan, out, clock)
    if mode == "live":
        # rich is imported only where it is needed
        from weighlock.views.painted import Live

        return Live(plan, out, clock, style=style, forecast=forecast)
    return Plain(plan, out, clock, style=style, quiet=mode == "quiet")


def style_of(out: TextIO, *, color: bool | None = None) -> Style:
    """Return what a stream can show: NO_COLOR, FORCE_COLOR, encoding, width."""
    encoding = (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "")
    if color is None:
        wanted = out.isatty() or bool(os.environ.get("FORCE_COLOR"))
        color = wanted and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size((80, 24)).columns
    return Style(color=color, ascii=not encoding.startswith("utf"), width=width)


class Plain:
    """One line with its time for each change of state; a summary at the end."""

    def __init__(
        self,
        plan: Plan,
        out: TextIO,
        clock: Callable[[], float],
        *,
        style: Style,
        quiet: bool = False,
    ) -> None:
        self._plan = plan
        self._out = out
        self._clock = clock
        self._style = style
        self._quiet = quiet
        self._state: RunState | None = None

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Write the event's line; when quiet, only what went wrong."""
        self._state = state
        told = line(event, state)
        if told is None or (self._quiet and told.tone not in LOUD):
            return
        self._out.write(told.text(self._style) + "\n")
        self._out.flush()

    def activity(self, phase: str, what: str) -> None:
        """Ignore it: a log holds changes of state only."""
        del phase, what

    def close(self) -> None:
        """Write the summary."""
        if self._state is None or self._quiet:
            return
        seen = Seen(now=self._clock())
        text = status.text(self._plan, self._state, seen, self._style)
        self._out.write(text + "\n")
        self._out.flush()


class Json:
    """The journal's events as JSON lines; the last line sums the run up."""

    def __init__(self, plan: Plan, out: TextIO, clock: Callable[[], float]) -> None:
        self._plan = plan
        self._out = out
        self._clock = clock
        self._state: RunState | None = None

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Write the event."""
        self._state = state
        self._write(to_dict(event))

    def activity(self, phase: str, what: str) -> None:
        """Ignore it: it is no event."""
        del phase, what

    def close(self) -> None:
        """Write ``weighlock/run/1``."""
        if self._state is not None:
            seen = Seen(now=self._clock())
            self._write(status.run_document(self._plan, self._state, seen))

    def _write(self, data: dict[str, object]) -> None:
        self._out.write(json.dumps(data, ensure_ascii=False) + "\n")
        self._out.flush()
