"""The log of one attempt: what an agent said and did, for people, from byte 0."""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from weighlock.refusal import refusing

LIMIT = 64 * 1024 * 1024
"""Bytes one conversation may add to a log; a flood must not fill the disk."""

_WIDTH = 19
"""Columns in front of the text: offset, seconds sign, word."""


class Log:
    """Append events, one line each, with the seconds since the conversation began.

    A text of several lines goes on indented under its first one, in full.  Every line
    is on its way to the disk when the call returns, so ``logs -f`` can follow.
    """

    def __init__(
        self,
        path: Path,
        *,
        now: Callable[[], float] = time.monotonic,
        hide: Callable[[str], str] = str,
    ) -> None:
        with refusing("the log cannot be written", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a", encoding="utf-8", buffering=1)
        self._path = path
        self._now, self._hide = now, hide
        self._began = now()
        self._room = LIMIT

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with refusing("the log cannot be written", self._path):
            self._file.close()

    def line(self, word: str, text: str) -> None:
        """Write one event: a word that says what it is, and its text in full."""
        if self._room <= 0:
            return
        offset = self._now() - self._began
        body = _clean(self._hide(text)).replace("\n", "\n" + " " * _WIDTH)
        self._room -= len(body) + _WIDTH
        if self._room <= 0:
            body = f"... the rest is left out: more than {LIMIT} bytes"
        with refusing("the log cannot be written", self._path):
            self._file.write(f"{offset:9.2f}s {word:<7} {body}\n")


def short(text: str, width: int = 80) -> str:
    """Return a text as one line of at most ``width`` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1] + "…"


def _clean(text: str) -> str:
    """Drop what would move a terminal's cursor or colours, and trailing newlines."""
    kept = text.rstrip("\n").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in kept)
