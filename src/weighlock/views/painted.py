"""Repaint the state of a run in place, on a terminal; the one view that needs rich."""

from collections.abc import Callable
from dataclasses import replace
from typing import TextIO

from rich.console import Console
from rich.live import Live as Painter
from rich.text import Text

from weighlock.plan.model import Plan
from weighlock.run.events import AnyEvent
from weighlock.run.state import RunState
from weighlock.views import status
from weighlock.views.line import LOUD, line
from weighlock.views.pace import Forecasting, ends
from weighlock.views.state import Pulse, Seen
from weighlock.views.text import Style


class Live:
    """A list that is repainted in place; what goes wrong stays above it."""

    def __init__(
        self,
        plan: Plan,
        out: TextIO,
        clock: Callable[[], float],
        *,
        style: Style,
        forecast: Forecasting | None = None,
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._style = style
        self._forecast = forecast
        self._state = RunState()
        # replaced whole, never changed: the painter reads it from its own thread
        self._pulses: dict[str, tuple[str, float]] = {}
        self._console = Console(
            file=out, force_terminal=True, no_color=not style.color, highlight=False
        )
        self._painter = Painter(
            console=self._console,
            get_renderable=self._draw,
            refresh_per_second=2,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Take the event; write a line that stays when something went wrong."""
        self._state = state
        if not self._painter.is_started:
            self._painter.start()
        told = line(event, state)
        if told is not None and told.tone in LOUD:
            text = Text.from_ansi(told.loud(self._now_style()))
            self._console.print(text, soft_wrap=True)

    def activity(self, phase: str, what: str) -> None:
        """Remember the newest sign of life."""
        self._pulses = {**self._pulses, phase: (what, self._clock())}

    def close(self) -> None:
        """Take the list away and write how it ended."""
        if not self._painter.is_started:
            return
        self._painter.stop()
        self._console.print(self._draw(), soft_wrap=True)

    def _draw(self) -> Text:
        now = self._clock()
        state = self._state
        pulses = tuple(
            Pulse(phase=key, what=what, ago_s=now - at)
            for key, (what, at) in self._pulses.items()
            if (last := state.phase(key).last) is not None and at >= last.started
        )
        found = self._forecast(state, now) if self._forecast else None
        seen = Seen(now=now, pulses=pulses, ends=ends(found))
        return Text.from_ansi(status.text(self._plan, state, seen, self._now_style()))

    def _now_style(self) -> Style:
        """Return the style at the terminal's width of this moment."""
        return replace(self._style, width=self._console.width)
