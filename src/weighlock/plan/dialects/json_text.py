"""JSON text → values that know where they stand; any text gives values or a fault.

The standard library reads JSON without positions.  Its decoder can be asked for one
value at an offset, though, and says where that ends: so only the few levels that
matter are walked here, and everything below is read by the library.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_SPACE = re.compile(r"[ \t\n\r]*")
_LONGEST_NUMBER = 18


def _whole(digits: str) -> int | str:
    """Keep a number that no counter reaches as text: reading it may take for ever."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


_DECODER = json.JSONDecoder(strict=False, parse_int=_whole)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a text stops being JSON; line and column count from 1."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Value:
    """A decoded value and the offsets of its text, the second one past the end."""

    content: object
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A JSON text."""

    text: str

    @cached_property
    def fault(self) -> Fault | None:
        """Return why the text is no JSON, None when it is."""
        found = self._decoded
        return found if isinstance(found, Fault) else None

    @cached_property
    def root(self) -> Value:
        """Return the whole value; None as content when the text is no JSON."""
        found = self._decoded
        return Value(None, 0, 0) if isinstance(found, Fault) else found

    @cached_property
    def _decoded(self) -> Value | Fault:
        start = self._skip(0)
        try:
            content, end = _DECODER.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            return Fault(error.msg, error.lineno, error.colno)
        except RecursionError:
            return Fault("brackets are nested too deeply", 1, 1)
        rest = self._skip(end)
        if rest < len(self.text):
            return Fault("there is more text after the end", *self.place(rest))
        return Value(content, start, end)

    def members(self, of: Value) -> Iterator[tuple[str, Value]]:
        """Yield the names and values of an object; nothing when it is none."""
        if not isinstance(of.content, dict):
            return
        at = self._skip(of.start + 1)
        while self.text[at] == '"':
            name, at = _DECODER.raw_decode(self.text, at)
            one = self._value(self._skip(self._skip(at) + 1))
            yield str(name), one
            at = self._after(one)

    def items(self, of: Value) -> Iterator[Value]:
        """Yield the values of an array; nothing when it is none."""
        if not isinstance(of.content, list):
            return
        at = self._skip(of.start + 1)
        while self.text[at] != "]":
            one = self._value(at)
            yield one
            at = self._after(one)

    def line(self, offset: int) -> int:
        """Return the line of an offset."""
        return bisect_right(self._starts, offset)

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset."""
        line = self.line(offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(m.end() for m in re.finditer("\n", self.text))]

    def _value(self, at: int) -> Value:
        content, end = _DECODER.raw_decode(self.text, at)
        return Value(content, at, end)

    def _after(self, one: Value) -> int:
        """Return where the next member or item, or the closing bracket, stands."""
        at = self._skip(one.end)
        return self._skip(at + 1) if self.text[at] == "," else at

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at
