"""A person as an agent."""

from weighlock.agents.person import Person


def test_a_person_is_asked_where_what_and_how_to_say_done(make_order, work, seen):
    seen.answer = "done, see the notes"
    outcome = work(Person(), make_order(prompt="build the lock"))
    (question,) = seen.questions
    order = make_order()
    assert str(order.room.path) in question
    assert "weighlock answer 03 done" in question
    assert (order.home / "prompt.md").read_text() == "build the lock"
    assert (outcome.ending, outcome.said) == ("ended", "done, see the notes")


def test_a_person_changes_nothing_by_being_asked(make_order, work, tmp_path):
    work(Person(), make_order())
    assert list((tmp_path / "work").iterdir()) == []
