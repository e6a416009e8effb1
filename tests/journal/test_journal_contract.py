"""What every journal promises, the real one and the fake."""

from collections.abc import Callable
from pathlib import Path

import pytest

from weighlock.journal import FileJournal, ListJournal
from weighlock.ports import Journal
from weighlock.run import events as ev

EVENTS: tuple[ev.AnyEvent, ...] = (
    ev.RunStarted(
        at=1.0,
        run="r1",
        plan="demo",
        plan_digest="sha256:0",
        plan_path="plan",
        base="b" * 40,
        branch="weighlock/demo",
        phases=("01", "02"),
        selected=("01", "02"),
        version="0.1.0",
    ),
    ev.AttemptStarted(at=2.5, phase="01", attempt=1, agent="claude", base="b" * 40),
    ev.AgentSpawned(at=2.6, phase="01", attempt=1, pid=12, started=3.0),
    ev.QuestionAsked(at=3.0, phase="01", attempt=1, question='Why?\n"so" \ud800 ünï'),
    ev.RunEnded(at=9.0, state="failed"),
)


@pytest.fixture(params=["file", "list"])
def journal(request, tmp_path: Path) -> Journal:
    make: dict[str, Callable[[], Journal]] = {
        "file": lambda: FileJournal(tmp_path / "journal.jsonl"),
        "list": ListJournal,
    }
    return make[request.param]()


def test_a_new_journal_is_empty(journal: Journal):
    assert list(journal.read()) == []


def test_what_was_appended_is_read_back_in_order(journal: Journal):
    for event in EVENTS:
        journal.append(event)
    assert tuple(journal.read()) == EVENTS


def test_appending_after_reading_goes_on_at_the_end(journal: Journal):
    journal.append(EVENTS[0])
    journal.read()
    journal.append(EVENTS[1])
    assert tuple(journal.read()) == EVENTS[:2]


def test_what_was_read_does_not_change_afterwards(journal: Journal):
    journal.append(EVENTS[0])
    before = journal.read()
    journal.append(EVENTS[1])
    assert tuple(before) == EVENTS[:1]
