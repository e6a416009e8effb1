"""What decides how checks run, or what they assert, is not a phase's to change."""

from collections.abc import Callable

import pytest
from tests_checks import Project, codes, notes, phase

from weighlock.checks.changes import protected
from weighlock.plan.model import Source

SLUG = "textkit/slug.py"
HELPER = 'package check\n\nimport "testing"\n\nfunc Is(t *testing.T) {\n\tt.Fail()\n}\n'
BASE = {
    SLUG: "x = 1\n",
    "tests/test_slug.py": "def test_a():\n    assert True\n",
    "tests/data/golden.txt": "gold\n",
    "tests/conftest.py": "",
    "vitest.config.ts": "export default {};\n",
    "pyproject.toml": '[project]\nname = "t"\n[tool.mypy]\nstrict = true\n',
    "package.json": '{"scripts": {"test": "vitest run"}, "jest": {"a": 1}}\n',
    "Makefile": "test:\n\tpytest\n",
    ".github/workflows/ci.yml": "on: push\n",
    "ratelimit_test.go": "func TestX(t *testing.T) {}\n",
    "scripts/verify.sh": "exit 1\n",
    "plan/05-do.md": "# Phase 05\n\n- [ ] done\n\nStatus: pending\n\nDo it.\n",
    "golden/a.bin": "1\n",
    "internal/check/check.go": HELPER,
}


@pytest.fixture
def textkit(project: Callable[..., Project]) -> Project:
    return project(BASE, phase(files=f"~{SLUG}"))


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("tests/test_slug.py", "def test_a():\n    pass\n", "protected-changed"),
        ("tests/test_slug.py", None, "test-removed"),
        ("tests/data/golden.txt", "iron\n", "protected-changed"),
        ("tests/conftest.py", "x = 1\n", "harness-tampered"),
        ("conftest.py", "x = 1\n", "harness-tampered"),
        ("sitecustomize.py", "x = 1\n", "harness-tampered"),
        ("vitest.config.ts", "export default { x: 1 };\n", "config-weakened"),
        ("pytest.ini", "[pytest]\n", "config-weakened"),
        ("Makefile", "test:\n\ttrue\n", "config-weakened"),
        (".github/workflows/ci.yml", "on: never\n", "protected-changed"),
        ("ratelimit_test.go", "func testX(t *testing.T) {}\n", "protected-changed"),
        ("pyproject.toml", '[project]\nname = "t"\n', "config-weakened"),
        ("package.json", '{"scripts": {"test": "true"}}\n', "config-weakened"),
        (
            "internal/check/check.go",
            HELPER.replace("t.Fail()", "_ = t"),
            "harness-tampered",
        ),
        ("plan/05-do.md", "# Phase 05\n\nDo less.\n", "plan-changed"),
    ],
)
def test_an_unplanned_change_to_a_protected_file_fails(
    textkit: Project, path: str, text: str | None, code: str
) -> None:
    textkit.plan_root = "."
    textkit.sources = (Source(path="plan/05-do.md", data=b""),)
    found = textkit.look(protected.look, {path: text})
    assert found.verdict == "fail"
    assert codes(found) == {code}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", BASE["pyproject.toml"] + '[project.scripts]\na = "b:c"\n'),
        (
            "package.json",
            '{"scripts": {"test": "vitest run"}, "jest": {"a": 1}, "v": 1}',
        ),
        ("tests/test_new.py", "def test_b():\n    assert 1\n"),
        ("docs/a.md", "# A\n"),
        ("textkit/other.py", "y = 1\n"),
        (".completed/P05.md", "all good\n"),
    ],
)
def test_the_rest_of_a_shared_file_and_new_files_are_free(
    textkit: Project, path: str, text: str
) -> None:
    assert textkit.look(protected.look, {path: text}).verdict == "pass"


def test_a_status_written_into_the_plan_is_a_claim(textkit: Project) -> None:
    textkit.plan_root = "."
    textkit.sources = (Source(path="plan/05-do.md", data=b""),)
    told = BASE["plan/05-do.md"].replace("[ ]", "[x]").replace("pending", "COMPLETED")
    found = textkit.look(protected.look, {"plan/05-do.md": told})
    assert (found.verdict, notes(found)) == ("pass", {"plan-changed"})


def test_a_file_that_the_plan_names_is_exempt(textkit: Project) -> None:
    planned = textkit.says(phase(files="~tests/conftest.py ~vitest.config.ts"))
    work = {"tests/conftest.py": "x = 1\n", "vitest.config.ts": "export {};\n"}
    assert planned.look(protected.look, work).verdict == "pass"


@pytest.mark.parametrize("more", ["\n// Is fails.\n", "\nfunc Is2() {\n}\n"])
def test_a_helper_of_tests_among_the_product_may_grow(
    textkit: Project, more: str
) -> None:
    found = textkit.look(protected.look, {"internal/check/check.go": HELPER + more})
    assert found.verdict == "pass"


def test_the_configuration_beats_the_plan(textkit: Project) -> None:
    planned = textkit.says(phase(files="~golden/a.bin"), protect=("golden/**",))
    found = planned.look(protected.look, {"golden/a.bin": "2\n"})
    assert codes(found) == {"protected-changed"}


def test_a_script_that_a_command_of_the_plan_calls_is_protected(
    textkit: Project,
) -> None:
    from tests_checks import command

    called = textkit.says(
        phase(files=f"~{SLUG}", commands=(command("bash scripts/verify.sh"),))
    )
    found = called.look(protected.look, {"scripts/verify.sh": "exit 0\n"})
    assert codes(found) == {"command-changed"}


def test_tests_may_be_added_to_an_existing_file(textkit: Project) -> None:
    more = BASE["tests/test_slug.py"] + "\n\ndef test_b():\n    assert 1 < 2\n"
    found = textkit.look(protected.look, {"tests/test_slug.py": more})
    assert (found.verdict, notes(found)) == ("pass", {"out-of-scope"})


@pytest.mark.parametrize(
    "added",
    [
        "\n\ndef test_a():\n    pass\n",
        "\nimport pytest\npytestmark = pytest.mark.skip\n",
        "\nimport sys\nsys.exit(0)\n",
    ],
)
def test_growth_that_could_switch_old_tests_off_is_a_change(
    textkit: Project, added: str
) -> None:
    grown = BASE["tests/test_slug.py"] + added
    assert textkit.look(protected.look, {"tests/test_slug.py": grown}).verdict == "fail"


def test_configuration_in_a_project_without_tests_is_no_fault(
    project: Callable[..., Project],
) -> None:
    young = project({"a.py": "x = 1\n"}, phase(files="~a.py"))
    found = young.look(protected.look, {"pytest.ini": "[pytest]\n"})
    assert (found.verdict, notes(found)) == ("pass", {"config-weakened"})


def test_a_manifest_that_cannot_be_read_any_more_is_a_change(textkit: Project) -> None:
    found = textkit.look(protected.look, {"pyproject.toml": "[tool.mypy\n"})
    assert codes(found) == {"config-weakened"}
