"""Plans of the agent tools, as people write them: boxes, stories, tags and JSON."""

from pathlib import Path

import pytest

from weighlock.disk import load
from weighlock.errors import PlanError
from weighlock.plan.model import Dialect, Plan, Source
from weighlock.plan.read import read


def plan_of(files: dict[str, str], dialect: Dialect | None = None) -> Plan:
    sources = [Source(path=p, data=text.encode()) for p, text in files.items()]
    path = next(iter(files)) if len(files) == 1 else "plan"
    return read(sources, path=path, root=".", dialect=dialect)


def codes(plan: Plan) -> list[str]:
    return [problem.code for problem in plan.problems]


KIRO = {
    "requirements.md": "# R\n### Requirement 1\n#### Acceptance Criteria\n"
    "1. WHEN a THEN it SHALL b\n2. IF c\n   THEN d\n"
    "### Requirement 2: More\n#### Acceptance Criteria\n2.1 WHERE e\n",
    "tasks.md": "# Implementation Plan: Login\r\n- [-] 1. Sessions\r\n"
    "\t- [x] 1.1 Create `src/store.ts`\r\n\t\t- _Requirements: 1.1-1.2_\r\n"
    "  - [ ]* 1.2 Write tests\r\n    - **Validates: Requirements 2**\r\n"
    "- [-] 2. Add e-mail verification (depends on 1)\r\n  - _Requirements: All_\r\n",
}


def test_kiro_leaves_cite_criteria_that_are_defined_beside_them():
    plan = plan_of(KIRO)
    assert (plan.dialect, plan.title) == ("kiro", "Login")
    cited = {p.key: p.requirements for p in plan.phases}
    assert cited == {
        "1.1": ("1.1", "1.2"),
        "1.2": ("2.1",),
        "02": ("1.1", "1.2", "2.1"),
    }
    second = plan.requirements[1]
    assert (second.id, second.text) == ("1.2", "IF c THEN d")
    assert second.source is not None
    assert second.source.line == 5


def test_kiro_boxes_say_states_needs_files_and_what_is_optional():
    first, second, third = plan_of(KIRO).phases
    assert [(f.path, f.action) for f in first.files] == [("src/store.ts", "create")]
    assert second.status_text == "[ ]*"
    assert third.status == "in_progress"
    assert third.needs == ("1.1", "1.2")
    assert third.kind == "impl"


def test_spec_kit_runs_what_is_parallel_side_by_side():
    boxes = (
        "# Tasks: Pay\n## Phase 1: Setup\n- [X] T001 Set up\n"
        "- [ ] T002 [P] [US1] Add model to src/pay.py (FR-001)\n"
        "- [ ] **T003** [P] Configure lint\n- [ ] T004 Review src/old.py\n"
        "- [ ] T005 Wire it (depends on T001, T002)\n"
    )
    spec = (
        "### User Story 1 - Pay\n1. **Given** a cart, **When** paid\n- **FR-001**: x\n"
    )
    plan = plan_of({"tasks.md": boxes, "spec.md": spec})
    assert plan.dialect == "spec-kit"
    needs = [p.needs for p in plan.phases]
    assert needs == [(), ("T001",), ("T001",), ("T002", "T003"), ("T001", "T002")]
    assert [f.path for p in plan.phases for f in p.files] == ["src/pay.py"]
    story = next(r for r in plan.requirements if r.id == "US1")
    assert story.phases == ("T002",)
    assert "Given" in story.text


def test_openspec_deltas_are_requirements_and_a_section_counts_its_boxes():
    boxes = "## 1. Code\n- [x] 1.1 Do\n- [ ] 1.2 More\n## 2. Docs\n- [ ] Tell\n"
    delta = (
        "## ADDED Requirements\n### Requirement: Two Factors\nIt SHALL ask.\n"
        "#### Scenario: Good\n- **WHEN** a\n- **THEN** b\n"
        "## REMOVED Requirements\n### Requirement: Old\n"
    )
    plan = plan_of({"tasks.md": boxes, "specs/auth/spec.md": delta})
    assert [p.key for p in plan.phases] == ["1.1", "1.2", "2.1"]
    assert [r.id for r in plan.requirements] == ["auth/two-factors"]
    assert "**WHEN** a" in plan.requirements[0].text


