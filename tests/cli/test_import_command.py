"""``import``: nothing of a plan is lost on the way to a folder of phases."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals

PLAN = """# Plan: Letters

Some words before.

## Phase 1: Paper

**Owner:** Ann

**Files to create:**
- `paper.txt`

```bash
test -s paper.txt
```

## Phase 2: Ink

**Dependencies:** Phase 1

- [x] it is black
"""
TASKS = """# Tasks: Letters

## Phase 1: Setup

- [ ] T001 [P] Make paper in src/paper.py
- [x] T002 Make ink in src/ink.py (depends on T001)
"""


@pytest.fixture
def run(monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def call(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["weighlock", *args])
        capsys.readouterr()
        code = guarded(cli, Globals())
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_the_report_says_where_every_part_went(tmp_path: Path, run):
    (tmp_path / "plan.md").write_text(PLAN)
    code, said, told = run("import", "plan.md")
    assert code == 0
    assert "  01  plan.md:5-15  ->  plan/01-paper.md (verbatim)\n" in said
    assert "  plan.md:1-4  ->  overview.md\n" in said
    assert "weighlock lint project-plans/plan-letters" in told
    folder = tmp_path / "project-plans" / "plan-letters"
    assert "Some words before." in (folder / "overview.md").read_text()
    assert (tmp_path / "plan.md").read_text() == PLAN


def test_the_report_is_data_too_and_keys_that_names_cannot_hold_are_counted_anew(
    tmp_path: Path, run
):
    (tmp_path / "tasks.md").write_text(TASKS)
    code, said, _ = run("import", "tasks.md", "--name", "letters", "--json")
    document = json.loads(said)
    assert (code, document["schema"]) == (0, "weighlock/import/1")
    keys = [(p["key"], p["new_key"]) for p in document["phases"]]
    assert keys == [("T001", "01"), ("T002", "02")]
    _, shown, _ = run("show", "project-plans/letters", "--json")
    phases = json.loads(shown)["phases"]
    assert [p["status"] for p in phases] == ["pending", "completed"]


def test_an_import_overwrites_nothing(tmp_path: Path, run):
    (tmp_path / "plan.md").write_text(PLAN)
    assert run("import", "plan.md", "--into", "out")[0] == 0
    before = sorted(p.name for p in tmp_path.rglob("*"))
    code, _, told = run("import", "plan.md", "--into", "out")
    assert code == 6
    assert "nothing is overwritten" in told
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


def test_what_is_no_plan_is_no_crash(tmp_path: Path, run):
    (tmp_path / "empty.md").write_text("")
    assert run("import", "empty.md")[0] == 3
    assert run("import", "gone.md")[0] == 3
    assert not (tmp_path / "project-plans").exists()
