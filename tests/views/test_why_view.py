from dataclasses import replace

from weighlock.plan.model import FileAction, Span
from weighlock.run import events as ev
from weighlock.run.schedule import Caps, schedule
from weighlock.views import why as view
from weighlock.views.state import Pulse, Seen
from weighlock.views.text import Style, columns

STYLE = Style()


def look(story, key, *, alive=True, pulses=(), jobs=2):
    return view.explain(
        story.plan,
        story.state,
        key,
        seen=Seen(now=story.at + 60, alive=alive, pulses=pulses),
        schedule=schedule(story.plan, Caps(jobs=jobs)),
        verdicts=story.verdict,
    )


def test_the_tree_leads_to_every_root_cause_the_worst_first(story):
    pulse = Pulse(phase="09", what="Bash `pytest -q`", ago_s=3)
    assert view.text(look(story, "10", pulses=(pulse,)), STYLE) == (
        "P10 Wire the retry loop is ■ blocked.\n"
        "  └ waits for P08 Proactive renewal 更新 of tokens (⧖ timeout)\n"
        "        - the agent ran out of time: 120 minutes\n"
        "        - split the phase into smaller ones\n"
        "        - or give it longer: limits.phase_minutes in weighlock.toml\n"
        "        - or look why it takes so long: weighlock logs P08\n"
        "  └ waits for P09 Bucket store on disk (● running)\n"
        "        - active, 3s ago: Bash `pytest -q`\n"
        "What you can do:\n"
        "  weighlock logs P08\n"
        "  weighlock retry P08\n"
        '  weighlock waive P08 --reason "..."'
    )


def test_the_document_has_the_words_of_the_contract(story):
    assert look(story, "10").document() == {
        "phase": "10",
        "state": "blocked",
        "blocked_by": ["08", "09"],
        "unmet": [
            "P08 has not passed: it is timeout",
            "P09 has not passed: it is running",
        ],
        "next": [
            "weighlock logs P08",
            "weighlock retry P08",
            'weighlock waive P08 --reason "..."',
        ],
    }


def test_a_chain_is_followed_to_the_phase_that_failed(chain):
    s = chain(4)
    s.tell(ev.PhaseBlocked, phase="01", state="failed", why="no product file changed")
    why = look(s, "04")
    assert why.blocked_by == ("03", "02", "01")
    text = view.text(why, STYLE)
    assert "no product file changed" in text
    assert "weighlock retry P01" in why.next


def test_the_reasons_of_the_last_verdict_are_told_with_their_place(story):
    why = look(story, "07")
    assert (
        "protected-changed: vitest.config.ts was changed (vitest.config.ts:3)"
        in why.unmet
    )
    assert why.next[0] == "weighlock approve P07"


def test_a_lost_verdict_leaves_its_summary(story):
    story.verdicts.clear()
    assert "protected-changed: vitest.config.ts was changed" in look(story, "07").unmet


def test_a_running_phase_asks_nothing_of_a_person(story):
    why = look(story, "11")
    assert why.next == ()
    assert "Nothing for you to do." in view.text(why, STYLE)


def test_a_ready_phase_may_be_held_back_by_a_file_that_another_one_changes(chain):
    path = FileAction(
        path="src/a.py", action="modify", source=Span(file="plan.md", line=1)
    )
    s = chain(1, files=(path,))
    other = chain(1, files=(path,)).plan.phases[0]
    s.plan = replace(s.plan, phases=(*s.plan.phases, replace(other, key="02")))
    s.begin()
    s.start("01")
    why = look(s, "02")
    assert why.state == "ready"
    assert why.unmet == ("held back: 01 is changing src/a.py",)


def test_a_ready_phase_may_wait_for_a_free_place(story):
    story.tell(ev.PhaseRetried, phase="08", by="maria")
    held = look(story, "08", jobs=1).unmet
    assert "held back: 1 phases are under way (jobs = 1)" in held


def test_a_phase_of_an_interrupted_run_goes_on_by_resume(chain):
    s = chain(3)
    assert look(s, "03", alive=False).next == ("weighlock resume",)
    assert look(s, "03", alive=True).next == ()


def test_a_passed_phase_names_its_evidence(story):
    text = view.text(look(story, "05"), STYLE)
    assert "approved by maria" in text
    assert "sha256:" in text


def test_a_chain_of_a_thousand_phases_is_shortened(chain):
    s = chain(1000)
    text = view.text(look(s, "1000"), STYLE)
    assert len(text.splitlines()) < 15
    assert "phases in between" in text
    assert "P01 Step 01" in text


def test_phases_that_need_each_other_are_told_once_and_end(chain):
    s = chain(2)
    first, second = s.plan.phases
    s.plan = replace(s.plan, phases=(replace(first, needs=("02",)), second))
    assert look(s, "01").blocked_by == ("02",)
    text = view.text(look(s, "01"), STYLE)
    assert "waits for a phase that waits for it; see: weighlock lint" in text


def test_a_phase_behind_such_a_circle_is_led_to_it(chain):
    s = chain(3)
    first, second, third = s.plan.phases
    s.plan = replace(s.plan, phases=(replace(first, needs=("02",)), second, third))
    text = view.text(look(s, "03"), STYLE)
    assert text.index("waits for P01") < text.index("waits for a phase that waits")


def test_lines_fit_the_terminal_unless_a_digest_does_not(story):
    for key in story.state.order:
        text = view.text(look(story, key), Style(ascii=True))
        assert text.isascii()
        assert max(columns(line) for line in text.splitlines()) <= 80


def test_a_phase_that_cannot_be_done_shows_the_agents_words_and_the_gates(chain):
    s = chain(2)
    s.tell(ev.PhaseBlocked, phase="01", state="blocked", why="it says: A and B")
    why = look(s, "02")
    assert (why.state, why.blocked_by) == ("blocked", ("01",))
    assert 'weighlock answer P01 "..."' in why.next
    text = view.text(why, STYLE)
    assert "it says: A and B" in text
    assert "the gate found: " in text


def test_a_phase_without_a_bucket_says_which_one_wants_a_login(chain):
    s = chain(2)
    left = {"phase": "01", "attempt": 1, "retry_at": None}
    dead = {"reason": "expired-refresh-failed", "detail": "expired"}
    s.tell(ev.BucketLeft, bucket="own", **left, **dead)
    s.tell(
        ev.BucketLeft, bucket="key", **left, reason="quota-exhausted", detail="quota"
    )
    s.tell(ev.PhaseBlocked, phase="01", state="error", why="no bucket is left")
    assert look(s, "02").next[0] == "weighlock bucket login own"
    assert not [said for said in look(s, "02").next if "key" in said]
