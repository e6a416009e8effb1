import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.lint import RULES, lint
from weighlock.plan.model import FileAction, Phase, Plan, Source, Span
from weighlock.plan.read import read

PLAN = "PLAN-20260101-X"


def phase(
    number: str, title: str = "Work impl", body: str = "", needs: str = ""
) -> str:
    required = f"\n## Prerequisites\n- Required: {needs}\n" if needs else ""
    head = f"# Phase {number}: {title}\n\n## Phase ID\n`{PLAN}.P{number}`\n"
    return f"{head}{required}\n{body}\n"


def folder(*files: tuple[str, str]) -> Plan:
    sources = [Source(path=p, data=t.encode()) for p, t in files]
    return read(sources, path="project-plans/x", root="project-plans/x")


def numbered(*bodies: str) -> Plan:
    return folder(
        *(
            (f"plan/{n:02}-work.md", phase(f"{n:02}", body=b))
            for n, b in enumerate(bodies, 1)
        )
    )


def bare(*phases: Phase) -> Plan:
    return Plan(id="x", title="x", dialect="free", path="p.md", phases=phases)


def unit(key: str, *needs: str, group: str | None = None, changes: str = "") -> Phase:
    span = Span(file="p.md", line=int(key))
    files = (FileAction(path=changes, action="modify", source=span),) if changes else ()
    return Phase(
        key=key,
        title="T",
        needs=needs,
        needs_from="stated",
        group=group,
        files=files,
        source=span,
    )


def found(plan: Plan, number: str) -> list[str]:
    return [p.message for p in lint(plan) if p.code.startswith(f"WL{number}-")]


def shell(*lines: str) -> str:
    body = "\n".join(lines)
    return f"## Verification Commands\n```bash\n{body}\n```\n"


def test_every_rule_says_what_why_and_how_and_no_code_is_used_twice():
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"WL\d{3}-[a-z-]+", code) for code in codes)
    assert all(r.title and r.why.endswith(".") and r.cure.endswith(".") for r in RULES)


def test_a_clean_plan_has_no_problems():
    plan = folder(
        ("plan/01-stub.md", phase("01", "Stub", shell("test -f src/a.py"))),
        (
            "plan/02-impl.md",
            phase("02", "Impl", shell("pytest -q"), "Phase 01 completed"),
        ),
    )
    assert lint(plan) == ()


def test_problems_come_in_the_order_of_the_text():
    plan = numbered(shell("npm test || true"), shell("ls | wc -l", "npm test || true"))
    places = [(p.source.file, p.source.line) for p in lint(plan) if p.source]
    assert len(places) == 3
    assert places == sorted(places)


def test_a_cycle_is_told_with_its_path_and_the_place_of_each_need():
    plan = bare(unit("1", "3"), unit("2", "1"), unit("3", "2"))
    (problem,) = (p for p in lint(plan) if p.code == "WL101-cycle")
    assert "1 needs 3 needs 2 needs 1" in problem.message
    assert "2 needs 1 at p.md:2" in problem.hint
    assert problem.severity == "error"


def test_a_need_of_a_phase_that_is_not_there_is_an_error():
    plan = folder(
        ("plan/01-a.md", phase("01")),
        ("plan/02-b.md", phase("02", needs="Phase 09 completed")),
    )
    assert len(found(plan, "102")) == 1


def test_the_readers_problems_appear_under_the_codes_of_the_table():
    plan = folder(("plan/01-a.md", phase("01")), ("plan/01-b.md", phase("01")))
    assert len(found(plan, "103")) == 1
    assert all(p.code in {r.code for r in RULES} for p in lint(plan))


def test_a_number_that_is_left_out_is_named():
    plan = folder(*((f"plan/{n}-a.md", phase(n)) for n in ("01", "02", "05")))
    assert [m[:21] for m in found(plan, "104")] == [
        "there is no phase 03:",
        "there is no phase 04:",
    ]


def test_a_letter_or_a_fraction_is_no_gap():
    plan = folder(*((f"plan/{n}-a.md", phase(n)) for n in ("00a", "01", "01a", "02")))
    assert found(plan, "104") == []


def test_a_need_of_a_later_phase_is_pointed_out():
    assert found(bare(unit("1", "2"), unit("2")), "105") == [
        "phase 1 needs phase 2, which stands after it"
    ]


