"""Preflight before the first phase, and the final gate after the last."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests_checks import PYTEST, SPAN, Project, codes, command, notes, phase

from weighlock.checks.final import project_commands
from weighlock.checks.preflight import Finding, baseline
from weighlock.plan.model import Requirement
from weighlock.run.evidence import Verdict

BASE = {
    "a.py": "def f():\n    return 1\n",
    "tests/test_a.py": "from a import f\n\n\ndef test_f():\n    assert f() == 1\n",
    "tests/test_old.py": "def test_old():\n    assert 0\n",
}
BUILD = phase("01", files="+b.py", commands=(command("grep -q x b.py"),))


@pytest.fixture
def code(project: Callable[..., Project]) -> Project:
    return project(BASE, BUILD, test=PYTEST, build="test -f a.py", lint="test -f none")


def look(made: Project) -> dict[str, Finding]:
    found = asyncio.run(
        baseline(
            made.root,
            plan=made.plan,
            base=made.base,
            selected=[p.key for p in made.phases],
            store=made.store,
            settings=made.settings,
            scratch=made.scratch,
        )
    )
    return {finding.name: finding for finding in found}


def finish(made: Project, work: dict[str, str]) -> Verdict:
    head = made.deliver(work).head
    return asyncio.run(made.gate().weigh_plan(made.plan, made.base, head))


def test_a_baseline_records_tests_build_and_lint(code: Project) -> None:
    found = look(code)
    assert {f.verdict for f in found.values()} == {"pass"}
    assert "1 pass, 1 fail" in found["tests"].summary
    assert "tests/test_old.py::test_old" in found["tests"].summary
    assert found["build"].summary == "test -f a.py: fine"
    assert "fails at base" in found["lint"].summary


def test_an_uncommitted_change_says_how_to_go_on(code: Project) -> None:
    (code.root / "a.py").write_text("x = 1\n")
    tree = look(code)["tree"]
    assert (tree.verdict, "a.py" in tree.summary, "stash" in tree.hint) == (
        "error",
        True,
        True,
    )


def test_a_tool_that_the_plan_needs_and_nobody_has_is_named(code: Project) -> None:
    needs = phase(
        "02",
        files="+tool.sh",
        commands=(command("no-such-tool x && ./tool.sh && cd a | grep y"),),
    )
    tools = look(code.says(BUILD, needs))["tools"]
    assert tools.verdict == "error"
    assert tools.summary == "not installed: no-such-tool (phase 02)"


@pytest.mark.slow
def test_a_plan_that_is_done_passes_against_its_base(code: Project) -> None:
    verdict = finish(code, {"b.py": "x = 1\n"})
    assert (verdict.verdict, codes(verdict)) == ("pass", set())
    assert "old-failure" in notes(verdict)


@pytest.mark.parametrize(
    ("work", "verdict", "found"),
    [
        ({}, "fail", {"file-missing"}),
        ({"b.py": "x = 1\n", "a.py": "f = 2\n"}, "fail", {"base-test-fails"}),
        ({"b.py": "x = 1  # TODO: later\n"}, "review", {"partial"}),
    ],
)
@pytest.mark.slow
def test_a_plan_that_is_not_done_does_not_pass(
    code: Project, work: dict[str, str], verdict: str, found: set[str]
) -> None:
    judged = finish(code, work)
    assert (judged.verdict, codes(judged)) == (verdict, found)


@pytest.mark.slow
def test_what_the_project_itself_checks_must_not_break(code: Project) -> None:
    broken = code.says(build="grep -q x a.py && true || test ! -f b.py")
    verdict = finish(broken, {"b.py": "x = 1\n"})
    assert codes(verdict) == {"command-failed"}


@pytest.mark.slow
def test_a_requirement_that_no_phase_covers_is_seen(code: Project) -> None:
    wanted = Requirement(id="REQ-1", text="It works.", phases=(), source=SPAN)
    plan = replace(code.plan, requirements=(wanted,))
    head = code.deliver({"b.py": "x = 1\n"}).head
    verdict = asyncio.run(code.gate().weigh_plan(plan, code.base, head))
    assert codes(verdict) == {"requirement-uncovered"}


def test_build_lint_types_and_format_are_found_in_the_project_s_files(
    project: Callable[..., Project],
) -> None:
    scripts = '{"scripts": {"build": "x", "typecheck": "x", "format": "x"}}'
    made = project(
        {"package.json": scripts, "pyproject.toml": "[tool.ruff]\n"}, lint="own lint"
    )
    subject = made.subject({})
    assert project_commands(subject.new, subject) == {
        "build": "npm run build",
        "lint": "own lint",
        "types": "npm run typecheck",
    }


def test_looking_before_a_run_changes_nothing(code: Project, tmp_path: Path) -> None:
    look(code)
    assert code.git.text("status", "--porcelain") == ""
    assert not list((code.scratch).glob("gate-*"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["repo"]
