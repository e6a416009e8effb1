"""The gate on Go projects: a stub panics there, and a panic ends its package."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import Project, phase

from weighlock.checks.runners import golang
from weighlock.checks.runners.runner import Case

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
