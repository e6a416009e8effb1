"""What a clean checkout needs is set up once, however many ask for it at once."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from tests_checks import Project, phase

from weighlock.checks.place.supplies import prepare
from weighlock.config import GateSettings
from weighlock.errors import UncheckableError


def test_many_that_ask_at_once_wait_for_one_and_hear_of_its_fault(
    project: Callable[..., Project], tmp_path: Path
) -> None:
    made = project({"package-lock.json": "{}\n"}, phase())
    settings = GateSettings(
        setup=(f"echo x >> {tmp_path}/times; test -e {tmp_path}/ok",)
    )

    async def ask() -> str:
        try:
            await prepare(made.git, made.base, tmp_path / "scratch", settings)
        except UncheckableError:
            return "failed"
        return "done"

    async def ask_at_once() -> list[str]:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(ask()) for _ in range(2)]
        return [each.result() for each in asked]

    assert asyncio.run(ask_at_once()) == ["failed"] * 2
    (tmp_path / "ok").touch()
    assert asyncio.run(ask_at_once()) == ["done"] * 2
    assert (tmp_path / "times").read_text() == "x\n" * 3
