"""Whatever bytes a report or a delivery holds, reading it ends, and nothing breaks."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests_checks import held, phase

from weighlock.checks import gate
from weighlock.checks.history import look as history
from weighlock.checks.kinds import RULES
from weighlock.checks.runners.call import RUNNERS
from weighlock.checks.runners.runner import Output, Runner
from weighlock.checks.strength import formats, stryker
from weighlock.checks.strength.changed import Function
from weighlock.process import Finished

RECORDED = Path(__file__).parent / "recorded"
TOLD = tuple(
    "\n".join(lines).encode()
    for lines in (
        ("running 2 tests", "test a::b ... ok", "test c ... FAILED", "", "failures:"),
        ("---- c stdout ----", "thread 'c' panicked at src/lib.rs:7:5:", "no"),
        (
            "test_a (test_x.T.test_a) ... ok",
            "test_b (test_x.T) ... FAIL",
            "Ran 2 tests",
        ),
        ("TAP version 13", "# Subtest: a", "ok 1 - a", "not ok 2 - b # TODO", "1..2"),
    )
)
"""What runners say that write no report: cargo, unittest, node without a reporter."""
REPORTS = (*(p.read_bytes() for p in sorted(RECORDED.iterdir())), *TOLD)
COVERAGE = (
    b"SF:src/a.py\nDA:1,2\nDA:2,0\nend_of_record\n",
    (
        b'<coverage><source>/</source><class filename="src/a.py"><lines>'
        b'<line number="1" hits="2"/></lines></class></coverage>'
    ),
    json.dumps(
        {"files": {"src/a.py": {"executed_lines": [1], "missing_lines": [2]}}}
    ).encode(),
    b"mode: set\nexample.com/kit/a.go:1.1,2.2 1 1\n",
    (
        b'{"result":[{"url":"src/a.py","functions":[{"ranges":[{"startOffset":0,'
        b'"endOffset":40,"count":1}]}]}]}'
    ),
)
FAULTS = (
    b'{"files":{"src/a.ts":{"mutants":[{"location":{"start":{"line":1}},"status":'
    b'"Killed","mutatorName":"x"},{"location":{"start":{"line":2}},"status":"Survived",'
    b'"mutatorName":"y","replacement":"z"}]}}}'
)
PIECES = (
    b"<", b">", b'"', b"\0", b"\xff\xfe", b"<![CDATA[", b"<!DOCTYPE x [", b"&a;",
    b"&#x0;", b"</testcase>", b"<testsuite>" * 300, b"[" * 3000, b"1" * 5000, b"inf",
    b"-1", b"NaN", b"null", b"true", b"{}", b"\r", b"\xe2\x80\xae", b"..//", b"\n",
    b'<?xml version="1.0" encoding="utf-16"?>', b'{"Action":"fail"}\n',
)  # fmt: skip
PROGRAMS = {
    "src/a.py": "def f(x):\n    '''Doc.'''\n    return [x for x in range(x)]\n",
    "src/a.ts": "export const f = (x: number) => { return `a${x}`; };\n",
    "src/a.rs": "#[cfg(test)]\nmod t { #[test] fn f() { assert_eq!(1, 1); } }\n",
    "src/a.go": "package a\n\nfunc F(x int) int { return x }\n",
    "src/A.java": "class A { @Test void f() { assert true; } }\n",
    "tests/test_a.py": "import a\n\n\ndef test_f():\n    assert a.f(1) == [0]\n",
    "test/a.test.ts": "test('f', () => { expect(f(1)).toBe('a1'); });\n",
    "a.patch": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "package.json": '{"scripts": {"test": "jest"}}',
}
AT = st.integers(0, 20_000)
EDITS = st.lists(
    st.tuples(AT, st.integers(0, 60), st.sampled_from(PIECES) | st.binary(max_size=8)),
    max_size=4,
)
ANY = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """Cut and put in pieces somewhere."""
    for at, cut, piece in edits:
        here = at % (len(data) + 1)
        data = data[:here] + piece + data[here + cut :]
    return data


@pytest.mark.slow
@ANY
@given(st.sampled_from(RUNNERS), st.sampled_from(REPORTS), EDITS, st.booleans())
def test_any_report_is_read_or_refused(
    runner: Runner,
    report: bytes,
    edits: list[tuple[int, int, bytes]],
    code: bool,  # noqa: FBT001 - drawn
) -> None:
    data = edited(report, edits)
    done = Finished(exit_code=int(code), stdout=data, stderr=data[:99])
    seen = Output(tree=RECORDED, report=data, done=done, left=(data, data))
    cases = runner.read(seen)
    assert cases is None or len({c.id for c in cases}) == len(cases)


@pytest.mark.slow
@ANY
@given(st.sampled_from(COVERAGE), EDITS)
@example(COVERAGE[0], [(17, 1, b"inf")])
@example(COVERAGE[3], [(35, 1, b"9" * 9)])
@example(COVERAGE[3], [(35, 1, b"9" * 5000)])
def test_any_coverage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    report: bytes,
    edits: list[tuple[int, int, bytes]],
) -> None:
    tree = tmp_path_factory.getbasetemp()
    (tree / "coverage").write_bytes(edited(report, edits))
    formats.read(tree / "coverage", tree, ["src/a.py"])
    formats.golang(tree / "coverage", "example.com/kit", "", {"a.go": "package a\n"})
    (tree / "coverage").rename(tree / "coverage-1.json")
    formats.v8(tree, tree, {"src/a.py": PROGRAMS["src/a.py"]})


@pytest.mark.slow
@ANY
@given(EDITS)
def test_any_count_of_faults_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "report.json"
    path.write_bytes(edited(FAULTS, edits))
    here = Function(
        path="src/a.ts", name="f", line=1, end_line=2, fresh=frozenset({1, 2})
    )
    score = stryker.read(path, "", [here])
    assert score is None or 0 <= score.noticed <= score.all


@pytest.mark.slow
@settings(ANY, max_examples=150)
@given(st.dictionaries(st.sampled_from(sorted(PROGRAMS)), EDITS), st.sampled_from("~+"))
def test_any_difference_is_weighed(
    edits: dict[str, list[tuple[int, int, bytes]]], sign: str
) -> None:
    work = {
        path: edited(PROGRAMS[path].encode(), some).decode(errors="replace")
        for path, some in edits.items()
    }
    files = " ".join(f"{sign}{path}" for path in list(work)[:2])
    subject = held(phase(files=files), PROGRAMS if sign == "~" else {}, work)
    for look in gate.STATIC:
        if look is not history.look:  # it asks git
            look(subject, RULES["impl"])
