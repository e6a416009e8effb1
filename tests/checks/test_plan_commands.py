"""The plan's own commands, run for real in a throw-away checkout."""

import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from tests_checks import Project, codes, command, criterion, notes, phase

from weighlock.config.sandbox import SandboxSettings
from weighlock.plan.model import Command
from weighlock.run.evidence import Evidence

BASE = {"a.sh": "echo hi\n", "doc.md": "# Doc\n"}
WORK = {"a.sh": "echo hello\n"}


@pytest.fixture
def shell(project: Callable[..., Project]) -> Callable[..., Project]:
    def make(*commands: Command, **given: object) -> Project:
        made = project(BASE, phase(files="~a.sh", commands=commands), **given)
        assert isinstance(made, Project)
        return made

    return make


def checks(made: Project, work: dict[str, str] | None = None) -> list[Evidence]:
    verdict = made.weigh(WORK if work is None else work)
    return [c for c in verdict.checks if c.kind == "command"]


def test_commands_run_in_order_in_one_checkout_on_the_delivered_tree(
    shell: Callable[..., Project],
) -> None:
    made = shell(
        command("sh a.sh > out.txt"),
        command("cat out.txt", "exact", "hello"),
        command("git log --oneline | wc -l", "exact", 2),
        command("git diff HEAD~1 -- doc.md", "none"),
        command("git diff main --stat", "min", 1),
    )
    assert [c.verdict for c in checks(made)] == ["pass"] * 5


def test_the_user_s_files_are_not_touched(
    shell: Callable[..., Project],
) -> None:
    made = shell(command("rm -f a.sh && echo x > new.txt"))
    checks(made)
    assert (made.root / "a.sh").read_text() == "echo hello\n"
    assert not (made.root / "new.txt").exists()


@pytest.mark.slow
def test_nothing_is_left_in_the_scratch_folder(
    shell: Callable[..., Project], tmp_path: Path
) -> None:
    made = shell(command("mkdir x && chmod 500 x"))
    made.scratch = tmp_path / "scratch"
    checks(made)
    assert not list(made.scratch.glob("gate-*"))


def test_the_output_is_evidence(shell: Callable[..., Project]) -> None:
    made = shell(command("sh a.sh", "contains", "hello"))
    (check,) = checks(made)
    assert check.evidence is not None
    assert made.store.get(check.evidence) == b"hello\n"
    assert (check.command, check.exit_code) == ("sh a.sh", 0)


def test_an_unmet_expectation_names_the_line_of_the_plan(
    shell: Callable[..., Project],
) -> None:
    (check,) = checks(shell(command("sh a.sh", "contains", "bye")))
    (reason,) = check.reasons
    assert (reason.code, reason.path, reason.line) == (
        "expectation-unmet",
        "plan.md",
        1,
    )


def test_a_command_that_fails_is_a_failure(shell: Callable[..., Project]) -> None:
    assert codes(checks(shell(command("false")))[0]) == {"command-failed"}


def test_a_tool_that_is_not_installed_is_an_error(
    shell: Callable[..., Project],
) -> None:
    (check,) = checks(shell(command("no-such-tool-here --version")))
    assert (check.verdict, codes(check)) == ("error", {"tool-missing"})


def test_a_look_at_uncommitted_changes_is_vacuous_and_decides_nothing(
    shell: Callable[..., Project],
) -> None:
    (check,) = checks(shell(command("git diff --stat", "min", 1)))
    assert (check.verdict, check.decides) == ("pass", False)
    assert notes(check) == {"vacuous-check"}


def test_a_search_in_files_that_are_missing_fails_where_hits_are_wanted(
    shell: Callable[..., Project],
) -> None:
    made = shell(
        command("grep -r x gone/", "min", 1), command("grep -r x gone/", "none")
    )
    assert [c.verdict for c in checks(made)] == ["fail", "error"]


@pytest.mark.slow
def test_a_command_that_never_ended_cannot_be_checked(
    shell: Callable[..., Project],
) -> None:
    made = shell(command("sleep 60"), command_s=0.3)
    (check,) = checks(made)
    assert (check.verdict, codes(check)) == ("error", {"timed-out"})


@pytest.mark.slow
def test_a_command_that_is_slow_only_now_is_the_work_s_fault(
    shell: Callable[..., Project],
) -> None:
    made = shell(command("sh a.sh"), command_s=0.5)
    (check,) = checks(made, {"a.sh": "sleep 60\n"})
    assert (check.verdict, codes(check)) == ("fail", {"timed-out"})


