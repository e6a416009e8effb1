"""What runners leave is read test by test, and never believed further than that."""

import json
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.checks.runners import junit
from weighlock.checks.runners.compare import compare
from weighlock.checks.runners.runner import (
    CASE_LIMIT,
    REPORT_LIMIT,
    Case,
    Output,
    Result,
)
from weighlock.checks.runners.tools import cargo, javascript, unittest
from weighlock.checks.runners.tools import pytest as pytest_runner
from weighlock.process import Finished

TREE = Path("/checkout")


def output(out: str = "", err: str = "", report: str | None = None) -> Output:
    done = Finished(exit_code=1, stdout=out.encode(), stderr=err.encode())
    return Output(
        tree=TREE, report=None if report is None else report.encode(), done=done
    )


CARGO_OUT = """\

running 3 tests
test tests::adds ... ok
test tests::merges ... FAILED
test tests::later ... ignored

failures:

---- tests::merges stdout ----
thread 'tests::merges' panicked at src/lib.rs:7:5:
not yet implemented

failures:
    tests::merges

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out

running 1 test
test spans ... FAILED

failures:

---- spans stdout ----
thread 'spans' panicked at tests/it.rs:9:5:
assertion `left == right` failed
  left: 1
 right: 2

test result: FAILED. 0 passed; 1 failed
"""
CARGO_ERR = """\
   Compiling ranges v0.1.0 (/checkout)
     Running unittests src/lib.rs (target/debug/deps/ranges-0)
     Running tests/it.rs (target/debug/deps/it-0)
"""


def test_cargo_is_read_suite_by_suite() -> None:
    cases = cargo.CARGO.read(output(CARGO_OUT, CARGO_ERR))
    assert cases is not None
    assert [(c.id, c.result) for c in cases] == [
        ("src/lib.rs::tests::adds", "passed"),
        ("src/lib.rs::tests::merges", "failed"),
        ("src/lib.rs::tests::later", "skipped"),
        ("tests/it.rs::spans", "failed"),
    ]
    assert (cases[1].frame, cases[1].error) == ("src/lib.rs", "panic")
    assert (cases[3].frame, cases[3].error) == ("tests/it.rs", "AssertionError")


def test_cargo_that_did_not_build_left_no_report() -> None:
    told = "error[E0425]: cannot find function `x`\nerror: could not compile `ranges`"
    assert cargo.CARGO.read(output("", told)) is None


def test_unittest_is_read_line_by_line() -> None:
    lines = [
        '{"id": "tests.test_x.TestX.test_a", "result": "passed"}',
        json.dumps(
            {
                "id": "tests.test_x.TestX.test_b",
                "result": "failed",
                "error": "ValueError",
                "frames": ["/lib/x.py", "/checkout/tests/test_x.py"],
            }
        ),
        '{"id": "tests.test_x.TestX.test_c", "result": "skipped"}',
        '{"id": "unittest.loader._FailedTest.tests.test_y", "result": "failed"}',
    ]
    cases = unittest.RUNNER.read(output(report="\n".join([*lines, '{"ran": 4}'])))
    assert cases is not None
    assert [(c.id, c.result) for c in cases] == [
        ("tests.test_x.TestX.test_a", "passed"),
        ("tests.test_x.TestX.test_b", "failed"),
        ("tests.test_x.TestX.test_c", "skipped"),
        ("tests.test_y", "error"),
    ]
    assert (cases[1].error, cases[1].frame) == ("ValueError", "tests/test_x.py")
    assert unittest.RUNNER.read(output(report="\n".join(lines))) is None


def test_vitest_cases_carry_their_file() -> None:
    report = (
        '<testsuites><testsuite name="src/a.spec.ts">'
        '<testcase classname="src/a.spec.ts" name="f &gt; adds"/>'
        '<testcase classname="src/a.spec.ts" name="f &gt; fails">'
        '<failure message="expected 1 to be 2" type="AssertionError">'
        "AssertionError: expected 1 to be 2\n ❯ src/a.spec.ts:5:13</failure></testcase>"
        "</testsuite></testsuites>"
    )
    cases = javascript.VITEST.read(output(report=report))
    assert cases is not None
    assert [(c.id, c.result, c.error) for c in cases] == [
        ("src/a.spec.ts > f > adds", "passed", ""),
        ("src/a.spec.ts > f > fails", "failed", "AssertionError"),
    ]


def test_pytest_ids_are_those_it_takes() -> None:
    report = (
        '<testsuites><testsuite name="pytest">'
        '<testcase classname="tests.test_a.TestA" name="test_b[1]"'
        ' file="tests/test_a.py" line="3"/>'
        '<testcase classname="" name="tests.test_c">'
        '<error message="collection failure">E   ImportError: no</error></testcase>'
        "</testsuite></testsuites>"
    )
    cases = pytest_runner.RUNNER.read(output(report=report))
    assert cases is not None
    assert [(c.id, c.result) for c in cases] == [
        ("tests/test_a.py::TestA::test_b[1]", "passed"),
        ("tests/test_c.py", "error"),
    ]


