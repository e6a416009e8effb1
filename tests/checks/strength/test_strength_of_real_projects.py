"""The strength of tests, measured in real projects by real runs."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import PYTEST, Project, codes, notes, phase

pytestmark = pytest.mark.slow

MONEY = "def total(items):\n    return sum(items)\n"
BASE = {
    "src/__init__.py": "",
    "src/money.py": MONEY,
    "tests/test_money.py": "from src.money import total\n\n\n"
    "def test_total():\n    assert total([1, 2]) == 3\n",
}
TAX = "\n\ndef tax(price):\n    return price // 5\n"
ENDLESS = "\n\ndef tax(n):\n    while n < 9:\n        n += 9\n    return n\n"
IMPORT = "from src.money import tax\n\n\n"
GOOD = IMPORT + "def test_tax():\n    assert tax(10) == 2\n"
WEAK = IMPORT + "def test_tax():\n    tax(10)\n    assert callable(tax)\n"
HALF = IMPORT + "def test_tax():\n    assert callable(tax)\n"
FILES = "~src/money.py +tests/test_tax.py"


@pytest.fixture
def money(project: Callable[..., Project]) -> Project:
    return project(BASE, phase(files=FILES), test=PYTEST)


def work(tests: str) -> dict[str, str]:
    return {"src/money.py": MONEY + TAX, "tests/test_tax.py": tests}


def ids(verdict: object) -> set[str]:
    return {check.check for check in verdict.checks}  # type: ignore[attr-defined]


def test_nothing_is_measured_where_nobody_asks(money: Project) -> None:
    verdict = money.weigh(work(WEAK))
    assert verdict.verdict == "pass"
    assert not ids(verdict) & {"mutation", "coverage", "strength", "test-effect"}


@pytest.mark.parametrize(("tests", "expected"), [(GOOD, "pass"), (WEAK, "fail")])
def test_a_function_whose_faults_nobody_notices_fails(
    money: Project, tests: str, expected: str
) -> None:
    asking = money.says(phase(files=FILES, text="Run mutation tests on it."))
    verdict = asking.weigh(work(tests))
    assert verdict.verdict == expected
    assert codes(verdict) == (set() if expected == "pass" else {"mutants-survive"})
    listed = [n for n in verdict.notes if n.code == "mutants-survive"]
    assert all((n.path, bool(n.line)) == ("src/money.py", True) for n in listed)
    assert listed or expected == "pass"


def test_no_tree_and_no_process_is_left_behind(money: Project, scratch: Path) -> None:
    asking = money.says(mutation=0.0, mutation_s=6.0)
    before = set(scratch.rglob("*.py"))
    asking.weigh({**work(GOOD), "src/money.py": MONEY + ENDLESS})
    assert set(scratch.rglob("*.py")) <= before
    assert not [p for p in running() if str(scratch) in p]


def running() -> list[str]:
    """Return where every process of ours works, and how it was called."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            called = (folder / "cmdline").read_bytes().decode(errors="replace")
            found.append(f"{(folder / 'cwd').readlink()} {called}")
        except OSError:
            continue
    return found


def test_time_is_bounded_and_what_was_not_tried_is_said(money: Project) -> None:
    verdict = money.says(mutation=0.0, mutation_s=0.0).weigh(work(GOOD))
    assert (verdict.verdict, codes(verdict)) == ("error", {"timed-out"})


@pytest.mark.skipif(not importlib.util.find_spec("coverage"), reason="needs coverage")
@pytest.mark.parametrize(("tests", "expected"), [(GOOD, "pass"), (HALF, "fail")])
def test_changed_lines_that_no_test_runs_are_counted(
    money: Project, tests: str, expected: str
) -> None:
    verdict = money.says(coverage=90.0).weigh(work(tests))
    assert verdict.verdict == expected
    lines = [(n.path, n.line) for n in verdict.notes if n.code == "uncovered-change"]
    assert lines == ([] if expected == "pass" else [("src/money.py", 6)])


@pytest.mark.skipif(not importlib.util.find_spec("coverage"), reason="needs coverage")
def test_a_new_file_that_no_test_loads_is_not_covered(money: Project) -> None:
    more = {**work(GOOD), "src/far.py": "def far(n):\n    if n:\n        return 1\n"}
    verdict = money.says(coverage=80.0).weigh(more)
    assert (verdict.verdict, codes(verdict)) == ("fail", {"uncovered-change"})
    assert [(n.path, n.line) for n in verdict.notes if n.path == "src/far.py"]


REPORTING = (
    f"{PYTEST} --junitxml={{report}}; "
    "printf 'SF:src/money.py\\nDA:5,1\\nDA:6,0\\n' > {coverage}"
)


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (REPORTING, {"uncovered-change"}),
        (f"{PYTEST} --junitxml={{report}}; true", {"tool-missing"}),
    ],
)
def test_a_command_of_the_projects_own_may_report_lines(
    money: Project, test: str, expected: set[str]
) -> None:
    verdict = money.says(coverage=90.0, test=test).weigh(work(GOOD))
    assert codes(verdict) == expected
    assert verdict.verdict == ("error" if "tool-missing" in expected else "fail")


def test_a_question_that_no_suite_can_answer_is_not_passed(
    project: Callable[..., Project],
) -> None:
    made = project({"README.md": "x\n"}, phase(text="80 % line coverage"))
    verdict = made.weigh({"src/money.py": MONEY})
    assert (verdict.verdict, codes(verdict)) == ("error", {"zero-tests"})


