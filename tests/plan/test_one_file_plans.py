"""How a plan in one file is read: biscuit, execution-plan, headings, boxes, free."""

from pathlib import Path

import pytest

from weighlock.disk import load
from weighlock.plan.model import Plan, Source
from weighlock.plan.read import read

PLANS = Path(__file__).parents[1] / "data/plans"


def one(text: str, name: str = "notes.md") -> Plan:
    return read([Source(path=name, data=text.encode())], path=name, root=".")


def harbour() -> Plan:
    return load(PLANS / "harbour.md")


def test_biscuit_phases_keep_half_numbers():
    plan = harbour()
    assert plan.dialect == "biscuit"
    assert [p.key for p in plan.phases] == ["01", "1.5", "02", "03"]


def test_none_needs_nothing_even_when_other_phases_are_mentioned():
    phase = harbour().phases[0]
    assert (phase.needs, phase.needs_from) == ((), "stated")


def test_words_in_brackets_after_a_need_do_not_hide_it():
    assert harbour().phases[1].needs == ("01",)


def test_all_previous_phases_means_every_one_before():
    assert harbour().phases[3].needs == ("01", "1.5", "02")


@pytest.mark.parametrize(
    ("at", "owner"), [(0, "Rust Developer"), (1, "general-purpose"), (2, "keeper")]
)
def test_the_owner_is_read_from_each_sub_form(at: int, owner: str):
    assert harbour().phases[at].owner == owner


def test_the_blast_radius_is_the_command_alone():
    assert harbour().phases[0].blast_radius == "cargo test -p quay"


def test_skills_estimate_and_group_are_read():
    _, crane, lighthouse, _ = harbour().phases
    assert crane.skills == ("rust", "serde")
    assert crane.group == "1.5+02"
    assert lighthouse.estimate == "1-2 hours"


def test_an_entry_of_a_mixed_list_says_its_own_action():
    files = [(f.path, f.action) for f in harbour().phases[0].files]
    assert files == [("quay/Cargo.toml", "modify"), ("quay/src/lib.rs", "create")]


def test_a_deliverable_may_name_its_owner():
    found = [d.owner for d in harbour().phases[0].deliverables]
    assert found == [None, "Crane Expert", "keeper", None]


def test_mangled_glyphs_are_read_and_reported():
    plan = load(PLANS / "mangled-execution-plan.md")
    states = [p.status for p in plan.phases]
    assert states == ["completed", "in_progress", "pending"]
    assert "text-mangled" in {p.code for p in plan.problems}


def test_a_plan_beside_its_template_is_read_once_from_the_filled_copy():
    plan = load(PLANS / "mangled-execution-plan.md")
    titles = [(p.key, p.title) for p in plan.phases]
    assert titles == [("01", "Hull"), ("02", "Engine"), ("03", "Maiden voyage")]
    assert plan.title == "Ferry"


def test_things_to_install_are_no_needs_and_no_files():
    first = load(PLANS / "mangled-execution-plan.md").phases[0]
    assert [f.path for f in first.files] == ["src/hull.py"]
    assert first.needs_from == "stated"


def test_the_unit_that_stands_highest_is_the_phase():
    plan = one("# P\n## Task 1: A\n### Step 1: x\n### Step 2: y\n## Task 2: B\n")
    assert [p.title for p in plan.phases] == ["A", "B"]


def test_headings_below_a_phase_with_its_word_are_parts_of_it():
    plan = one(
        "# P\n## Wave 1: A\n### Wave 1 agents\n## Wave 2: B\n### Wave 2 agents\n"
    )
    assert [p.title for p in plan.phases] == ["A", "B"]


def test_plain_numbers_make_phases_only_when_nothing_else_does():
    assert len(one("# P\n## 1. A\n## 2. B\n").phases) == 2
    text = "# P\n## 1. Dig\n## 2. Fill\n### Phase 1: A\n### Phase 2: B\n"
    assert [p.title for p in one(text).phases] == ["A", "B"]


