"""Reports of cargo-nextest and Gradle, read without either at hand.

These samples are written by hand after the documented formats: nexte.st/docs,
"JUnit support", and docs.gradle.org, "Testing in Java".  No runner wrote them.
"""

from pathlib import Path

import pytest

from weighlock.checks.runners.runner import Case, Output, Runner
from weighlock.checks.runners.tools import cargo, jvm
from weighlock.process import Finished

NEXTEST = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="4" failures="1" errors="0" time="0.1">
  <testsuite name="kit" tests="1" disabled="0" errors="0" failures="0">
    <testcase name="words::tests::splits" classname="kit" time="0.004"/>
  </testsuite>
  <testsuite name="kit::slug" tests="3" disabled="0" errors="0" failures="1">
    <testcase name="passes" classname="kit::slug" time="0.004"/>
    <testcase name="fails" classname="kit::slug" time="0.004">
      <failure message="thread 'fails' panicked at tests/slug.rs:3:5"
        type="test failure with exit code 101"
      >thread 'fails' panicked at tests/slug.rs:3:5:
assertion `left == right` failed
  left: 1
 right: 2</failure>
      <system-out>running 1 test</system-out>
      <system-err>assertion `left == right` failed</system-err>
    </testcase>
    <testcase name="panics" classname="kit::slug" time="0.004">
      <failure message="thread 'panics' panicked at src/lib.rs:7:5"
        type="test failure with exit code 101"
      >thread 'panics' panicked at src/lib.rs:7:5:
not yet implemented</failure>
    </testcase>
    <testcase name="second_time" classname="kit::slug" time="0.004">
      <flakyFailure message="once" type="test failure" timestamp="" time="0.1">
        <system-out>once</system-out>
      </flakyFailure>
    </testcase>
  </testsuite>
</testsuites>
"""
GRADLE = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="kit.KitTest" tests="5" skipped="1" failures="3" errors="0"
  timestamp="2026-01-01T00:00:00" hostname="host" time="0.05">
  <properties/>
  <testcase name="passes()" classname="kit.KitTest" time="0.01"/>
  <testcase name="adds(int)[1]" classname="kit.KitTest" time="0.01"/>
  <testcase name="adds(int)[2]" classname="kit.KitTest" time="0.01">
    <failure message="org.opentest4j.AssertionFailedError: expected: &lt;1&gt;"
      type="org.opentest4j.AssertionFailedError"
    >org.opentest4j.AssertionFailedError: expected: &lt;1&gt;
	at app//org.junit.jupiter.api.Assertions.fail(Assertions.java:2)
	at app//kit.KitTest.adds(KitTest.java:9)
</failure>
  </testcase>
  <testcase name="raises()" classname="kit.KitTest" time="0.01">
    <failure message="java.lang.UnsupportedOperationException: later"
      type="java.lang.UnsupportedOperationException"
    >java.lang.UnsupportedOperationException: later
	at app//kit.Kit.slug(Kit.java:4)
	at app//kit.KitTest.raises(KitTest.java:12)
</failure>
  </testcase>
  <testcase name="skips()" classname="kit.KitTest" time="0.0">
    <skipped/>
  </testcase>
  <system-out><![CDATA[<testcase name="f()" classname="kit.KitTest"/>]]></system-out>
  <system-err><![CDATA[]]></system-err>
</testsuite>
"""
BROKEN = """<testsuite name="kit.BrokenTest" tests="1" failures="1" errors="0">
  <testcase name="initializationError" classname="kit.BrokenTest" time="0.0">
    <failure message="no" type="java.lang.ExceptionInInitializerError">no</failure>
  </testcase>
</testsuite>
"""
LIBRARY = "src/main/java/kit/Kit.java"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in {
        "Cargo.toml": '[package]\nname = "kit"\n',
        "tests/slug.rs": "#[test]\nfn passes() {}\n",
        LIBRARY: "package kit;\n",
        "src/test/java/kit/KitTest.java": "package kit;\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def read(runner: Runner, tree: Path, *texts: str) -> dict[str, Case]:
    data = tuple(text.encode() for text in texts)
    done = Finished(exit_code=100)
    cases = runner.read(Output(tree=tree, report=data[0], done=done, left=data))
    assert cases is not None
    return {case.id: case for case in cases}


def test_nextest_tells_tests_of_the_library_and_of_each_program(tree: Path) -> None:
    found = read(cargo.NEXTEST, tree, NEXTEST)
    assert {name: (c.result, c.error, c.frame) for name, c in found.items()} == {
        "kit::words::tests::splits": ("passed", "", ""),
        "kit::slug::passes": ("passed", "", ""),
        "kit::slug::fails": ("failed", "AssertionError", "tests/slug.rs"),
        "kit::slug::panics": ("failed", "panic", "src/lib.rs"),
        "kit::slug::second_time": ("passed", "", ""),
    }
    assert found["kit::slug::fails"].file == "tests/slug.rs"
    assert found["kit::words::tests::splits"].file == ""


def test_gradle_s_files_are_one_report(tree: Path) -> None:
    found = read(jvm.GRADLE, tree, GRADLE, BROKEN)
    own = "src/test/java/kit/KitTest.java"
    assert {name: (c.result, c.error, c.frame) for name, c in found.items()} == {
        "kit.KitTest::passes": ("passed", "", ""),
        "kit.KitTest::adds(int)[1]": ("passed", "", ""),
        "kit.KitTest::adds(int)[2]": ("failed", "AssertionError", own),
        "kit.KitTest::raises": ("failed", "UnsupportedOperationException", LIBRARY),
        "kit.KitTest::skips": ("skipped", "", ""),
        "kit.BrokenTest::initializationError": (
            "error",
            "ExceptionInInitializerError",
            "",
        ),
    }
    assert found["kit.KitTest::passes"].file == own


def test_a_file_of_gradle_that_is_cut_short_is_no_report(tree: Path) -> None:
    done = Finished(exit_code=1)
    cut = (GRADLE.encode(), BROKEN.encode()[:-20])
    seen = Output(tree=tree, report=cut[0], done=done, left=cut)
    assert jvm.GRADLE.read(seen) is None
