"""A run is shown for as long as somebody reads; who looks away stops no run."""

from collections.abc import Callable
from typing import TextIO

from weighlock.cli.boundary import silence
from weighlock.run.events import AnyEvent
from weighlock.run.state import RunState
from weighlock.views.live import Progress


class WhileRead:
    """A Progress that ends, and not the run, when nobody reads it any more."""

    def __init__(self, shown: Progress, out: TextIO) -> None:
        self._shown: Progress | None = shown
        self._out = out

    def saw(self, event: AnyEvent, state: RunState) -> None:
        """Pass an event on."""
        self._tell(lambda shown: shown.saw(event, state))

    def activity(self, phase: str, what: str) -> None:
        """Pass a sign of life on."""
        self._tell(lambda shown: shown.activity(phase, what))

    def close(self) -> None:
        """Let it show how it ended."""
        self._tell(lambda shown: shown.close())

    def _tell(self, tell: Callable[[Progress], None]) -> None:
        if self._shown is None:
            return
        try:
            tell(self._shown)
        except BrokenPipeError:
            self._shown = None
            silence(self._out)
