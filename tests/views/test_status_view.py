import json
import re

import pytest

from weighlock.run import events as ev
from weighlock.run.forecast import Forecast
from weighlock.views import status
from weighlock.views.live import ends
from weighlock.views.state import Pulse, Seen, ranked, rows, words
from weighlock.views.text import Style, clean, clip, columns, duration, ranges

WIDE = Style()
ANSI = "\x1b["


def at(story, **more):
    return Seen(now=story.at + 840, **more)


def test_every_phase_has_one_word_of_the_vocabulary(story):
    assert words(story.plan, story.state) == {
        "0.5": "passed",
        "03": "passed",
        "03a": "passed",
        "04": "passed",
        "05": "passed",
        "05a": "passed",
        "06": "skipped",
        "07": "needs-input",
        "08": "timeout",
        "09": "running",
        "10": "blocked",
        "11": "pending",
    }


def test_a_phase_is_ready_when_all_it_needs_has_passed_or_was_waived(chain):
    s = chain(3)
    assert words(s.plan, s.state) == {"01": "ready", "02": "pending", "03": "pending"}
    s.tell(ev.PhaseWaived, phase="01", by="maria", reason="later")
    assert words(s.plan, s.state)["02"] == "ready"


@pytest.mark.parametrize("state", ["failed", "timed-out", "review", "error"])
def test_whatever_stands_behind_a_stuck_phase_is_blocked_to_the_end(chain, state):
    s = chain(4)
    s.tell(ev.PhaseBlocked, phase="01", state=state, why="no")
    found = words(s.plan, s.state)
    assert [found[k] for k in ("02", "03", "04")] == ["blocked"] * 3


def test_a_question_makes_a_running_phase_need_a_person_without_blocking_others(chain):
    s = chain(2)
    s.start("01")
    s.tell(ev.QuestionAsked, phase="01", attempt=1, question="Which port?")
    assert words(s.plan, s.state) == {"01": "needs-input", "02": "pending"}
    row = rows(s.plan, s.state, at(s))[0]
    assert row.note == "Which port?"
    assert row.commands == ('weighlock answer P01 "..."',)


def test_a_phase_that_weighlock_does_itself_is_verifying(chain):
    s = chain(2)
    s.start("01", agent="weighlock")
    assert words(s.plan, s.state)["01"] == "verifying"


def test_what_could_not_be_checked_needs_a_person_and_is_not_failed(chain):
    s = chain(1)
    s.tell(ev.PhaseBlocked, phase="01", state="error", why="node is missing")
    assert words(s.plan, s.state) == {"01": "needs-input"}


def test_a_phase_that_was_not_selected_is_never_ready(chain):
    s = chain(2)
    s.begin(selected=("02",))
    assert words(s.plan, s.state)["01"] == "pending"
    assert rows(s.plan, s.state, at(s))[0].note == "not part of this run"


def test_stale_is_a_passed_phase_whose_evidence_no_longer_matches(story):
    found = words(story.plan, story.state, frozenset({"03", "07"}))
    assert found["03"] == "stale"
    assert found["07"] == "needs-input"


@pytest.mark.parametrize(
    ("ago", "word"), [(59, "active"), (60, "quiet"), (600, "quiet"), (601, "silent")]
)
def test_liveness_is_active_quiet_or_silent(ago, word):
    assert Pulse(phase="01", what="", ago_s=ago).liveness == word


def test_what_needs_a_person_comes_first_and_what_passed_last(story):
    order = [r.word for r in ranked(rows(story.plan, story.state, at(story)))]
    assert order == [
        "needs-input",
        "timeout",
        "running",
        "blocked",
        "pending",
        "skipped",
        *["passed"] * 6,
    ]


