"""Reports as real runners wrote them, read by test id on a machine without the runner.

Paths, host names and Surefire's properties are taken out; nothing else was touched.
"""

from pathlib import Path

import pytest

from weighlock.checks.runners.runner import Output, Runner
from weighlock.checks.runners.tools import golang, javascript, jvm
from weighlock.process import Finished

RECORDED = Path(__file__).parent / "recorded"
PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"


def read(runner: Runner, *names: str) -> dict[str, tuple[str, str, str]]:
    data = [(RECORDED / name).read_bytes() for name in names]
    done = Finished(exit_code=1, stdout=data[0])
    seen = Output(tree=Path("/checkout"), report=data[0], done=done, left=tuple(data))
    cases = runner.read(seen)
    assert cases is not None
    return {c.id: (c.result, c.error, c.frame) for c in cases}


def test_go_s_events_tell_tests_and_their_parts() -> None:
    assert read(golang.RUNNER, "go-1.19.jsonl") == {
        "example.com/kit::TestPasses": (PASSED, "", ""),
        "example.com/kit::TestFails": (FAILED, "AssertionError", ""),
        "example.com/kit::TestSkips": (SKIPPED, "", ""),
        "example.com/kit::TestTable": (FAILED, "AssertionError", ""),
        "example.com/kit::TestTable/one_two": (PASSED, "", ""),
        "example.com/kit::TestTable/three": (FAILED, "AssertionError", ""),
        "example.com/kit::TestPanics": (FAILED, "panic", "slug_test.go"),
    }


@pytest.mark.parametrize(
    ("runner", "name", "file", "broken"),
    [
        (javascript.JEST, "jest-29.json", "test/kit.test.js", ("LoadError", "")),
        (
            javascript.VITEST,
            "vitest-3.xml",
            "test/kit.test.mjs",
            ("Error", "test/broken.test.mjs"),
        ),
    ],
)
def test_jest_and_vitest_tell_the_same(
    runner: Runner, name: str, file: str, broken: tuple[str, str]
) -> None:
    assert read(runner, name) == {
        f"{file} > kit > passes": (PASSED, "", ""),
        f"{file} > kit > fails": (FAILED, "AssertionError", file),
        f"{file} > kit > skips": (SKIPPED, "", ""),
        f"{file} > kit > later": (SKIPPED, "", ""),
        f"{file} > kit > raises": (FAILED, "ReferenceError", file),
        file.replace("kit", "broken"): ("error", *broken),
    }


def test_node_tells_a_file_that_does_not_load_from_a_test_that_fails() -> None:
    assert read(javascript.NODE, "node-20.xml") == {
        "test/broken.test.mjs": ("error", "LoadError", ""),
        "kit > passes": (PASSED, "", ""),
        "kit > fails": (FAILED, "AssertionError", "test/kit.test.mjs"),
        "kit > skips": (SKIPPED, SKIPPED, ""),
        "kit > later": (SKIPPED, "todo", ""),
    }


def test_surefire_s_files_are_one_report() -> None:
    """It counts the tests of a class with an inner one under that."""
    names = ("surefire-3.2.5-inner.xml", "surefire-3.2.5-outer.xml")
    assert read(jvm.MAVEN, *names) == {
        "kit.KitTest::passes": (PASSED, "", ""),
        "kit.KitTest::raises": (FAILED, "IllegalStateException", ""),
        "kit.KitTest::again": (PASSED, "", ""),
        "kit.KitTest::again#2": (PASSED, "", ""),
        "kit.KitTest::fails": (FAILED, "AssertionError", ""),
        "kit.KitTest::skips": (SKIPPED, "", ""),
        "kit.KitTest$Inner::inside": (PASSED, "", ""),
    }
