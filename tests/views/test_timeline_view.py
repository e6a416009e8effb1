import re
import xml.etree.ElementTree as ET

from weighlock.run import events as ev
from weighlock.run.state import fold
from weighlock.views import timeline
from weighlock.views.timeline import bars


def kinds(story, key, now=None):
    found = bars(story.state.phase(key), now or story.at)
    return [(b.kind, round((b.end - b.start) / 60)) for b in found]


def test_work_and_weighing_are_told_apart(story):
    assert kinds(story, "04") == [("work", 18), ("weigh", 1)]


def test_a_bar_has_the_tone_of_what_its_attempt_came_to(story):
    tones = [
        b.tone for b in bars(story.state.phase("05"), story.at) if b.kind == "work"
    ]
    assert tones == ["bad", "you"]
    assert bars(story.state.phase("09"), story.at)[0].tone == "live"


def test_waiting_for_a_person_is_a_bar_of_its_own(story):
    assert kinds(story, "05") == [
        ("work", 21),
        ("weigh", 1),
        ("work", 7),
        ("weigh", 1),
        ("wait", 14),
    ]


def test_a_stuck_phase_waits_until_now(story):
    assert kinds(story, "08")[-1] == ("weigh", 1)
    assert kinds(story, "08", story.at + 600)[-1] == ("wait", 10)


def test_a_running_phase_works_until_now(story):
    assert kinds(story, "09", story.at + 600) == [("work", 10)]


def test_an_abandoned_attempt_ends_where_it_was_abandoned(blank):
    blank.start("0.5")
    blank.tell(ev.AttemptAbandoned, 5, phase="0.5", attempt=1, why="the process died")
    assert kinds(blank, "0.5", blank.at + 6000) == [("work", 5)]


def test_bars_of_a_phase_never_overlap_in_any_prefix_of_the_journal(story):
    for number in range(len(story.events) + 1):
        events = story.events[:number]
        state = fold(events)
        now = events[-1].at if events else 0.0
        for phase in state.phases.values():
            found = bars(phase, now)
            edges = [edge for b in found for edge in (b.start, b.end)]
            assert edges == sorted(edges)
            assert all(edge <= now for edge in edges)


def test_the_drawing_is_xml_with_a_row_for_each_phase_that_began(story):
    drawn = timeline.svg(story.plan, story.state, story.at + 60)
    root = ET.fromstring(drawn)  # noqa: S314 - it is our own text
    keys = [t.text for t in root.iter() if t.get("class") == "wt-key"]
    began = [k for k in story.state.order if story.state.phase(k).attempts]
    assert [k.removeprefix("P") for k in keys] == began
    assert 'fill="url(#wt-hatch)"' in drawn
    assert "attempt 1: weighed 1m, fail" in drawn


def test_nothing_is_drawn_before_anything_began(blank):
    assert timeline.svg(blank.plan, blank.state, blank.at) == ""


def test_a_week_and_a_minute_have_few_hours_to_read(blank):
    for minutes in (0.1, 0.5, 60, 60 * 24 * 7):
        blank.start("0.5")
        blank.work("0.5", 1, minutes)
        blank.judge("0.5", 1, "pass", "done")
        drawn = timeline.svg(blank.plan, blank.state, blank.at)
        hours = re.findall(r"<text[^>]*>[\d:-]{5,8}</text>", drawn)
        assert 1 <= len(hours) <= 10


def test_phases_that_are_not_drawn_are_counted(chain):
    s = chain(203)
    for key in s.state.order:
        s.start(key)
    drawn = timeline.svg(s.plan, s.state, s.at)
    assert drawn.count('class="wt-key"') == 200
    assert "and 3 more" in drawn