STORY = (
    "# Story 1.2: Login\n**Status:** Ready for Review\n## Story\nAs\n"
    "## Acceptance Criteria\n1. Shown\n2. Refused\n## Tasks / Subtasks\n"
    "- [x] Create form (AC: 1)\n  - [x] Create `src/Form.tsx`\n- [ ] Test (AC: All)\n"
    "## Dev Notes\n### File List\n- src/other.ts\n"
)


def test_a_bmad_story_has_tasks_and_cites_its_criteria():
    plan = plan_of({"1.2.login.md": STORY})
    assert (plan.dialect, plan.title, plan.status) == ("bmad", "Login", "in_progress")
    assert [p.requirements for p in plan.phases] == [("1",), ("1", "2")]
    assert [f.path for f in plan.phases[0].files] == ["src/Form.tsx"]


def test_a_folder_of_bmad_stories_holds_stories():
    other = STORY.replace("1.2: Login", "1.10: Out")
    plan = plan_of(
        {
            "1.10.out.md": other,
            "1.2.login.md": STORY,
            "sprint-status.yaml": "status:\n  1-2-login: done\n",
        }
    )
    assert [p.key for p in plan.phases] == ["1.2", "1.10"]
    assert plan.phases[0].requirements == ("1.2-AC1", "1.2-AC2")
    assert [(r.key, r.status) for r in plan.tracker] == [("1.2", "completed")]


GSD = (
    "---\nwave: 2\ndepends_on: [1]\nfiles_modified:\n- src/a.ts\nmust_haves:\n"
    '  truths:\n  - "User can: save"\n  artifacts:\n  - path: src/a.ts\n'
    "    provides: types\n---\n<objective>Save it</objective>\n<task type=auto>\n"
    "<name>Task 1: Types</name>\n<files>src/a.ts, src/b.ts (new)</files>\n<verify>\n"
    "<automated>npm test</automated>\nIt compiles\n</verify>\n</task>\n"
)


def test_a_gsd_folder_holds_plans_and_a_gsd_file_tasks():
    files = {
        "ROADMAP.md": "# Roadmap: App\n- [x] 03-01-PLAN.md — first\n",
        "phases/03-x/03-01-PLAN.md": GSD.replace("[1]", "[02-04]"),
        "phases/03-x/03-02-PLAN.md": GSD,
        "phases/03-x/03-01-SUMMARY.md": "# done",
    }
    plan = plan_of(files)
    assert [(p.key, p.needs, p.status) for p in plan.phases] == [
        ("03-01", (), "completed"),
        ("03-02", ("03-01",), "pending"),
    ]
    assert codes(plan) == []
    assert [(r.key, r.status) for r in plan.tracker] == [("03-01", "completed")]
    (task,) = plan_of({"03-01-PLAN.md": GSD}).phases
    assert [(f.path, f.action) for f in task.files] == [
        ("src/a.ts", "modify"),
        ("src/b.ts", "create"),
    ]
    assert [(c.text, c.source.line) for c in task.commands] == [("npm test", 18)]
    assert [c.text for c in task.criteria] == [
        "It compiles",
        "User can: save",
        "`src/a.ts`: provides types",
    ]


def test_an_exec_plan_has_milestones_and_its_progress_says_how_far_they_are():
    plan = plan_of(
        {
            "x.md": "# Cache\n## Purpose / Big Picture\n## Progress\n"
            "- [x] (2026-01-01) Milestone 1: done\n## Decision Log\n## Plan of Work\n"
            "## Milestones\n### Milestone 1: A\n### Milestone 2 — B\n"
            "## Validation and Acceptance\n- It answers\n"
        }
    )
    assert plan.dialect == "execplan"
    assert [(p.key, p.status) for p in plan.phases] == [
        ("01", "completed"),
        ("02", "pending"),
    ]
    assert [c.text for c in plan.phases[-1].criteria] == ["It answers"]


