"""The journal on disk: torn tails, other hands, newer versions."""

import json
import os
import resource
import signal
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.errors import RefusedError, TamperedError, UncheckableError
from weighlock.journal import FileJournal
from weighlock.run import events as ev


def waived(number: int, reason: str = "") -> ev.PhaseWaived:
    return ev.PhaseWaived(at=float(number), phase="01", by="ann", reason=reason)


def written(path: Path, count: int) -> list[ev.AnyEvent]:
    path.unlink(missing_ok=True)
    journal = FileJournal(path)
    events: list[ev.AnyEvent] = [waived(n, "line\nbreak") for n in range(count)]
    for event in events:
        journal.append(event)
    return events


def rechained(path: Path, change) -> None:
    """Write a journal again with other entries, as an honest chain."""
    import hashlib

    prev, out = "0" * 64, b""
    for line in path.read_bytes().splitlines():
        entry = json.loads(line) | {"prev": prev}
        change(entry)
        raw = json.dumps(entry).encode()
        prev = hashlib.sha256(raw).hexdigest()
        out += raw + b"\n"
    path.write_bytes(out)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("journal") / "journal.jsonl"


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_law_a_torn_tail_loses_no_acknowledged_event(place: Path, data):
    events = written(place, 4)
    whole = place.read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    place.write_bytes(whole[:cut])
    kept = whole[:cut].count(b"\n")
    assert list(FileJournal(place).read()) == events[:kept]
    FileJournal(place).append(waived(99))
    assert list(FileJournal(place).read()) == [*events[:kept], waived(99)]


@settings(max_examples=40, deadline=None)
@given(tail=st.binary(max_size=40).filter(lambda b: b"\n" not in b))
def test_law_whatever_bytes_a_crash_left_behind_are_no_event(place: Path, tail: bytes):
    events = written(place, 2)
    with place.open("ab") as file:
        file.write(tail)
    assert list(FileJournal(place).read()) == events
    FileJournal(place).append(waived(99))
    assert list(FileJournal(place).read()) == [*events, waived(99)]


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_law_any_changed_byte_of_an_earlier_line_is_noticed(place: Path, data):
    written(place, 3)
    raw = bytearray(place.read_bytes())
    last_line = raw[:-1].rindex(b"\n")
    at = data.draw(st.integers(0, last_line - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    place.write_bytes(raw)
    with pytest.raises(TamperedError):
        FileJournal(place).read()


def test_a_removed_line_is_noticed_and_named(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    written(path, 4)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[2:]))
    with pytest.raises(TamperedError) as caught:
        FileJournal(path).read()
    assert caught.value.where == f"{path}:2"
    assert caught.value.exit_code == 8


def test_an_empty_line_in_the_middle_is_noticed(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    written(path, 2)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n", 1))
    with pytest.raises(TamperedError):
        FileJournal(path).read()


def test_two_events_on_one_line_are_noticed(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    written(path, 3)
    path.write_bytes(path.read_bytes().replace(b"\n", b",", 1))
    with pytest.raises(TamperedError):
        FileJournal(path).read()


def test_a_bad_line_far_down_is_named_by_its_number(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("weighlock.journal.file._BATCH", 2)
    path = tmp_path / "journal.jsonl"
    written(path, 7)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:4], b"{]\n", *lines[5:]]))
    with pytest.raises(TamperedError) as caught:
        FileJournal(path).read()
    assert caught.value.where == f"{path}:5"


def test_a_last_line_of_zero_bytes_is_torn(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    events = written(path, 2)
    path.write_bytes(path.read_bytes() + b"\0" * 100)
    assert list(FileJournal(path).read()) == events


def test_a_newer_journal_is_refused_with_its_version(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    FileJournal(path).append(
        ev.RunStarted(
            at=1.0,
            run="r",
            plan="p",
            plan_digest="",
            plan_path="",
            base="",
            branch="",
            phases=(),
            selected=(),
            version="9",
            schema=ev.SCHEMA + 1,
        )
    )
    with pytest.raises(UncheckableError, match=f"version {ev.SCHEMA + 1}") as caught:
        FileJournal(path).read()
    assert caught.value.hint == "upgrade weighlock"


def test_an_event_of_an_unknown_kind_is_refused_not_skipped(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    written(path, 2)
    rechained(path, lambda e: e.update(kind="phase-teleported"))
    with pytest.raises(UncheckableError, match="phase-teleported"):
        FileJournal(path).read()


def test_an_event_with_an_unknown_field_is_refused(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    written(path, 2)
    rechained(path, lambda e: e.update(mood="good"))
    with pytest.raises(UncheckableError, match="upgrade weighlock"):
        FileJournal(path).read()


def test_an_append_sees_what_another_process_appended_before(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    mine, other = FileJournal(path), FileJournal(path)
    mine.append(waived(1))
    other.append(waived(2))
    mine.append(waived(3))
    assert list(mine.read()) == [waived(1), waived(2), waived(3)]


def test_a_disk_that_takes_half_a_line_keeps_the_journal_whole(tmp_path: Path):
    path = tmp_path / "journal.jsonl"
    events = written(path, 2)
    before = path.read_bytes()
    child = os.fork()
    if child == 0:  # a file size limit stands in for a full disk
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = path.stat().st_size + 10
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            FileJournal(path).append(waived(3))
        except RefusedError as error:
            os._exit(7 if "disk is full" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert path.read_bytes() == before
    FileJournal(path).append(waived(4))
    assert list(FileJournal(path).read()) == [*events, waived(4)]


def test_a_folder_that_does_not_exist_is_refused_plainly(tmp_path: Path):
    with pytest.raises(RefusedError, match="No such file"):
        FileJournal(tmp_path / "away" / "journal.jsonl").append(waived(1))


def test_twenty_thousand_events_are_read_fast(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path)
    for number in range(1000):
        journal.append(waived(number))
    FileJournal(path).read()
    began = time.process_time()
    for _ in range(20):
        FileJournal(path).read()
    assert time.process_time() - began < 0.6  # 0.12 s on a quiet machine


def test_lines_cut_off_under_a_writer_are_seen_before_it_writes_again(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path)
    for number in range(3):
        journal.append(waived(number))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.raises(TamperedError):
        journal.append(waived(3))
    with pytest.raises(TamperedError):
        journal.append(waived(4))
