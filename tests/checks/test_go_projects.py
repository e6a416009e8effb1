"""The gate on Go projects: a stub panics there, and a panic ends its package."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import Project, phase

from weighlock.checks.runners.runner import Case
from weighlock.checks.runners.tools import golang

HALF = 'package kit\n\nfunc Half(n int) int {\n\tpanic("not implemented")\n}\n'
TESTS = """\
package kit

import "testing"

func TestFour(t *testing.T) {
\tif Half(4) != 2 {
\t\tt.Error("not half")
\t}
}

func TestSix(t *testing.T) {
\tif Half(6) != 3 {
\t\tt.Error("not half")
\t}
}
"""
OLD = """\
package kit

import "testing"

func TestName(t *testing.T) {
\tif Name() != "kit" {
\t\tt.Error("no name")
\t}
}
"""


def test_the_tests_behind_a_panic_are_those_that_did_not_run(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit/half_test.go").write_text(TESTS)
    (tmp_path / "kit/name_test.go").write_text(OLD)
    died = Case(id="kit::TestFour", result="failed", error="panic")
    told = Case(id="kit::TestFour", result="failed", error="AssertionError")
    assert golang.RUNNER.left is not None
    assert golang.RUNNER.left(tmp_path, {died.id: died}) == [
        "kit::TestSix",
        "kit::TestName",
    ]
    assert golang.RUNNER.left(tmp_path, {told.id: told}) == []


@pytest.mark.parametrize(
    ("said", "nothing"),
    [
        ("?   \tkit\t[no test files]\nok  \tkit/half\t0.002s\n", False),
        ("?   \tkit\t[no test files]\nFAIL\tkit/half\t0.002s\nFAIL\n", False),
        ("?   \tkit\t[no test files]\nok  \tk/h\t0.1s [no tests to run]\n", True),
        ("?   \tkit\t[no test files]\n", True),
    ],
)
def test_nothing_ran_only_where_no_package_has_tests(said: str, nothing: bool) -> None:  # noqa: FBT001 - a case
    assert bool(re.search(golang.RUNNER.nothing_ran, said)) is nothing


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("go"), reason="needs go")
def test_tests_that_are_red_by_a_panic_hide_no_other(
    project: Callable[..., Project],
) -> None:
    kit = project(
        {
            "go.mod": "module kit\n\ngo 1.19\n",
            "half.go": HALF,
            "name.go": 'package kit\n\nfunc Name() string { return "kit" }\n',
            "name_test.go": OLD,
        },
        phase(files="+half_test.go", kind="tdd"),
    )
    weighed = kit.weigh({"half_test.go": TESTS})
    assert (weighed.verdict, weighed.reasons) == ("pass", ())
    assert weighed.tests is not None
    assert weighed.tests.added == (".::TestFour", ".::TestSix")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("go"), reason="needs go")
def test_a_subtest_that_passes_in_a_test_made_to_fail_is_no_forgery(
    project: Callable[..., Project],
) -> None:
    """What fails is the test that holds it."""
    table = """\
package kit

import "testing"

func TestHalf(t *testing.T) {
\tfor name, n := range map[string]int{"four": 4} {
\t\tt.Run(name, func(t *testing.T) {
\t\t\tif Half(n)*2 != n {
\t\t\t\tt.Error("not half")
\t\t\t}
\t\t})
\t}
}
"""
    kit = project(
        {
            "go.mod": "module kit\n\ngo 1.19\n",
            "half.go": HALF.replace('panic("not implemented")', "return n / 2"),
            "half_test.go": table,
        },
        phase(files="~half.go ~half_test.go"),
    )
    work = {
        "half.go": "package kit\n\nfunc Half(n int) int {\n\treturn n >> 1\n}\n",
        "half_test.go": table.replace('"four": 4', '"four": 4, "six": 6'),
    }
    weighed = kit.weigh(work)
    assert (weighed.verdict, weighed.reasons) == ("pass", ())