def test_the_block_shows_who_acts_on_what_and_what_to_type(story):
    pulse = Pulse(phase="09", what="Bash `pytest -q`", ago_s=3)
    text = status.text(story.plan, story.state, at(story, pulses=(pulse,)), WIDE)
    assert text == (
        "oauth-failover · 12 phases · run 20261121-7f3a · running 4h 03m\n"
        "! needs you    1  P07    Foreground reauthentication              17m"
        "  attempt 1\n"
        "                         vitest.config.ts was changed\n"
        "                         weighlock approve P07\n"
        "⧖ timeout      1  P08    Proactive renewal 更新 of tokens      2h 02m"
        "  attempt 1\n"
        "                         the agent ran out of time: 120 minutes\n"
        "                         weighlock logs P08\n"
        "● running      1  P09    Bucket store on disk      14m  active 3s  "
        "Bash `pytest…\n"
        "■ blocked      1  P10  after P08 (timeout), P09 (running)\n"
        "· pending      1  next: P11 after P09 (running)\n"
        "– skipped      1  P06  waived by maria: ships in 2.1, see #1601\n"
        "✓ passed       6  0.5-P05a\n"
        "preflight lint: error, eslint: 3 warnings at base"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("plain", [True, False])
def test_no_line_is_wider_than_the_terminal(story, width, plain):
    style = Style(width=width, ascii=plain)
    pulse = Pulse(phase="09", what="x" * 200, ago_s=3)
    text = status.text(story.plan, story.state, at(story, pulses=(pulse,)), style)
    assert max(columns(line) for line in text.splitlines()) <= width
    assert text.isascii() or not plain


def test_colour_adds_escapes_and_takes_no_letters(story):
    colored = status.text(story.plan, story.state, at(story), Style(color=True))
    assert ANSI in colored
    assert _bare(colored) == status.text(story.plan, story.state, at(story), WIDE)


def _bare(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_escape_sequences_of_a_plan_or_agent_never_reach_the_terminal(chain):
    s = chain(1, owner="x")
    s.start("01")
    s.tell(
        ev.QuestionAsked, phase="01", attempt=1, question="\x1b]0;owned\x07 \u202eevil"
    )
    text = status.text(s.plan, s.state, at(s), WIDE)
    assert "\x1b" not in text
    assert "\\x1b]0;owned\\x07 \\u202eevil" in text


def test_a_run_without_a_living_process_is_interrupted_and_says_how_to_go_on(story):
    text = status.text(story.plan, story.state, at(story, alive=False), WIDE)
    assert "interrupted" in text
    assert "go on with: weighlock resume" in text


def test_the_document_is_json_and_counts_what_it_lists(story):
    document = json.loads(
        json.dumps(status.document(story.plan, story.state, at(story)))
    )
    assert document["schema"] == "weighlock/status/1"
    assert document["counts"]["passed"] == 6
    assert sum(document["counts"].values()) == len(document["phases"]) == 12
    review = next(p for p in document["phases"] if p["key"] == "07")
    assert (review["state"], review["verdict"]) == ("needs-input", "review")
    assert review["evidence"].startswith("sha256:")


def test_the_run_document_has_the_words_of_the_contract(story):
    document = status.run_document(story.plan, story.state, at(story))
    assert set(document) == {"schema", "run", "state", "branch", "phases"}
    assert document["phases"][1] == {
        "key": "03",
        "state": "passed",
        "attempts": 2,
        "verdict": "pass",
    }


def test_a_forecast_is_a_range_or_nothing():
    assert ends(None) == ""
    assert ends(Forecast(low=0, high=0.4, basis="", critical=())) == "about to end"
    found = Forecast(low=7200, high=10800, basis="", critical=())
    assert ends(found) == "ends in 2h 00m to 3h 00m"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0s"), (59.4, "59s"), (61, "1m 01s"), (840, "14m"), (7500, "2h 05m")],
)
def test_a_duration_has_at_most_two_units(seconds, said):
    assert duration(seconds) == said


def test_runs_of_phases_are_named_by_their_ends():
    order = ["00", "01", "01a", "02", "03", "2.3"]
    assert ranges(["01a", "00", "01", "03"], order) == "P00-P01a, P03"
    assert ranges(["00", "01", "2.3"], order) == "P00, P01, 2.3"


def test_wide_letters_count_twice_when_a_title_is_cut():
    assert columns(clip("更新更新更新", 7, WIDE)) <= 7
    assert clean("a\tb\nc") == "a b c"
