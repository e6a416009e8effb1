"""How a folder of phase files is read."""

from pathlib import Path

from weighlock.disk import load
from weighlock.plan.model import Source
from weighlock.plan.read import read

LANTERN = Path(__file__).parents[1] / "data/plans/lantern"


def folder(**files: str):
    sources = [
        Source(path=name.replace("__", "/") + ".md", data=text.encode())
        for name, text in files.items()
    ]
    return read(sources, path="x", root="x")


def test_a_folder_gives_one_phase_per_file_in_the_order_of_their_numbers():
    plan = load(LANTERN)
    assert plan.dialect == "phase-directory"
    assert [p.key for p in plan.phases] == ["00", "01", "01a", "02"]
    assert plan.phases[1].title == "Wick stub"
    assert plan.id == "PLAN-20261101-LANTERN"


def test_the_plan_folder_itself_names_the_same_plan():
    keys = [p.key for p in load(LANTERN / "plan").phases]
    assert keys == [p.key for p in load(LANTERN).phases]
    assert len(load(LANTERN / "plan").tracker) == 3


def test_only_required_lines_of_the_prerequisites_are_needs():
    phase = load(LANTERN).phase("01")
    assert phase
    assert (phase.needs, phase.needs_from) == (("00",), "stated")


def test_a_range_takes_in_the_lettered_phases_between():
    phase = load(LANTERN).phase("02")
    assert phase
    assert phase.needs == ("00", "01", "01a")


def test_a_lettered_verification_phase_checks_the_phase_of_its_number():
    phase = load(LANTERN).phase("01a")
    assert phase
    assert (phase.kind, phase.verifies) == ("verification", "01")


def test_files_keep_the_action_their_heading_says():
    phase = load(LANTERN).phase("01")
    assert phase
    assert [(f.path, f.action, f.source.line) for f in phase.files] == [
        ("src/wick.py", "create", 21),
        ("tests/test_wick.py", "create", 23),
        ("src/lamp.py", "keep", 27),
    ]


def test_commands_carry_what_is_expected_and_recovery_is_no_check():
    phase = load(LANTERN).phase("01")
    assert phase
    found = [(c.source.line, c.expect.form, c.expect.value) for c in phase.commands]
    assert found == [(33, "default", None), (35, "none", None), (38, "min", 2.0)]


def test_criteria_keep_the_authors_ticks():
    phase = load(LANTERN).phase("01")
    assert phase
    assert [(c.text, c.done) for c in phase.criteria] == [
        ("It imports", True),
        ("It is small", False),
    ]


def test_markers_are_asked_of_producing_phases_only():
    plan = load(LANTERN)
    asked = {p.key: p.markers for p in plan.phases}
    assert asked == {"00": False, "01": True, "01a": False, "02": True}


def test_requirements_are_defined_spread_out_and_joined_with_the_coverage_table():
    plan = load(LANTERN)
    phases = {r.id: r.phases for r in plan.requirements}
    assert phases == {
        "REQ-LAN-001": ("01", "02"),
        "REQ-LAN-002": ("02",),
        "REQ-LAN-003": ("02",),
        "REQ-LAN-004": (),
    }


def test_the_tracker_gives_rows_of_phases_and_no_others():
    rows = [(r.key, r.status) for r in load(LANTERN).tracker]
    assert rows == [("00", "completed"), ("01", "pending"), ("01a", "failed")]


def test_a_completion_marker_is_a_status_only_where_the_tracker_is_silent():
    plan = load(LANTERN)
    states = {p.key: p.status for p in plan.phases}
    assert states == {
        "00": "completed",
        "01": "pending",
        "01a": "failed",
        "02": "completed",
    }


def test_two_of_file_name_heading_and_id_win_and_a_problem_says_so():
    text = "# Phase 03c: X\n\n## Phase ID\n`PLAN-A1.P03c`\n"
    plan = folder(plan__03b=text, plan__04="# Phase 04: Y")
    assert [p.key for p in plan.phases] == ["03c", "04"]
    assert [p.code for p in plan.problems] == ["key-disagrees"]


def test_where_nothing_agrees_the_file_name_wins():
    plan = folder(plan__03b="# Phase 07: X", plan__04="# Phase 04: Y")
    assert [p.key for p in plan.phases] == ["03b", "04"]


def test_preflight_may_be_called_00a_or_half():
    text = "# Phase 0.5: Preflight\n"
    need = "# Phase 01: X\n## Prerequisites\n- Required: Phase 0.5 completed\n"
    plan = folder(plan__00a=text, plan__01=need)
    assert [(p.key, p.needs) for p in plan.phases] == [("00a", ()), ("01", ("00a",))]
    assert plan.problems == ()


def test_a_number_that_stands_twice_is_kept_and_reported():
    plan = folder(plan__03_a="# Phase 03: A", plan__03_b="# Phase 03: B")
    assert [p.key for p in plan.phases] == ["03", "03#2"]
    assert [p.code for p in plan.problems] == ["key-duplicate"]


def test_a_need_of_a_phase_that_is_not_there_is_reported_with_its_line():
    text = "# Phase 02: X\n## Prerequisites\n- Required: Phase 09 completed\n"
    plan = folder(plan__01="# Phase 01: Y", plan__02=text)
    (problem,) = plan.problems
    assert (problem.code, problem.source and problem.source.line) == ("need-unknown", 3)


def test_a_need_given_by_order_alone_never_makes_a_cycle():
    early = "# Phase 01: X\n## Prerequisites\n- Required: Phase 03 completed\n"
    plan = folder(plan__01=early, plan__02="# Phase 02: Y", plan__03="# Phase 03: Z")
    first = plan.phase("01")
    third = plan.phase("03")
    assert first
    assert third
    assert first.needs == ("03",)
    assert "01" not in third.needs + (plan.phase("02") or third).needs


def test_a_range_of_two_numbers_is_no_key_of_its_own():
    last = "# Phase 04: X\n## Prerequisites\n- Required: Phases 01-03 completed\n"
    files = {f"plan__0{n}": f"# Phase 0{n}: Y" for n in (1, 2, 3)}
    phase = folder(**files, plan__04=last).phase("04")
    assert phase
    assert phase.needs == ("01", "02", "03")


def test_a_wildcard_stands_for_the_requirements_that_are_defined():
    text = "# Phase 01: X\n## Requirements Implemented\n- REQ-A-PR* and REQ-B-*\n"
    defined = "### REQ-A-PR1: a\n### REQ-A-PR2: b\n### REQ-A-CL1: c\n"
    plan = folder(plan__01=text, plan__02="# Phase 02: Y", requirements=defined)
    assert plan.phases[0].requirements == ("REQ-A-PR1", "REQ-A-PR2")


def test_a_v_behind_the_number_names_its_verification():
    plan = folder(
        plan__P10="# Phase 10: Cut",
        plan__P10a="# Phase 10a: Sew",
        **{"plan__P10a-V": "# Phase 10a-V: Look at the seams"},
    )
    twin = plan.phases[2]
    assert (twin.key, twin.title) == ("10a#2", "Look at the seams")
    assert (twin.kind, twin.verifies) == ("verification", "10a")
    assert [p.severity for p in plan.problems] == ["info"]