def test_the_environment_is_written_out(
    shell: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    made = shell(
        command("printenv SECRET_OF_MINE", "fail"),
        command("X=1 printenv X", "exact", 1),
    )
    assert [c.verdict for c in checks(made)] == ["pass", "pass"]


def test_a_criterion_that_quotes_a_command_rests_on_it(
    shell: Callable[..., Project],
) -> None:
    made = shell(command("sh a.sh"))
    criteria = (criterion("It is nice"), criterion("`sh a.sh` works"))
    made = made.says(
        phase(files="~a.sh", commands=(command("sh a.sh"),), criteria=criteria)
    )
    assert checks(made)[0].criteria == (1,)


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
def test_a_test_command_without_tests_is_an_error(
    project: Callable[..., Project],
) -> None:
    run = command("node --test --test-reporter=tap", "pass")
    made = project({"a.js": "1;\n"}, phase(files="~a.js", commands=(run,)))
    (check,) = checks(made, {"a.js": "2;\n"})
    assert (check.verdict, codes(check)) == ("error", {"zero-tests"})


@pytest.mark.slow
def test_a_custom_suite_writes_junit_to_the_report_s_path(
    project: Callable[..., Project],
) -> None:
    write = (
        "import sys\nok = 'hello' in open('a.txt').read()\n"
        "end = '' if ok else '<failure message=\"no\"/>'\n"
        "open(sys.argv[1], 'w').write('<testsuites><testsuite><testcase classname='\n"
        "  '\"s\" name=\"says hello\">' + end + '</testcase>'\n"
        "  '</testsuite></testsuites>')\n"
    )
    made = project(
        {"a.txt": "hi\n", "tests/run.py": write},
        phase(files="~a.txt", commands=(command("grep -q hello a.txt"),)),
        test="python3 tests/run.py {report}",
    )
    verdict = made.weigh({"a.txt": "hello\n"})
    assert verdict.verdict == "pass"
    assert verdict.tests is not None
    assert verdict.tests.newly_passing == ("s::says hello",)


@pytest.mark.slow
def test_a_suite_that_leaves_no_report_cannot_be_checked(
    project: Callable[..., Project],
) -> None:
    made = project({"a.txt": "hi\n"}, phase(files="~a.txt"), test="true")
    verdict = made.weigh({"a.txt": "hello\n"})
    assert (verdict.verdict, codes(verdict)) == ("error", {"no-report"})


def test_set_up_dependencies_are_there_and_made_once(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    made = project(
        BASE,
        phase(files="~a.sh", commands=(command("test -f deps/tool"),)),
        setup=(f"mkdir deps && touch deps/tool && echo x >> {log}",),
    )
    made.scratch = tmp_path / "scratch"
    assert [c.verdict for c in checks(made)] == ["pass"]
    assert [c.verdict for c in checks(made)] == ["pass"]
    assert log.read_text() == "x\n"


@pytest.mark.slow
def test_a_set_up_that_fails_is_an_error(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    made = project(
        BASE, phase(files="~a.sh", commands=(command("true"),)), setup=("false",)
    )
    made.scratch = tmp_path / "scratch"
    (check,) = checks(made)
    assert (check.verdict, codes(check)) == ("error", {"dependency-missing"})


@pytest.mark.parametrize("use", ["auto", "none"])
def test_what_a_command_leaves_running_in_its_own_session_is_ended(
    shell: Callable[..., Project], tmp_path: Path, use: str
) -> None:
    trace, sign = tmp_path / "begun", f"60.{secrets.randbelow(10**9):09}"
    line = f"setsid sh -c 'echo 1 > {trace}; exec sleep {sign}' > /dev/null 2>&1 &"
    wait = f"until test -s {trace}; do :; done"
    made = shell(command(f"{line} {wait}"))
    made.sandbox = SandboxSettings(use=use, write=(str(tmp_path),))
    verdict = made.weigh(WORK)
    assert verdict.verdict == "pass"
    assert ("unsandboxed" in notes(verdict)) == (verdict.sandbox == "none")
    assert trace.is_file()
    assert not running(sign)


def running(sign: str) -> bool:
    """Say whether any process has this word on its command line."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if sign.encode() in (folder / "cmdline").read_bytes():
                return True
    return False


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("`grep -q hello a.sh`", "pass"),
        ("`test bye = ./...` succeeds", "fail"),
        ("Run `grep -c bye a.sh`: returns 1", "fail"),
    ],
)
def test_a_criterion_that_is_a_command_is_run(
    project: Callable[..., Project], text: str, verdict: str
) -> None:
    made = project(BASE, phase(files="~a.sh", criteria=(criterion(text),)))
    assert made.weigh(WORK).verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "`a.sh` exists",
        "`sh a.sh` is described in the guide",
        "`git commit -m done` succeeds",
        "`sh <script>` passes",
    ],
)
def test_a_criterion_that_only_names_a_command_is_not_run(
    project: Callable[..., Project], text: str
) -> None:
    made = project(BASE, phase(files="~a.sh", criteria=(criterion(text),)))
    assert checks(made) == []
