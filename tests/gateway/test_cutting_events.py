"""A stream of bytes is cut into the same events, however it came in pieces."""

from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.gateway.wire import sse
from weighlock.gateway.wire.sse import Cutter

PIECES = st.lists(st.text("d\r\n", max_size=6).map(str.encode), max_size=12)


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_pieces_make_no_difference_and_no_byte_is_lost(pieces):
    cutter, whole = Cutter(), Cutter()
    events = [event for piece in pieces for event in cutter.feed(piece)]
    assert events == whole.feed(b"".join(pieces))
    assert cutter.rest() == whole.rest()
    assert b"".join((*events, cutter.rest())) == b"".join(pieces)


def test_a_large_event_costs_no_more_than_its_bytes(monkeypatch):
    read = []
    found = sse.ends
    monkeypatch.setattr(sse, "ends", lambda data: read.append(len(data)) or found(data))
    cutter = Cutter()
    for _ in range(1000):
        assert cutter.feed(b"x" * 1000) == []
    assert sum(read) < 1.1e6
    (event,) = cutter.feed(b"\n\n")
    assert len(event) == 1_000_002
