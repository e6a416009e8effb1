"""Server-sent events: cut a byte stream into whole events, change none of them."""

import re

_BLANK = re.compile(rb"\r\n\r\n|\n\n|\r\r|\r\n\n|\n\r\n")
"""The end of an event. Mixed line ends occur where a proxy adds lines of its own."""

_SEAM = 3
"""Bytes before a piece with which an end may begin: one less than the longest."""

EVENT_LIMIT = 32 * 1024 * 1024
"""Bytes of one event; more is no event."""


class OversizedEvent(ValueError):  # noqa: N818 - it is the event that is at fault
    """One event is larger than any protocol sends."""


class Cutter:
    """Keep what is not a whole event yet; give back the rest byte for byte."""

    __slots__ = ("_kept", "_size", "_tail")

    def __init__(self) -> None:
        self._kept: list[bytes] = []
        self._size = 0
        self._tail = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the events that are whole now, each with its blank line.

        Raises:
            OversizedEvent: An event has no end within the limit.
        """
        if self._kept:
            seam = self._tail + data
            if not ends(seam):  # a large event is not searched anew with every piece
                return self._keep(data, seam)
            data = b"".join((*self._kept, data))
        events, start = _cut(data)
        self._kept, self._size, rest = [], 0, data[start:]
        if rest:
            self._keep(rest, rest)
        return events

    def _keep(self, data: bytes, seam: bytes) -> list[bytes]:
        self._kept.append(data)
        self._size += len(data)
        self._tail = seam[-_SEAM:]
        if self._size > EVENT_LIMIT:
            raise OversizedEvent
        return []

    def rest(self) -> bytes:
        """Return what came after the last whole event."""
        return b"".join(self._kept)


def ends(data: bytes) -> bool:
    """Say whether an event ends within these bytes."""
    if b"\r" in data:
        return _BLANK.search(data) is not None
    return b"\n\n" in data


def _cut(data: bytes) -> tuple[list[bytes], int]:
    if b"\r" in data:
        return _cut_any(data)
    events, start = [], 0
    while (end := data.find(b"\n\n", start)) >= 0:
        events.append(data[start : end + 2])
        start = end + 2
    return events, start


def _cut_any(data: bytes) -> tuple[list[bytes], int]:
    events, start = [], 0
    for match in _BLANK.finditer(data):
        events.append(data[start : match.end()])
        start = match.end()
    return events, start


def payload(event: bytes) -> bytes:
    """Return the data of an event, its lines joined; empty for a comment."""
    lines = [line for line in event.splitlines() if line.startswith(b"data:")]
    return b"\n".join([line[5:].removeprefix(b" ") for line in lines])


def named(name: str, data: bytes) -> bytes:
    """Write an event that has a name."""
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


def plain(data: bytes) -> bytes:
    """Write an event that has none."""
    return b"data: " + data + b"\n\n"
