"""A file that outlives the process: one line for each request, mode 0600.

A budget that only memory knows would begin anew after every crash.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import orjson

from weighlock.gateway.meter.spent import Account, Meter, Spent
from weighlock.gateway.wire import Tokens


class Ledger:
    """Lines of one file; ``failed`` says why the last one could not be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.failed: str | None = None

    def write(self, account: Account, spent: Spent) -> None:
        """Append what a request came to; a disk that is full is remembered.

        A line begins with its line end, so that a torn one spoils only itself.
        """
        line = b"\n" + orjson.dumps({"account": account, "spent": spent})
        try:
            self._append(line)
        except OSError as error:
            self.failed = error.strerror or type(error).__name__
        else:
            self.failed = None

    def _append(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(self._path, flags, 0o600)
        try:
            if os.write(file, line) != len(line):
                raise OSError(0, "the disk is full")
        finally:
            os.close(file)

    def meter(self) -> Meter:
        """Add up what is written; a torn last line is left out."""
        meter = Meter()
        for account, spent in self._lines():
            meter.add(account, spent)
        return meter

    def _lines(self) -> Iterator[tuple[Account, Spent]]:
        if not self._path.is_file():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                entry = orjson.loads(line)
                spent = entry["spent"]
                tokens = {k: Tokens(**spent[k]) for k in ("tokens", "discarded")}
                yield Account(**entry["account"]), Spent(**{**spent, **tokens})
            except (orjson.JSONDecodeError, KeyError, TypeError):
                continue
