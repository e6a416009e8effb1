"""What an agent says, writes and ticks is held against what was found."""

from dataclasses import replace

import pytest
from tests_checks import command, held, phase

from weighlock.checks.claims import look, words
from weighlock.checks.kinds import RULES
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read
from weighlock.run.evidence import Claim, Evidence, Reason, TestChange, TestCounts
from weighlock.run.verdict import judge
from weighlock.views.text import Style
from weighlock.views.verdict import as_text

WORK = phase(files="~src/greet.py +src/new.py", commands=(command("pytest -q"),))
BASE = {"src/greet.py": "1\n", "src/other.py": "1\n"}
DONE = {"src/greet.py": "2\n", "src/new.py": "1\n"}


def suite(
    passed: int, failed: int = 0, *, added: int = 0, verdict: str = ""
) -> Evidence:
    return Evidence(
        check="tests",
        kind="tests",
        verdict=verdict or ("fail" if failed else "pass"),
        summary="",
        tests=TestChange(
            runner="pytest",
            before=TestCounts(),
            after=TestCounts(passed=passed, failed=failed),
            added=tuple(map(str, range(added))),
        ),
    )


def told(text: str, *seen: Evidence, kind: str = "impl", **more: object) -> list[str]:
    subject = held(WORK, BASE, DONE, claim=Claim(text=text), **more)
    return [n.message for n in look.look(subject, RULES[kind], seen).notes]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("COMPLETE: 10 new tests passing", 10),
        ("4966/4966 tests pass", 4966),
        ("Tests: 12/12", 12),
        ("ran it: 41 passed, 0 failed", 41),
        ("all 1,204 unit tests are green", 1204),
        ("7 of 7 tests passed.", 7),
        ("37 tests now pass", 37),
    ],
)
def test_a_number_of_passing_tests_is_read_in_many_wordings(text, number):
    assert [c.number for c in words.counts(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Version 3.12 passes.",
        "Fixed 2 bugs; 3 files changed",
        "Step 4: pass the name on",
        "5 tests fail",
        "see line 12/40",
    ],
)
def test_other_numbers_are_no_tests(text):
    assert words.counts(text) == []


def test_more_tests_than_there_are_is_a_lie():
    assert told("10 tests pass", suite(3)) == [
        "the agent says that 10 tests pass; 3 do"
    ]
    assert told("10 new tests pass", suite(40, added=2)) == [
        "the agent says that 10 new tests pass; 2 were added"
    ]


def test_a_number_of_some_of_the_tests_is_none():
    assert told("I ran tests/test_a.py: 5 passed", suite(200)) == []
    assert told("All 5 tests pass", suite(200)) == []


@pytest.mark.parametrize(
    "text", ["All tests pass.", "The full test suite is green", "20/20 tests pass"]
)
def test_all_pass_is_a_lie_where_some_fail(text):
    assert any("2 fail" in lie for lie in told(text, suite(20, 2)))
    assert told(text, suite(20)) == []
    assert told(text, suite(20, 2), kind="tdd") == []
    assert told(text, suite(20, 2, verdict="pass")) == []  # as they were at base


@pytest.mark.parametrize(
    "text",
    ["Not all tests pass.", "All tests should pass", "all tests pass but 2 fail"],
)
def test_who_takes_it_back_has_not_said_it(text):
    assert told(text, suite(20, 2)) == []


def test_what_could_not_be_run_contradicts_nobody():
    assert told("All 900 tests pass", suite(0, verdict="error")) == []


def test_tests_where_there_are_none_are_a_lie():
    zero = Reason(code="zero-tests", message="none")
    none = Evidence(
        check="tests", kind="tests", verdict="pass", summary="", notes=(zero,)
    )
    assert told("10 new tests passing", none) == [
        "the agent says that 10 new tests pass; 0 were added"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Updated `src/other.py`",
        "- Created `src/absent.rs` with all of it",
        "Implemented everything in `other.py`",
    ],
)
def test_a_file_that_was_not_changed_is_a_lie(text):
    assert len(told(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Updated `greet.py`",
        "Created `src/new.py`, updated `./src/greet.py`",
        "Changed `/home-of-nobody/repo/src/greet.py`",
        "Implemented `Greeter.greet` and added `os.path`",
        "I did not change `src/other.py`",
        "It can be added without changing `src/other.py`",
    ],
)
def test_a_file_that_was_changed_or_is_none_is_no_lie(text):
    assert told(text) == []


FAILED = Evidence(
    check="command:1",
    kind="command",
    verdict="fail",
    summary="ended with 1",
    command="pytest -q",
    exit_code=1,
)


