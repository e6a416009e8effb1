"""Laws of judging: no order, no silence and no failed look ever makes a pass."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.run.evidence import (
    CODES,
    Claim,
    Evidence,
    Reason,
    TestChange,
    TestCounts,
)
from weighlock.run.verdict import document, judge, outcome, read_document

OUTCOMES = st.sampled_from(["pass", "fail", "review", "error"])
TEXT = st.text(max_size=12)
COUNTS = st.builds(
    TestCounts, **dict.fromkeys(("passed", "failed", "skipped", "error"), st.integers())
)
IDS = st.lists(TEXT, max_size=2).map(tuple)
CHANGES = st.builds(
    TestChange,
    runner=TEXT,
    before=COUNTS,
    after=COUNTS,
    added=IDS,
    removed=IDS,
    newly_failing=IDS,
    newly_passing=IDS,
)
REASONS = st.lists(
    st.builds(
        Reason,
        code=st.sampled_from(sorted(CODES)),
        message=TEXT,
        check=TEXT,
        path=st.none() | TEXT,
        line=st.none() | st.integers(1),
        evidence=st.none() | TEXT,
    ),
    max_size=2,
).map(tuple)
FOUND = st.lists(
    st.builds(
        Evidence,
        check=TEXT,
        kind=TEXT,
        verdict=OUTCOMES,
        summary=TEXT,
        layer=st.integers(1, 10),
        decides=st.booleans(),
        reasons=REASONS,
        notes=REASONS,
        command=st.none() | TEXT,
        exit_code=st.none() | st.integers(-9, 255),
        duration_s=st.floats(0, 10),
        evidence=st.none() | TEXT,
        tests=st.none() | CHANGES,
        criteria=st.lists(st.integers(0, 9), max_size=2).map(tuple),
    ),
    max_size=6,
    unique_by=lambda e: e.check,
)
CLAIMS = st.none() | st.builds(
    Claim, text=TEXT, files=IDS, tests=st.none() | st.integers(0)
)
FEW = settings(max_examples=60, deadline=None)


def judged(found, claim=None):
    return judge(found, plan="P", phase="01", base="b", head="h", tree="t", claim=claim)


@pytest.mark.slow
@given(found=FOUND, data=st.data())
@FEW
def test_the_order_of_evidence_never_matters(found, data):
    assert judged(data.draw(st.permutations(found))) == judged(found)


@pytest.mark.slow
@given(found=FOUND)
@FEW
def test_what_nobody_looked_at_never_passes(found):
    assert judged([]).verdict == "error"
    silent = [replace(e, verdict="pass", decides=False) for e in found]
    assert judged(silent).verdict == "error"


@pytest.mark.slow
@given(found=FOUND, data=st.data())
@FEW
def test_taking_away_what_passed_never_makes_a_verdict_better(found, data):
    gone = data.draw(st.sets(st.sampled_from([e.check for e in found] or [""])))
    left = [e for e in found if e.verdict != "pass" or e.check not in gone]
    before, now = outcome(found), outcome(left)
    assert now == before or (before, now) == ("pass", "error")


@given(found=FOUND.filter(bool), data=st.data())
@FEW
def test_a_look_that_could_not_be_had_never_turns_a_verdict_into_pass(found, data):
    lost = data.draw(st.sampled_from(found))
    left = [replace(e, verdict="error") if e is lost else e for e in found]
    assert outcome(left) in {"error", "fail"}


@given(found=FOUND, more=FOUND)
@FEW
def test_a_verdict_passes_only_if_every_part_of_its_evidence_does(found, more):
    if outcome([*found, *more]) == "pass":
        assert all(e.verdict == "pass" for e in (*found, *more))
        assert any(e.decides for e in (*found, *more))


@given(found=FOUND)
@FEW
def test_what_is_not_a_pass_gives_a_reason_and_a_pass_gives_none(found):
    spoken = [
        replace(e, reasons=e.reasons or (Reason(code="partial", message="m"),))
        for e in found
    ]
    verdict = judged(spoken)
    assert bool(verdict.reasons) == (verdict.verdict != "pass")


@given(found=FOUND, claim=CLAIMS)
@FEW
def test_a_claim_is_shown_and_never_weighed(found, claim):
    assert replace(judged(found, claim), claim=None) == judged(found)


@given(found=FOUND, claim=CLAIMS)
@FEW
def test_a_verdict_read_back_from_json_is_the_verdict(found, claim):
    verdict = judged(found, claim)
    read = read_document(json.loads(json.dumps(document(verdict))))
    once = tuple(replace(c, reasons=(), notes=(), tests=None) for c in verdict.checks)
    assert read == replace(verdict, checks=once)
    assert document(read) == document(verdict)