def test_numbered_chapters_of_a_document_are_no_phases():
    plan = one("# P\n## 1. Problem\n## 2. Design\n## 3. Changes\n")
    assert [p.title for p in plan.phases] == ["P"]


def test_a_lone_number_above_the_others_is_a_phase_too():
    plan = one("# P\n## Phase 0.5: Look\n# Phase 1: A\n# Phase 2: B\n")
    assert [p.key for p in plan.phases] == ["0.5", "01", "02"]


def test_a_gsd_plan_holds_tasks():
    text = "<tasks>\n<task type='auto'>\n  <name>Task 1: Dig</name>\n"
    text += "  <files>a/b.py, c.py</files>\n  <done>dug</done>\n</task>\n</tasks>\n"
    (phase,) = one(text, "03-01-PLAN.md").phases
    assert (phase.key, phase.title) == ("01", "Dig")
    assert [f.path for f in phase.files] == ["a/b.py", "c.py"]


def test_a_gsd_command_may_span_lines_and_say_what_to_expect():
    told = 'node -e "\nif (a) {}\n"\ngrep -c x a.js &amp;&amp; ls\n# Expected: 2'
    text = "<task>\n<name>Dig</name>\n<action>cut</action>\n<verify><automated>"
    text += told + "</automated></verify>\n</task>"
    (phase,) = one(text, "03-01-PLAN.md").phases
    first, second = phase.commands
    assert (first.text, first.source.line) == ('node -e "\nif (a) {}\n"', 4)
    assert second.text == "grep -c x a.js && ls"
    assert (second.expect.form, second.expect.value) == ("exact", 2)


def test_a_gsd_folder_holds_plans_with_the_needs_of_their_front_matter():
    head = b"---\nwave: 1\ndepends_on: [%s]\n---\n<objective>\nDig.\n"
    sources = [
        Source(path="03-01-PLAN.md", data=head % b""),
        Source(path="03-02-PLAN.md", data=head % b'"03-01"'),
        Source(path="03-01-SUMMARY.md", data=b"# Phase 3 Plan 1"),
    ]
    plan = read(sources, path="x", root="x")
    assert [(p.key, p.needs) for p in plan.phases] == [
        ("03-01", ()),
        ("03-02", ("03-01",)),
    ]


def test_headings_inside_fences_are_no_phases():
    text = "# P\n## Phase 1: A\n```markdown\n## Phase 8: no\n```bash\nls\n```\n```\n"
    plan = one(text + "## Phase 2: B\n")
    assert [p.key for p in plan.phases] == ["01", "02"]


def test_a_fence_that_is_never_closed_does_not_swallow_later_phases():
    plan = one("# P\n## Phase 1: A\n```bash\nls\n\n## Phase 2: B\ntext\n")
    assert [p.key for p in plan.phases] == ["01", "02"]


def test_a_list_of_files_to_write_is_a_list_of_phases():
    plan = one("# Files\n#### 01-stub.md\ntext\n#### 01a-stub-verification.md\ntext\n")
    assert [(p.key, p.verifies) for p in plan.phases] == [("01", None), ("01a", "01")]


def test_a_tracker_alone_yields_its_rows():
    head = "# T\n\n| Phase | Status |\n|---|---|\n"
    plan = one(head + "| 01 | done |\n| **Part** |\n| 02 | ⬜ |\n")
    assert [(p.key, p.status) for p in plan.phases] == [
        ("01", "completed"),
        ("02", "pending"),
    ]


def test_a_plan_without_numbers_is_one_phase():
    plan = one("# Mend the fence\n\nBuy wood.\n")
    assert (plan.dialect, [p.key for p in plan.phases]) == ("free", ["01"])
    assert plan.phases[0].title == "Mend the fence"