def test_a_plan_inside_one_fence_is_read_and_what_is_only_read_is_kept():
    text = (
        "````markdown\n# Cache\n> **For Claude:** use superpowers:x\n## Task 1: Store\n"
        "- Create: `src/a.py`\n- Read: `src/b.py`\n```bash\nls\n```\n````\n"
    )
    (phase,) = plan_of({"x.md": text}).phases
    assert {f.path: f.action for f in phase.files} == {
        "src/a.py": "create",
        "src/b.py": "keep",
    }
    assert phase.source.line == 4


TASKS = """{"master": {"tasks": [
  {"id": 1, "title": "A", "status": "done", "dependencies": [],
   "details": "- Create `src/a.py`\\n```bash\\npytest -q\\n```",
   "subtasks": [{"id": 1, "title": "s", "status": "done"}]},
  {"id": "2", "title": "B", "status": "odd", "dependencies": ["1.1"]}
]}, "x": {"tasks": [{"id": 1, "title": "X"}]}}"""


def test_task_master_entries_are_phases_with_places_in_the_json():
    plan = plan_of({"tasks.json": TASKS})
    first, second = plan.phases
    assert (first.source.line, first.source.end_line) == (2, 4)
    assert [(c.text, c.source.line) for c in first.commands] == [("pytest -q", 3)]
    assert [(f.path, f.source.line) for f in first.files] == [("src/a.py", 3)]
    assert [(c.text, c.done) for c in first.criteria] == [("1.1 s", True)]
    assert (second.needs, second.status, second.status_text) == (
        ("01",),
        "pending",
        "odd",
    )
    assert codes(plan) == ["tags-unread"]


def test_task_master_reads_the_tag_that_its_state_names():
    plan = plan_of({"tasks/tasks.json": TASKS, "state.json": '{"currentTag": "x"}'})
    assert [p.title for p in plan.phases] == ["X"]


@pytest.mark.parametrize(
    ("text", "place"),
    [('{"tasks": [\n {"id": 1},\n]}', (3, 1)), ("[" * 100_000, (1, 1)), ("{", (1, 2))],
)
def test_broken_json_is_told_with_its_place(text: str, place: tuple[int, int]):
    (problem,) = plan_of({"tasks.json": text}).problems
    assert problem.code == "json-broken"
    assert problem.source is not None
    assert (problem.source.line, problem.source.column) == place


@pytest.mark.parametrize(
    "entry",
    ["1", "null", "{}", '{"id": 1e400, "title": [1], "status": {}, "subtasks": 3}'],
)
def test_entries_of_any_type_give_problems(entry: str):
    plan = plan_of({"tasks.json": f'{{"tasks": [{entry}]}}'})
    assert set(codes(plan)) == {"entry-unreadable"}
    assert len(plan.phases) == 1


def test_a_dialect_that_finds_nothing_says_what_would():
    plan = plan_of({"tasks.md": "- [ ] 1.1 A\n- [ ] 1.2 B\n"}, dialect="bmad")
    (problem,) = plan.problems
    assert problem.code == "dialect-empty"
    assert "openspec (2 phases)" in problem.hint


def test_two_readings_are_told_with_their_numbers_of_phases():
    boxes = "- [ ] 1. A\n  - [ ] 1.1 B\n    - _Requirements: 1.1_\n- [ ] 2. C\n"
    plan = plan_of({"tasks.md": boxes, "proposal.md": "## Why\n"})
    (problem,) = plan.problems
    assert problem.code == "dialect-unclear"
    assert "openspec (2 phases)" in problem.message
    assert "kiro (2 phases)" in problem.message


def test_a_folder_that_collects_plans_gives_its_one_plan_or_names_them(tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / "specs" / name).mkdir(parents=True)
        (tmp_path / "specs" / name / "tasks.md").write_text("- [ ] 1. A\n- [ ] 2. B\n")
    with pytest.raises(PlanError, match="2 plans in this folder: specs/a, specs/b"):
        load(tmp_path)
    (tmp_path / "specs/b/tasks.md").unlink()
    assert len(load(tmp_path).phases) == 2
