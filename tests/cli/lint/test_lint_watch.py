"""Looking again when a plan changes."""

import asyncio
from pathlib import Path

import pytest

from weighlock.cli.linting.watch import state_of, watch
from weighlock.errors import SettingsError


class Steps:
    """A clock whose every wait is one step of a person's work; then it is over."""

    def __init__(self, *steps) -> None:
        self.steps = list(steps)

    def now(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        if not self.steps:
            raise asyncio.CancelledError
        self.steps.pop(0)()


def looks(path: Path, *steps, fail: bool = False) -> list[str]:
    """Watch a path through these steps; return what each look saw."""
    seen: list[str] = []

    def look() -> None:
        seen.append(path.read_text() if path.is_file() else "")
        if fail:
            raise SettingsError("is wrong")

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(watch(look, lambda: state_of([path], None), Steps(*steps)))
    return seen


def test_it_looks_at_once_and_again_only_after_a_change(tmp_path):
    plan = tmp_path / "p.md"
    plan.write_text("one")
    steps = (lambda: None, lambda: plan.write_text("three"), lambda: None)
    assert looks(plan, *steps) == ["one", "three"]


def test_a_file_that_goes_and_comes_back_is_looked_at_again(tmp_path):
    plan = tmp_path / "p.md"
    plan.write_text("one")
    assert looks(plan, plan.unlink, lambda: plan.write_text("1")) == ["one", "", "1"]


def test_what_is_wrong_is_told_and_ends_nothing(tmp_path, capsys):
    plan = tmp_path / "p.md"
    plan.write_text("one")
    assert len(looks(plan, lambda: plan.write_text("three"), fail=True)) == 2
    assert capsys.readouterr().err.count("weighlock: is wrong") == 2


def test_a_new_plan_in_a_folder_is_a_change(tmp_path):
    steps = (lambda: (tmp_path / "new.md").write_text("x"),)
    assert len(looks(tmp_path, *steps)) == 2


def test_a_pipe_gets_no_codes_that_clear_a_screen(tmp_path, capsys):
    plan = tmp_path / "p.md"
    plan.write_text("one")
    looks(plan)
    assert "\x1b" not in capsys.readouterr().out
