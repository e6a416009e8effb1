import io
import json
import os
import pty
import subprocess
import sys

import pytest

from weighlock.run.state import advance, fold
from weighlock.views.claims import phantom, says_done
from weighlock.views.live import Plain, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def play(story, mode, out, **more):
    shown = progress(mode, story.plan, out=out, clock=lambda: story.at, **more)
    state = fold(())
    for event in story.events:
        state = advance(state, [event])
        shown.saw(event, state)
        for key in state.open:
            shown.activity(key, "Bash `pytest -q`")
    shown.close()
    return shown


def test_plain_tells_each_change_of_state_in_one_line_with_its_time(story):
    out = io.StringIO()
    play(story, "plain", out)
    lines = out.getvalue().splitlines()
    assert lines[7] == "2026-11-21T09:15:39Z P03 running attempt=1 agent=claude"
    assert lines[8] == "2026-11-21T09:21:39Z P03 verifying attempt=1 took=6m"
    assert lines[9] == (
        "2026-11-21T09:22:39Z P03 fail attempt=1 checks=3/4 tests=49/0/2/0 "
        'codes=no-change claim=phantom "nothing was changed"'
    )
    assert lines[10] == (
        "2026-11-21T09:22:51Z P03 running attempt=2 agent=claude remediation=yes"
    )


def test_plain_ends_with_the_summary(story):
    out = io.StringIO()
    play(story, "plain", out)
    assert "! needs you    1  P07" in out.getvalue()


def test_quiet_is_silent_about_success_and_loud_about_failure(story, blank):
    out = io.StringIO()
    play(story, "quiet", out)
    told = out.getvalue()
    assert "P03 fail" in told
    assert "P08 timeout" in told
    assert "running" not in told
    nothing = io.StringIO()
    play(blank, "quiet", nothing)
    assert nothing.getvalue() == ""


def test_json_streams_every_event_and_sums_up_at_the_end(story):
    out = io.StringIO()
    play(story, "json", out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["kind"] for line in lines[:-1]] == [e.kind for e in story.events]
    assert lines[-1]["schema"] == "weighlock/run/1"


def test_auto_is_plain_unless_a_terminal_can_move_its_cursor(story, monkeypatch):
    assert isinstance(play(story, "auto", io.StringIO()), Plain)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(play(story, "auto", Terminal()), Plain)
    monkeypatch.setenv("TERM", "xterm")
    assert not isinstance(play(story, "auto", Terminal()), Plain)


def test_live_leaves_failures_and_the_final_state_behind(story):
    out = Terminal()
    play(story, "live", out, color=False)
    told = out.getvalue()
    assert "P03 fail, attempt 1 - phantom: it said it was done" in told
    assert told.rstrip().endswith("preflight lint: error, eslint: 3 warnings at base")


@pytest.mark.parametrize("mode", ["live", "plain"])
def test_no_color_is_obeyed(story, mode, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    out = Terminal()
    play(story, mode, out)
    assert "\x1b[31m" not in out.getvalue()
    monkeypatch.delenv("NO_COLOR")
    out = Terminal()
    play(story, mode, out)
    assert "\x1b[31m" in out.getvalue()


def test_an_agents_escape_sequences_are_shown_not_obeyed(blank):
    blank.start("0.5")
    blank.work("0.5", 1, 1, ending="crashed", detail="\x1b[2J\x1b]52;c;aGk=\x07")
    for mode in ("plain", "live"):
        out = Terminal()
        play(blank, mode, out, color=False)
        assert "\x1b]52" not in out.getvalue()


def test_only_the_living_list_imports_rich():
    code = (
        "import sys, weighlock.views.live, weighlock.views.why;"
        "print([m for m in sys.modules if m.split('.')[0] in"
        " {'rich', 'click', 'asyncio', 'pydantic', 'yaml'}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_real_terminal_gets_the_living_list():
    master, slave = pty.openpty()
    code = (
        "import sys; from weighlock.plan.model import *;"
        "from weighlock.views.live import progress;"
        "p = Plan(id='p', title='p', dialect='free', path='p');"
        "print(type(progress('auto', p, out=sys.stderr, clock=lambda: 0.0)).__name__)"
    )
    env = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=slave,
        env=env,
        text=True,
        check=True,
    )
    os.close(slave)
    os.close(master)
    assert done.stdout.strip() == "Live"


@pytest.mark.parametrize(
    "claim",
    [
        "COMPLETE, 10 new tests passing",
        "Done.",
        "✅ P03",
        "All tests green, no tests skipped",
        "I fixed it; 0 failures.",
    ],
)
def test_these_words_claim_success(claim):
    assert says_done(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "",
        "I could not finish: node is missing",
        "3 tests still fail, the rest is done",
        "Partially implemented",
        "BLOCKED",
        "I looked at the file.",
    ],
)
def test_these_words_claim_none(claim):
    assert not says_done(claim)


@pytest.mark.parametrize("verdict", ["pass", "review", "error"])
def test_only_a_failed_verdict_makes_a_claim_a_phantom(verdict):
    assert not phantom("Done.", verdict, ("claim-contradicted",))
    assert phantom("Done.", "fail")