def test_the_lowest_numbered_box_is_the_phase():
    text = "- [x] 1. Base\n  - [x] 1.1 Lay stones\n  - [ ]\\* 1.2 Test\n"
    plan = one(text + "    - _Requirements: 1.3, 9.1_\n", "tasks.md")
    found = [(p.key, p.group, p.status) for p in plan.phases]
    assert found == [("1.1", "Base", "completed"), ("1.2", "Base", "pending")]
    assert plan.phases[1].requirements == ("1.3", "9.1")


def test_spec_kit_boxes_keep_their_own_numbers():
    text = "# Tasks: Mill\n## Phase 1: Setup\n- [ ] T001 [P] [US1] Dig in src/a.py\n"
    plan = one(text + "- [X] T002 Fill\n", "tasks.md")
    assert [(p.key, p.title) for p in plan.phases] == [
        ("T001", "Dig in src/a.py"),
        ("T002", "Fill"),
    ]


def test_a_run_line_is_a_command_with_the_words_below_it():
    text = "# P\n## Phase 1: A\nRun: `pytest -q`\nExpected: FAIL (no module)\n"
    (command,) = one(text).phases[0].commands
    assert (command.text, command.expect.form) == ("pytest -q", "fail")


def test_a_dialect_can_be_named():
    plan = read(
        [Source(path="a.md", data=b"# A\n## Phase 1: B\n")],
        path="a.md",
        root=".",
        dialect="free",
    )
    assert (plan.dialect, len(plan.phases)) == ("free", 1)


def test_positions_count_from_the_plans_root():
    plan = load(PLANS / "harbour.md")
    assert plan.phases[0].source.file == (PLANS / "harbour.md").as_posix()
    assert plan.phases[0].source.line == 9


def test_a_phase_keeps_its_own_text_to_the_last_character():
    plan = one("# P\n## Phase 1: A\n\n  odd\ttext \n## Phase 2: B\n")
    assert plan.phases[0].text == "## Phase 1: A\n\n  odd\ttext "


def test_commands_that_only_act_are_no_checks_unless_something_is_expected():
    text = "# P\n## Phase 1: A\n```bash\ngit mv a b\ngit add -A && git commit -m x\n"
    text += "git tag --list | grep v1\ngit checkout main\n# Expected: fails\nls\n```\n"
    found = [c.text for c in one(text).phases[0].commands]
    assert found == ["git tag --list | grep v1", "git checkout main", "ls"]


def test_a_deliverable_that_starts_with_a_path_is_a_file():
    text = "# P\n## Phase 1: A\n**Deliverables:**\n- `docs/a.md`, the guide\n"
    text += "- `Cargo.toml` updated\n- `run` subcommand\n- Delete `old.py`\n"
    files = one(text).phases[0].files
    assert [(f.path, f.action) for f in files] == [
        ("docs/a.md", "create"),
        ("Cargo.toml", "modify"),
        ("old.py", "delete"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "move `src/a.py` to `lib/a.py`",
        "Rename `src/a.py` → `lib/a.py`",
        "**Move**: src/a.py -> lib/",
        "`src/a.py` => `lib/a.py` (renamed)",
    ],
)
def test_a_move_is_one_file_gone_and_another_there(entry: str):
    text = f"# P\n\n## Phase 01: Move\n\nFiles:\n- {entry}\n- modify `x.py`\n"
    files = [(f.path, f.action) for f in one(text).phases[0].files]
    assert files == [
        ("src/a.py", "delete"),
        ("lib/a.py", "create"),
        ("x.py", "modify"),
    ]


def test_a_box_before_a_number_and_a_struck_heading_are_states():
    text = (
        "# P\n\n## [x] Phase 1: Hull\n\n## ~~Phase 2: Mast~~\n\n## [ ] Phase 3: Crew\n"
    )
    plan = read([Source(path="p.md", data=text.encode())], path="p.md", root=".")
    assert [(p.key, p.title, p.status) for p in plan.phases] == [
        ("01", "Hull", "completed"),
        ("02", "Mast", "cancelled"),
        ("03", "Crew", "pending"),
    ]