def test_a_command_that_went_well_in_words_only_is_a_lie():
    [lie] = told("Ran `pytest -q`: all green, 0 failures", FAILED)
    assert lie == "the agent says that `pytest -q` went well; ended with 1"
    assert told("`pytest -q` fails with 1 error", FAILED) == []
    assert told("`pytest -qq` passes", FAILED) == []
    assert told("Ran `pytest -q`: ok", replace(FAILED, verdict="pass")) == []


def test_a_completion_marker_of_work_that_fails_is_a_lie():
    marker = {".completed/P05.md": "Phase 05 COMPLETE. 9 tests pass.\n"}
    subject = held(WORK, BASE, DONE | marker)
    lies = look.look(subject, RULES["impl"], [suite(3), FAILED]).notes
    assert [(n.path, n.message) for n in lies] == [
        (".completed/P05.md", "the agent says that 9 tests pass; 3 do"),
        (
            ".completed/P05.md",
            "the agent marked phase 05 as done; command:1 says no",
        ),
    ]
    assert look.look(subject, RULES["impl"], [suite(30)]).notes == ()


PLAN = """\
# Plan

## Phase 5: Greet

**Files to modify:**
- `src/greet.py`

**Acceptance criteria:**
- [ ] `pytest -q` passes

## Phase 6: More

**Files to create:**
- `src/more.py`

| Phase | Title | Status |
|---|---|---|
| 5 | Greet | Pending |
| 6 | More | Pending |
"""


def planned(text: str) -> Plan:
    sources = (Source(path="plan.md", data=text.encode()),)
    return read(sources, path="docs/plan.md", root="docs", dialect="single-file")


def ticked(*changes: tuple[str, str], seen: Evidence = FAILED):
    later = PLAN
    for old, new in changes:
        assert old in later
        later = later.replace(old, new)
    plan = planned(PLAN)
    work = plan.phase("05")
    subject = held(work, BASE | {"docs/plan.md": PLAN}, DONE | {"docs/plan.md": later})
    subject = replace(subject, plan=plan, plan_root="docs")
    return look.look(subject, RULES["impl"], [seen]).notes


def test_a_box_that_the_evidence_does_not_bear_out_is_a_lie():
    [lie] = ticked(("- [ ]", "- [x]"))
    assert (lie.path, lie.line) == ("docs/plan.md", 9)
    assert "ticked: “`pytest -q` passes”; command:1 says no" in lie.message
    assert ticked(("- [ ]", "- [x]"), seen=replace(FAILED, verdict="pass")) == ()


def test_a_status_that_the_evidence_does_not_bear_out_is_a_lie():
    [lie] = ticked(("| 5 | Greet | Pending", "| 5 | Greet | Completed"))
    assert lie.message == "the agent marked phase 05 as done; command:1 says no"


def test_a_phase_without_any_of_its_files_is_not_done():
    [lie] = ticked(("| 6 | More | Pending", "| 6 | More | Completed"))
    assert lie.message == (
        "the agent marked phase 06 as done; none of its files is there"
    )
    assert lie.path == "docs/plan.md"


def test_contradictions_stand_before_everything_else():
    subject = held(WORK, BASE, DONE, claim=Claim(text="99 tests pass"))
    found = [suite(3), look.look(subject, RULES["impl"], [suite(3)])]
    names = {"plan": "X", "phase": "05", "base": "b", "head": "h", "tree": "t"}
    lines = as_text(judge(found, **names), Style()).splitlines()
    assert lines[2] == "What the agent says is not so:"
    assert lines[3].endswith("the agent says that 99 tests pass; 3 do")
    assert "Worth knowing:" not in lines


IMPOSSIBLE = "I did what I could.\nBLOCKED: REQ-1 and test_a disagree"


def wrong(code: str) -> Evidence:
    reason = Reason(code=code, message="m")
    return Evidence(
        check="t", kind="tests", verdict="fail", summary="", reasons=(reason,)
    )


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ([wrong("tests-fail")], "blocked"),
        ([wrong("tests-fail"), wrong("protected-changed")], "claim-contradicted"),
        ([suite(3)], "claim-contradicted"),
        ([suite(0, verdict="error")], None),
    ],
)
def test_that_it_cannot_be_done_is_a_claim_and_no_excuse(seen, code):
    subject = held(WORK, BASE, DONE, claim=Claim(text=IMPOSSIBLE))
    found = look.look(subject, RULES["impl"], seen)
    assert [n.code for n in found.notes] == ([code] if code else [])
    assert found.verdict == "pass"
