"""A plan of any dialect, written as a folder of phases, still says the same."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.disk import load
from weighlock.plan.encoding import decode
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read
from weighlock.plan.write.adopt import Adopted, adopt

DATA = Path(__file__).parent.parent / "data" / "plans"
HOME = "project-plans/it"


def read_one(text: str, name: str = "plan.md") -> Plan:
    return read([Source(path=name, data=text.encode())], path=name, root=".")


def hold_the_law(plan: Plan) -> Adopted:
    """Every field reads as before, and every line is somewhere."""
    done = adopt(plan, home=HOME)
    assert {m.key: m.lost for m in done.moved if m.lost} == {}
    assert [p.key for p in done.plan.phases] == [m.new_key for m in done.moved]
    kept = {line.strip() for data in done.files.values() for line in decode(data).lines}
    titles = {p.title for p in plan.phases}
    lost = [
        line
        for source in plan.sources
        for line in decode(source.data).lines
        if line.strip() not in kept and not any(t and t in line for t in titles)
    ]
    assert lost == []
    return done


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda p: p.name)
def test_plans_of_the_shelf_keep_all_that_they_say(path: Path):
    hold_the_law(load(path))


LINES = (
    "**Files to create:**\n- `src/a.py`\n- `src/b.py`",
    "**Files to modify:** `src/c.py`",
    "**Owner:** Ann",
    "**Skills:** rust, sql",
    "**Estimate:** 1-2 hours",
    "**Status:** In progress",
    "**Blast Radius:** `pytest tests/x.py`",
    "**Parallel:** Yes (with Phase 1)",
    "**Group:** Wave two",
    "```bash\npytest -q\n# Expected: All tests pass\ngrep -c a b\n# Expected: 2+\n```",
    "```bash\nfor x in a b; do\n  test -s $x\ndone\n```",
    "````markdown\n## Phase 9: Not one\n```bash\nls\n```\n````",
    "**Acceptance criteria:**\n- [x] it works\n- [ ] `pytest` passes",
    "**Deliverables:**\n- A page (owner: Bob)\n- A test",
    "**Requirements:** REQ-1, REQ-2",
    "### Notes\n\nSome words about Phase 1 and nothing else.",
    "<!-- a remark -->",
    "| a | b |\n|---|---|\n| 1 | 2 |",
)
FORMS = ("## Phase {}: {}", "### Step {}. {}", "## {}. {}")


@st.composite
def plans(draw: st.DrawFn) -> str:
    form = draw(st.sampled_from(FORMS))
    lines = ["# A plan", "", "Words before the phases.", ""]
    for number in range(1, draw(st.integers(2, 5)) + 1):
        name = draw(st.sampled_from(("Paper", "Ink stub", "Verify ink", "`a.py`")))
        lines += [form.format(number, name), ""]
        if number > 1 and draw(st.booleans()):
            before = draw(st.integers(1, number - 1))
            lines += [
                f"**Dependencies:** {form.split()[1].format(before)} {before}",
                "",
            ]
        for text in draw(st.lists(st.sampled_from(LINES), max_size=5, unique=True)):
            lines += [text, ""]
    return "\n".join(lines)


@settings(max_examples=12, deadline=None)
@given(plans())
def test_a_plan_keeps_all_that_it_says(text: str):
    hold_the_law(read_one(text))


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(plans())
def test_many_plans_keep_all_that_they_say(text: str):
    hold_the_law(read_one(text))


BOXES = """# Tasks

## Core

- [ ] 1. Types
  - [x] 1.1 Write them in `src/types.ts`
    - _Requirements: 1.2, 2.1_
  - [ ] 1.2.1 Test them
- [ ] 2. Store
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".kiro/specs/x/tasks.md", BOXES),
        ("tasks.md", "# T\n\n## Phase 3: Core\n\n- [ ] T001 a\n- [X] T002 [P] b\n"),
        (
            "plan.md",
            "# P\n\n## Phase 1: a\n\nx\n\n## Phase 2: b\n\ny\n\n## Phase 1: c\n",
        ),
        ("notes.md", "# Only words\n\nDo it.\n\n- [ ] a\n- [x] b\n"),
    ],
)
def test_keys_that_no_file_name_holds_are_counted_anew(name: str, text: str):
    plan = read_one(text, name)
    done = hold_the_law(plan)
    assert [m.key for m in done.moved] == [p.key for p in plan.phases]


def test_needs_and_twins_follow_the_new_numbers():
    text = (
        "# P\n\n- [ ] T001 a\n- [ ] T002 b (depends on T001)\n"
        "- [ ] T003 c (depends on T001, T002)\n"
    )
    plan = read_one(text, "tasks.md")
    done = adopt(plan, home=HOME)
    old = {m.key: m.new_key for m in done.moved}
    for phase in plan.phases:
        new = done.plan.phase(old[phase.key])
        assert new is not None
        assert new.needs == tuple(old[n] for n in phase.needs)


def test_a_verification_that_stands_apart_names_its_phase():
    text = (
        "# P\n\n## Phase 1: Ink\n\nx\n\n## Phase 2: Paper\n\ny\n\n"
        "## Phase 3: Verification of ink\n\n**Verifies:** Phase 1 (Ink)\n\n"
        "## Phase 4: Verification of both\n\n**Verifies:** Phases 1 and 2\n\n"
        "## Phase 5: Table\n\n**Verifies:** Phase 2\n"
    )
    plan = read_one(text)
    assert [p.verifies for p in plan.phases] == [None, None, "01", None, None]
    done = hold_the_law(plan)
    assert (
        "**Verifies:** Phase 01"
        in done.files["plan/03-verification-of-ink.md"].decode()
    )


def test_a_verification_of_a_phase_that_is_not_there_is_told():
    plan = read_one(
        "# P\n\n## Phase 1: Ink\n\nx\n\n## Phase 2: Verification\n\nVerifies: P09\n"
    )
    assert [p.code for p in plan.problems] == ["need-unknown"]
    assert "verifies phase 09" in plan.problems[0].message


def test_what_a_folder_cannot_say_is_named():
    plan = read_one("# P\n\n## Phase 1: a\n\n- [ ] Run it:\n\nx\n")
    done = adopt(plan, home=HOME)
    said = [m.lost for m in done.moved]
    same = [c.text for c in done.plan.phases[0].criteria] == [
        c.text for c in plan.phases[0].criteria
    ]
    assert same == (said == [()])