THEATRE = (
    "from unittest.mock import Mock\n\n\ndef test_a():\n    tax = Mock()\n"
    "    tax(1)\n    tax.assert_called_once_with(1)\n"
)
STAND_IN = (
    "from unittest.mock import patch\n\n\ndef test_a():\n"
    "    with patch('src.rates.tax', return_value=2) as tax:\n"
    "        assert tax(10) == 2\n"
)
RAISES = (
    "import pytest\nfrom src.rates import Odd\n\n\ndef test_a():\n"
    "    with pytest.raises(ValueError):\n        raise Odd\n"
)


@pytest.mark.parametrize(
    ("tests", "verdict", "code"),
    [
        ("def test_a():\n    assert 1 + 1 == 2\n", "fail", "tautology"),
        (THEATRE, "fail", "mock-theatre"),
        (STAND_IN, "fail", "mock-subject"),
        (
            "from src import rates\n\n\ndef test_a():\n    assert rates.RATE == 5\n",
            "pass",
            "",
        ),
        (RAISES, "pass", ""),
        (
            "from src.rates import tax\n\n\ndef test_a():\n    assert tax(10) == 2\n",
            "pass",
            "",
        ),
    ],
)
def test_tests_that_alone_speak_for_a_phase_must_notice_it(
    money: Project, tests: str, verdict: str, code: str
) -> None:
    rates = (
        "RATE = 5\n\n\nclass Odd(ValueError):\n    pass\n\n\n"
        "def tax(price):\n    return price // RATE\n"
    )
    added = phase(files="+src/rates.py +tests/test_rates.py")
    found = money.says(added).weigh(
        {"src/rates.py": rates, "tests/test_rates.py": tests}
    )
    assert found.verdict == verdict
    assert codes(found) == ({code} if code else set())


SHOUT = "export const shout = (text) => text.toUpperCase() + '!';\n"
SPEC = (
    "import test from 'node:test';\nimport assert from 'node:assert';\n"
    "import { shout } from '../src/say.js';\n"
    "test('shouts', () => { %s });\n"
)


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assert.equal(shout('a'), 'A!');", set()),
        ("assert.ok(shout);", {"mutants-survive", "uncovered-change", "tautology"}),
    ],
)
def test_javascript_is_measured_without_any_tool_installed(
    project: Callable[..., Project], body: str, expected: set[str]
) -> None:
    package = '{"type": "module", "scripts": {"test": "node --test"}}\n'
    old = SPEC.replace("shout", "hum") % "assert.equal(hum(), 'm');"
    base = {
        "package.json": package,
        "src/say.js": "export const hum = () => 'm';\n",
        "test/hum.test.js": old,
    }
    say = "export const hum = () => 'm';\n" + SHOUT.replace("=>", "=>\n ")
    made = project(base, phase(), mutation=0.0, coverage=90.0)
    verdict = made.weigh({"src/say.js": say, "test/shout.test.js": SPEC % body})
    assert codes(verdict) == expected
    assert verdict.verdict == ("fail" if expected else "pass")
    assert not notes(verdict) & {"vacuous-check", "zero-tests"}


STRYKER = """#!/usr/bin/env node
const fs = require('fs');
const asked = JSON.parse(fs.readFileSync(process.argv[3]));
const at = (line) => ({ start: { line, column: 1 }, end: { line, column: 9 } });
const mutants = STATES.map((status, n) => ({
  mutatorName: 'Any', replacement: `${n}`, status, location: at(n ? 2 : 1) }));
const report = { files: { 'src/say.js': { mutants } } };
if (asked.mutate[0] === 'src/say.js:2-3')
  fs.writeFileSync(asked.jsonReporter.fileName, JSON.stringify(report));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
@pytest.mark.parametrize(
    ("states", "expected", "said"),
    [
        (["Killed", "Survived", *["Killed"] * 8], set(), "mutants-survive"),
        (["Killed", *["NoCoverage"] * 9], {"mutants-survive"}, "mutants-survive"),
        (None, set(), "tool-missing"),
    ],
)
def test_strykers_count_is_the_plans_share_where_it_is_installed(
    project: Callable[..., Project],
    states: list[str] | None,
    expected: set[str],
    said: str,
) -> None:
    package = '{"type": "module", "scripts": {"test": "node --test"}}\n'
    base = {
        ".gitignore": "node_modules\n",
        "package.json": package,
        "src/say.js": "export const hum = () => 'm';\n",
        "test/hum.test.js": SPEC.replace("shout", "hum") % "assert.equal(hum(), 'm');",
    }
    made = project(base, phase(text="80 % mutation score"))
    tool = made.root / "node_modules/.bin/stryker"
    tool.parent.mkdir(parents=True)
    tool.write_text(STRYKER.replace("STATES", str(states)) if states else "#!/bin/sh\n")
    tool.chmod(0o755)
    say = "export const hum = () => 'm';\n" + SHOUT.replace("=>", "=>\n ")
    test = SPEC % "assert.equal(shout('a'), 'A!');"
    verdict = made.weigh({"src/say.js": say, "test/shout.test.js": test})
    assert codes(verdict) == expected
    assert said in {*notes(verdict), *expected}
