"""The agent that plays a script, in process."""

import json
import subprocess

import pytest

from weighlock.agents.script import Act, Script, Turn, parse, read
from weighlock.agents.scripted import Scripted, of
from weighlock.errors import SettingsError


@pytest.fixture
def slept():
    return []


@pytest.fixture
def play(make_order, work, slept):
    """Play acts without letting time pass."""

    async def sleep(seconds):
        slept.append(seconds)

    def run(*acts, **given):
        script = parse({"turn": [{"acts": list(acts)}]})
        return work(Scripted(play=of(script), sleep=sleep), make_order(**given))

    return run


def test_an_honest_agent_changes_files(play, tmp_path):
    outcome = play(
        {"write": "src/a.py", "text": "one\n"},
        {"append": "src/a.py", "text": "two\n"},
        {"write": "old.py", "text": ""},
        {"delete": "old.py"},
        {"say": "done"},
    )
    assert (outcome.ending, outcome.said) == ("ended", "done")
    assert (tmp_path / "work/src/a.py").read_text() == "one\ntwo\n"
    assert not (tmp_path / "work/old.py").exists()


def test_a_lying_agent_claims_and_changes_nothing(play, tmp_path):
    outcome = play({"lie": "COMPLETE, 10 new tests passing"})
    assert outcome.ending == "ended"
    assert outcome.said == "COMPLETE, 10 new tests passing"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_crashing_agent_stops_there(play, tmp_path):
    outcome = play({"crash": 3}, {"write": "late.py", "text": ""})
    assert (outcome.ending, outcome.detail) == ("crashed", "exit code 3")
    assert not (tmp_path / "work/late.py").exists()


def test_a_hanging_agent_is_idle_after_the_orders_patience(play, slept):
    assert play({"hang": True}, idle_s=900.0, deadline_s=7200.0).ending == "idle"
    assert slept == [900.0]


def test_time_adds_up_to_the_deadline(play, slept):
    outcome = play(*[{"sleep": 40}] * 4, idle_s=60.0, deadline_s=100.0)
    assert outcome.ending == "timed-out"
    assert slept == [40, 40, 20.0]


def test_noise_is_logged_and_no_sign_of_life(play, seen, tmp_path):
    play({"noise": "42"})
    assert "42" in (tmp_path / "logs/03-1.log").read_text()
    assert seen.activities == []


def test_a_command_runs_in_the_workspace(play, seen, tmp_path):
    play({"run": "echo hi > out.txt"})
    assert (tmp_path / "work/out.txt").read_text() == "hi\n"
    assert seen.activities == ["Bash `echo hi > out.txt`"]
    assert len(seen.pids) == 1


def test_a_command_that_leaves_a_server_running_does_not_hold_the_play(play):
    assert play({"run": "sleep 60 &"}, {"say": "up"}).said == "up"


def test_a_commit_is_made_without_the_persons_identity(play, repository):
    play({"write": "a", "text": "x"}, {"commit": "Add a"})
    line = subprocess.check_output(
        ["git", "-C", str(repository), "log", "--format=%an %s"], text=True
    )
    assert line == "Scripted Agent Add a\n"


def test_a_question_waits_for_its_answer(play, seen, tmp_path):
    seen.answer = "blue"
    play({"ask": "which colour?"})
    assert seen.questions == ["which colour?"]
    assert "blue" in (tmp_path / "logs/03-1.log").read_text()


def test_a_phase_without_a_turn_ends_with_nothing_done(make_order, work):
    outcome = work(Scripted(play=of(Script())), make_order())
    assert outcome.ending == "ended"
    assert "nothing for this phase" in outcome.detail


def turns(*rows):
    return Script(
        turns=tuple(
            Turn(phase=p, attempt=a, session=s, acts=(Act(verb="say", what=what),))
            for p, a, s, what in rows
        )
    )


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        (("03", 1), "lie"),
        (("03", 2), "work"),
        (("03", 9), "work"),
        (("04", 1), "any"),
        (("03", 2, 2), "second"),
    ],
)
def test_the_nearest_turn_is_played(asked, what):
    script = turns(
        (None, 1, None, "any"),
        ("03", 1, None, "lie"),
        ("03", 2, None, "work"),
        ("03", 2, 2, "second"),
    )
    assert script.acts(*asked)[0].what == what


def test_toml_and_json_say_the_same(tmp_path):
    toml, other = tmp_path / "s.toml", tmp_path / "s.json"
    toml.write_text(
        '[[turn]]\nphase = "03"\nacts = [{ write = "a", text = "x" }, { crash = 3 }]\n'
    )
    acts = [{"write": "a", "text": "x"}, {"crash": 3}]
    other.write_text(json.dumps({"turn": [{"phase": "03", "acts": acts}]}))
    assert read(toml) == read(other)
    assert read(toml).acts("03", 1)[1] == Act(verb="crash", number=3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "list of turns"),
        ({"turn": [{}]}, "turn 1: a turn needs"),
        ({"turn": [{"acts": [], "phse": "1"}]}, "unknown key phse"),
        ({"turn": [{"acts": [{"wriet": "a"}]}]}, "turn 1, act 1: not an act"),
        ({"turn": [{"acts": [{"say": "a", "tone": "b"}]}]}, "cannot be read"),
        ({"turn": [{"acts": [], "attempt": "two"}]}, "attempt"),
    ],
)
def test_a_script_that_is_wrong_says_where(data, message):
    with pytest.raises(SettingsError, match=message):
        parse(data)


def test_a_script_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"gone\.toml"):
        read(tmp_path / "gone.toml")