def test_a_missing_verification_twin_is_reported_where_the_others_have_one():
    names = ["01", "01a", "02", "02a", "03", "03a", "04"]
    plan = folder(
        *(
            (f"plan/{n}-x.md", phase(n, "Verification" if n[-1] == "a" else "Impl"))
            for n in names
        )
    )
    assert [m[:8] for m in found(plan, "107")] == ["phase 04"]


def test_a_plan_without_twins_is_not_asked_for_them():
    assert found(numbered("", "", "", ""), "107") == []


@pytest.mark.parametrize(
    "command",
    [
        "npm test -- <test-file>",
        "pytest [modified-files]",
        f'grep -r "@plan:{PLAN}.PNN" src/',
        "cat path/to/file.ts",
        "npm run lint -- ...",
    ],
)
def test_template_text_in_a_command_is_found(command: str):
    assert len(found(numbered(shell(command)), "108")) == 1


@pytest.mark.parametrize(
    "command",
    [
        'grep -n "Promise<void>" src/a.ts',
        'grep -rn "Map<string, number>" src/',
        'test "${files[0]}" = a',
        "go test ./...",
        "[ -f src/a.py ]",
        "sort < names.txt > out.txt",
        'rg "[a-z]+_id" src',
        "echo $list[key]",
    ],
)
def test_what_only_looks_like_template_text_is_left_alone(command: str):
    assert found(numbered(shell(command)), "108") == []


REQUIREMENTS = "# Requirements\n\n### REQ-X-001: One\n\n### REQ-X-002: Two\n"


def test_requirements_known_to_one_side_only_are_reported():
    plan = folder(
        ("requirements.md", REQUIREMENTS),
        ("plan/01-a.md", phase("01", body="Implements REQ-X-001 and REQ-X-009.")),
        ("plan/02-b.md", phase("02")),
    )
    assert found(plan, "201") == [
        "requirement REQ-X-009 is cited by phase 01 and defined nowhere"
    ]
    assert found(plan, "202") == ["requirement REQ-X-002 is in no phase"]


def test_a_range_covers_its_requirements_and_a_template_id_is_none():
    plan = folder(
        ("requirements.md", REQUIREMENTS),
        ("plan/01-a.md", phase("01", body="REQ-X-001-002, and use REQ-X-XXX markers")),
        ("plan/02-b.md", phase("02", body="Covers REQ-X-001 through REQ-X-002.")),
    )
    assert found(plan, "201") == []
    assert found(plan, "202") == []


def test_a_field_that_the_others_have_is_missed():
    phases = [unit(str(n), changes="src/a.py") for n in range(1, 5)]
    assert [m[:7] for m in found(bare(*phases, unit("5")), "205")] == ["phase 5"]


def test_a_field_that_most_phases_lack_is_not_missed():
    assert found(bare(unit("1", changes="a"), unit("2"), unit("3")), "205") == []


def test_two_phases_of_a_group_that_change_one_file_are_reported():
    plan = bare(unit("1", group="A", changes="a"), unit("2", group="A", changes="a"))
    assert len(found(plan, "301")) == 1


def test_phases_in_order_or_in_other_groups_may_share_a_file():
    one = bare(unit("1", group="A", changes="a"), unit("2", group="B", changes="a"))
    two = bare(
        unit("1", group="A", changes="a"), unit("2", "1", group="A", changes="a")
    )
    assert found(one, "301") == found(two, "301") == []
    assert len(found(two, "302")) == 1


def test_a_shell_block_that_does_not_parse_is_an_error_at_its_line():
    plan = numbered(shell("npm test", "if true; then", "  echo yes"))
    (problem,) = (p for p in lint(plan) if p.code == "WL401-shell-syntax")
    assert problem.source is not None
    assert problem.source.line > 8
    assert "fi" in problem.message


@pytest.mark.parametrize(
    "command", ["npm test || true", "npm test || echo failed", "npm test; exit 0"]
)
def test_a_check_that_cannot_fail_is_found(command: str):
    assert len(found(numbered(shell(command)), "402")) == 1


@pytest.mark.parametrize(
    "command",
    [
        "npm test || exit 1",
        "npm test && echo fine",
        "rm -rf build || true",
        'test -f a || { echo "no a"; exit 1; }',
    ],
)
def test_a_check_that_can_fail_or_is_none_is_left_alone(command: str):
    assert found(numbered(shell(command)), "402") == []


def test_a_count_without_a_number_to_compare_with_says_nothing():
    assert len(found(numbered(shell("grep -r foo src/ | wc -l")), "403")) == 1
    stated = shell("grep -r foo src/ | wc -l", "# Expected: 2+")
    assert found(numbered(stated), "403") == []
    assert found(numbered(shell("N=$(grep -r foo src/ | wc -l)")), "403") == []


