"""One fault put into one place of a file, as a replacement of bytes."""

from dataclasses import dataclass

_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A small change of a program that its tests should notice."""

    line: int
    start: int
    """First byte that is replaced."""
    end: int
    """The byte after the last."""
    text: bytes
    what: str
    """In words: ``a < b became a <= b``."""
    hollow: bool = False
    """Whether it takes a function's whole body away."""

    def of(self, data: bytes) -> bytes:
        """Return a file's bytes with the fault in them."""
        return data[: self.start] + self.text + data[self.end :]


def became(old: str, new: str) -> str:
    """Say in one short line what a piece of code was, and what it is."""
    return f"{_short(old)} became {_short(new)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