@pytest.mark.parametrize(
    "report",
    [
        "",
        "<testsuites><testsuite>",
        '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>',
        "\0",
        "not xml",
    ],
)
def test_a_report_that_is_none_is_no_report(report: str) -> None:
    assert junit.entries(report.encode()) is None


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader_of_reports(data: bytes) -> None:
    junit.entries(data)
    junit.entries(b"<testsuites>" + data + b"</testsuites>")


def test_node_reports_a_file_that_cannot_load_as_an_error() -> None:
    report = (
        '<testsuites><testcase name="/checkout/test/b.test.js" classname="test">'
        '<failure type="testCodeFailure" message="test failed">'
        "[Error: test failed] { cause: 'test failed', exitCode: 1 }"
        "</failure></testcase><!-- tests 1 --></testsuites>"
    )
    cases = javascript.NODE.read(output(report=report))
    assert cases is not None
    assert [(c.id, c.result) for c in cases] == [("test/b.test.js", "error")]


def test_a_test_of_node_that_is_todo_cannot_fail_and_so_is_skipped() -> None:
    report = (
        '<testsuites><testcase name="adds" classname="test"><skipped type="todo"/>'
        '<failure type="testCodeFailure" message="no"/></testcase></testsuites>'
    )
    cases = javascript.NODE.read(output(report=report))
    assert cases is not None
    assert [c.result for c in cases] == ["skipped"]


RESULTS = st.sampled_from(["passed", "failed", "skipped", "error"])
RUNS = st.dictionaries(st.sampled_from("abcdef"), RESULTS)


def cases_of(run: dict[str, Result]) -> dict[str, Case]:
    return {name: Case(id=name, result=result) for name, result in run.items()}


@settings(max_examples=80, deadline=None)
@given(RUNS, RUNS)
def test_every_id_is_accounted_for(
    before: dict[str, Result], after: dict[str, Result]
) -> None:
    seen = compare(cases_of(before), cases_of(after))
    assert set(seen.added) | before.keys() & after.keys() == after.keys()
    assert set(seen.removed) | before.keys() & after.keys() == before.keys()
    changed = (*seen.newly_failing, *seen.newly_passing, *seen.skipped)
    assert len(set(changed)) == len(changed)
    assert all(before[i] != after[i] for i in changed)


def test_a_run_compared_with_itself_shows_only_old_failures() -> None:
    run = cases_of({"a": "passed", "b": "failed", "c": "skipped"})
    seen = compare(run, run)
    assert seen.still_failing == ("b",)
    assert seen.added + seen.removed + seen.newly_failing + seen.skipped == ()


def test_parameters_that_vary_are_not_lost_tests() -> None:
    before = cases_of({"t[09:01]": "passed", "t[09:02]": "passed"})
    after = cases_of({"t[09:11]": "passed", "t[09:12]": "passed"})
    assert compare(before, after).removed == ()
    assert compare(before, cases_of({"t[09:11]": "passed"})).removed != ()


@pytest.mark.parametrize(
    ("name", "report", "read"),
    [
        ("latin1", '<?xml version="1.0" encoding="iso-8859-1"?>{}', "é"),
        ("utf-8", '<?xml version="1.0" encoding="utf-8"?>{}', "é"),
        ("latin1", '<?xml version="1.0" encoding="utf-8"?>{}', "\ufffd"),
        ("utf-8-sig", "{}", "é"),
        ("utf-8", '<?xml version="1.0" encoding="klingon"?>{}', None),
        ("utf-8", '<?xml version="1.0" encoding="base64"?>{}', None),
    ],
)
def test_a_report_in_a_wrong_encoding_is_read_or_is_none(
    name: str, report: str, read: str | None
) -> None:
    case = '<testsuites><testcase name="é"/></testsuites>'
    found = junit.entries(report.format(case).encode(name))
    assert (found[0].name if found else None) == read


BIG = 2_000_000


@pytest.mark.slow
@pytest.mark.parametrize(
    "inner",
    [
        b"\x01" * (30 * BIG),
        b"&#1;" * (7 * BIG),
        b"<testcase>" * BIG,
        b"<system-out>" + b"y" * (30 * BIG) + b"</system-out>",
        b"<testcase " + b" ".join(b'a%d="1"' % n for n in range(10**5)) + b"/>",
    ],
    ids=["control", "references", "deep", "long", "attributes"],
)
def test_a_report_made_to_hurt_is_read_within_bounds(inner: bytes) -> None:
    """Memory and time are bounded by the size, and the size by a limit."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    junit.entries(b"<testsuites><testcase name='a'>" + inner)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert after.ru_utime - before.ru_utime < 20
    assert after.ru_maxrss < 2_000_000


def test_a_report_beyond_the_limit_is_not_even_looked_at() -> None:
    assert junit.entries(bytes(REPORT_LIMIT + 1)) is None


@pytest.mark.slow
def test_more_tests_than_anybody_means_are_no_report() -> None:
    many = CASE_LIMIT + 2
    line = '{"id": "a", "result": "passed"}\n'
    assert unittest.RUNNER.read(output(report=line * many + '{"ran": 1}')) is None
    files = ",".join(["{}"] * many)
    assert javascript.JEST.read(output(report=f'{{"testResults":[{files}]}}')) is None
    suites = "     Running tests/it.rs (target/debug/deps/it-0)\n" * 2001
    assert cargo.CARGO.read(output("running 1 test\n", suites)) is None
