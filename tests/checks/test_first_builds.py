"""Builds begin with what building base left: once made, copied, and never believed."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests_checks import Project

from weighlock.checks.place.clean import Clean
from weighlock.checks.place.launch import Place, launch
from weighlock.checks.runners.call import Call, detect
from weighlock.checks.runners.tools import golang
from weighlock.checks.subject import Snapshot

KEPT = golang.RUNNER.keeps
BUILT = f"mkdir -p ~/{KEPT} && date +%s%N >> ~/{KEPT}/a"
CALL = Call(
    text="build",
    words=("sh",),
    runner=replace(golang.RUNNER, builds_only=lambda w, _: [[*w, "-c", BUILT]]),
)


def begun(made: Project, *calls: Call) -> Clean:
    clean = Clean(made.git, made.scratch, made.settings, made.sandbox)
    clean.begin(made.base, calls)
    return clean


def checkout(clean: Clean, made: Project) -> Place:
    return asyncio.run(clean.checkout(made.base, made.base))


def test_base_is_built_once_and_no_checkout_changes_what_another_begins_with(
    project: Callable[..., Project],
) -> None:
    made = project({"a.txt": "a\n"})
    first = begun(made, CALL)
    kept = checkout(first, made).home / KEPT / "a"
    was = kept.read_text()
    kept.write_text("forged")
    first.close()
    second = begun(made, CALL)
    assert (checkout(second, made).home / KEPT / "a").read_text() == was
    second.close()


def test_a_suite_that_goes_by_the_times_of_files_begins_with_nothing(
    project: Callable[..., Project],
) -> None:
    made = project({"a.txt": "a\n"})
    clean = begun(made, replace(CALL, runner=None))
    assert not checkout(clean, made).home.exists()
    clean.close()


def test_a_call_that_brings_a_program_of_its_own_builds_nothing_ahead() -> None:
    asked = ("go", "test", "./...")
    assert golang.RUNNER.builds_only(asked, {"CGO_ENABLED": "0"})
    assert not golang.RUNNER.builds_only((*asked, "-exec=./mine"), {})
    assert not golang.RUNNER.builds_only(asked, {"GOFLAGS": "-toolexec=./mine"})


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("go"), reason="needs go")
def test_what_go_built_of_base_says_nothing_of_its_tests(
    project: Callable[..., Project],
) -> None:
    red = (
        'package a\n\nimport "testing"\n\nfunc TestA(t *testing.T) {\n\tt.Fatal()\n}\n'
    )
    made = project({"go.mod": "module x\n\ngo 1.19\n", "a_test.go": red})
    clean = begun(made, *detect(Snapshot(made.git, made.base), None))

    async def tested() -> tuple[Place, int | None]:
        place = await clean.checkout(made.base, made.base)
        done = await launch(["go", "test", "./..."], place, timeout_s=60)
        return place, done.exit_code

    place, code = asyncio.run(tested())
    assert len(list((place.home / KEPT).glob("*/*-d"))) > 10
    assert code == 1
    clean.close()