def test_plain_grep_with_a_bar_is_reported():
    assert len(found(numbered(shell('grep "foo|bar" a.py')), "404")) == 1
    for fine in (
        'grep -E "foo|bar" a.py',
        'grep "foo\\|bar" a.py',
        'rg "foo|bar" a.py',
    ):
        assert found(numbered(shell(fine)), "404") == []


@pytest.mark.parametrize(
    ("command", "hits"),
    [
        (f'grep -r "@plan:{PLAN}.P01" .', 1),
        (f'rg "@plan:{PLAN}.P01"', 1),
        (f'grep -rn "@plan:{PLAN}.P01" project-plans/', 1),
        (f'grep -r "@plan:{PLAN}.P01" src project-plans/x', 1),
        (f'grep -r "@plan:{PLAN}.P01" src/', 0),
        (f'grep -r --include="*.ts" "@plan:{PLAN}.P01" .', 0),
        (f'rg -g "*.py" "@plan:{PLAN}.P01" .', 0),
        (f'grep "@plan:{PLAN}.P01" src/a.ts', 0),
        ('grep -r "TODO" .', 0),
    ],
)
def test_a_marker_search_that_finds_the_plan_itself(command: str, hits: int):
    assert len(found(numbered(shell(command)), "405")) == hits
    inline = f"## Prerequisites\n- Verification: `{command}`\n"
    assert len(found(numbered(inline), "405")) == hits


def test_a_marker_searched_in_another_form_than_the_example_shows():
    example = f"```ts\n/**\n * @plan {PLAN}.P01\n */\n```\n"
    colon = shell(f'grep -r "@plan:{PLAN}.P01" src/')
    space = shell(f'grep -r "@plan {PLAN}.P01" src/')
    assert len(found(numbered(example + colon), "406")) == 1
    assert found(numbered(example + space), "406") == []
    assert found(numbered(colon), "406") == []


TRACKER = """# Tracker

| Phase | ID | Status | Started | Completed |
|---|---|---|---|---|
| 01 | P01 | [OK] COMPLETE | - | - |
| 03 | P03 | PENDING | - | - |
"""


def test_tracker_and_phases_are_held_against_each_other():
    plan = folder(
        ("execution-tracker.md", TRACKER),
        ("plan/01-a.md", phase("01")),
        ("plan/02-b.md", phase("02")),
    )
    assert [m[:40] for m in found(plan, "501")] == [
        "the tracker has no row for phase 02 Work"
    ]
    assert len(found(plan, "502")) == 1


def test_tracker_and_markers_are_held_against_each_other():
    plan = folder(
        (".completed/P03.md", "done"),
        ("execution-tracker.md", TRACKER),
        ("plan/01-a.md", phase("01")),
        ("plan/03-b.md", phase("03")),
    )
    first, second = found(plan, "503")
    assert "phase 01" in first
    assert "has no completion marker" in first
    assert ".completed/P03.md" in second


def test_pseudocode_that_is_not_there_is_reported():
    plan = folder(
        ("analysis/pseudocode/there.md", "10: A"),
        (
            "plan/01-a.md",
            phase("01", body="Follow analysis/pseudocode/there.md lines 1-2"),
        ),
        ("plan/02-b.md", phase("02", body="Follow `analysis/pseudocode/gone.md`")),
    )
    assert found(plan, "601") == [
        "phase 02 refers to analysis/pseudocode/gone.md, which is not there"
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=3))
def test_law_no_text_makes_lint_fall_over(texts: list[str]):
    lint(numbered(*texts, shell(*texts), "`grep " + "".join(texts) + "`"))


def test_a_copied_number_is_one_fault_not_a_double_and_an_unknown_need():
    plan = folder(
        ("plan/14-a.md", phase("14")),
        ("plan/15-check.md", phase("15a", needs="Phase 14 completed")),
        ("plan/15a-check.md", phase("15a", needs="Phase 15 completed")),
    )
    told = [(p.code[:5], p.severity) for p in lint(plan) if p.severity == "error"]
    assert told == [("WL106", "error"), ("WL106", "error")]


def test_a_number_that_was_never_a_file_stays_unknown_beside_a_copied_one():
    plan = folder(
        ("plan/15-check.md", phase("15a")),
        ("plan/15a-check.md", phase("15a", needs="Phase 13 completed")),
    )
    assert len(found(plan, "102")) == 1
