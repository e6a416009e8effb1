"""A suite of many parts ran nothing only when no part of it ran a test."""

import re

import pytest

from weighlock.checks.runners.tools import golang, jvm

BARE = "?   \texample.org/a/cmd\t[no test files]\n"
MODULE = "[INFO] No tests to run.\n"
SOURCELESS = "> Task :api:test NO-SOURCE\n"


@pytest.mark.parametrize(
    ("runner", "said", "nothing"),
    [
        (golang.RUNNER, BARE, True),
        (golang.RUNNER, BARE + "ok  \texample.org/a\t0.1s\n", False),
        (golang.RUNNER, BARE + "ok  \texample.org/a\t0.1s [no tests to run]\n", True),
        (golang.RUNNER, BARE + "--- FAIL: TestA (0.00s)\n", False),
        (golang.RUNNER, BARE + '{"Action":"pass","Test":"TestA"}\n', False),
        (jvm.MAVEN, MODULE, True),
        (jvm.MAVEN, MODULE + "[INFO] Tests run: 2, Failures: 0\n", False),
        (jvm.GRADLE, SOURCELESS, True),
        (jvm.GRADLE, SOURCELESS + "> Task :core:test\n", False),
        (jvm.GRADLE, "No tests found for given includes", True),
    ],
)
def test_a_part_without_tests_is_not_the_whole(runner, said, nothing):
    assert (re.search(runner.nothing_ran, said) is not None) is nothing
