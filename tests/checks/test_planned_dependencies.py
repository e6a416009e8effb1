"""A plan may change what is installed: then setting up is done with what came."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests_checks import Project, command, notes, phase

from weighlock.sandbox import kind

BASE = {
    "README.md": "# kit\n",
    "package.json": '{"name": "kit", "dependencies": {}}\n',
    "package-lock.json": '{"lockfileVersion": 3}\n',
}
LOCK = '{"lockfileVersion": 3, "packages": {"slug": {}}}\n'
ASKS = '{"name": "kit", "dependencies": {"slug": "1"}}\n'
SEES = (command("grep -q slug deps/lock"),)
SETUP = ("mkdir deps && cat package-lock.json package.json > deps/lock",)


@pytest.mark.parametrize(
    ("files", "work", "verdict"),
    [
        ("~README.md ~package-lock.json", {"package-lock.json": LOCK}, "pass"),
        (
            "~README.md ~package.json",
            {"package.json": ASKS, "package-lock.json": LOCK},
            "pass",
        ),
        ("~README.md", {"package-lock.json": LOCK}, "fail"),
        (
            "~README.md ~package.json",
            {"package.json": BASE["package.json"].replace("kit", "slug")},
            "fail",
        ),
    ],
    ids=["a lock", "a manifest and its lock", "unplanned", "only another name"],
)
def test_a_planned_change_of_dependencies_is_set_up_again(
    project: Callable[..., Project],
    tmp_path: Path,
    files: str,
    work: dict[str, str],
    verdict: str,
) -> None:
    made = project(BASE, phase(files=files, commands=SEES), setup=SETUP)
    made.scratch = tmp_path / "scratch"
    seen = made.weigh({"README.md": "# slugs\n", **work})
    assert seen.verdict == verdict, seen.reasons


@pytest.mark.skipif(kind() == "none", reason="needs walls")
@pytest.mark.parametrize("planned", [True, False])
def test_what_an_agent_chose_is_set_up_inside_walls(
    project: Callable[..., Project],
    tmp_path: Path,
    planned: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """Base is trusted: setting it up may write where it likes."""
    out = tmp_path / "out"
    files = "~README.md" + (" ~package-lock.json" if planned else "")
    given = phase(files=files, commands=(command("true"),))
    made = project(BASE, given, setup=(f"mkdir deps; echo x > {out} || true",))
    made.scratch = tmp_path / "scratch"
    seen = made.weigh({"README.md": "# slugs\n", "package-lock.json": LOCK})
    assert out.exists() != planned
    assert ("protected-changed" in notes(seen)) != planned
