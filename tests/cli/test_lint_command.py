import json
import subprocess
import sys
from pathlib import Path

import pytest

GOOD = """# Plan

## Phase 1: Types

```bash
pytest -q
```

## Phase 2: Parser

```bash
pytest -q tests/parser
```
"""
BAD = GOOD.replace("pytest -q", "if pytest; then", 1)
WEAK = GOOD.replace("pytest -q", "pytest -q || true", 1)


def weighlock(*args: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "weighlock", *args],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [(GOOD, (), 0), (BAD, (), 1), (WEAK, (), 0), (WEAK, ("--strict",), 1)],
)
def test_the_exit_code_says_whether_there_are_errors(
    tmp_path: Path, text: str, options: tuple[str, ...], code: int
):
    (tmp_path / "plan.md").write_text(text)
    assert weighlock("lint", "plan.md", *options, cwd=tmp_path).returncode == code


def test_text_goes_to_stdout_and_the_count_to_stderr(tmp_path: Path):
    (tmp_path / "plan.md").write_text(BAD)
    done = weighlock("lint", "plan.md", cwd=tmp_path)
    assert done.stdout.startswith("plan.md:6:1: error WL401-shell-syntax")
    assert "    if pytest; then\n    ^\n" in done.stdout
    assert done.stderr == "1 error in 1 plan\n"


def test_json_holds_the_problems_of_all_plans(tmp_path: Path):
    (tmp_path / "a.md").write_text(BAD)
    (tmp_path / "b.md").write_text(WEAK)
    done = weighlock("lint", "a.md", "b.md", "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert document["schema"] == "weighlock/problems/1"
    files = [p["source"]["file"] for p in document["problems"]]
    assert files == ["a.md", "b.md"]


@pytest.mark.slow
def test_a_plan_that_cannot_be_read_is_exit_3_and_the_others_are_still_looked_at(
    tmp_path: Path,
):
    (tmp_path / "a.md").write_text(BAD)
    one = weighlock("lint", "gone.md", cwd=tmp_path)
    two = weighlock("lint", "gone.md", "a.md", cwd=tmp_path)
    assert (one.returncode, two.returncode) == (3, 3)
    assert "gone.md" in one.stderr
    assert "WL401" in two.stdout


def test_github_annotations(tmp_path: Path):
    (tmp_path / "plan.md").write_text(BAD)
    done = weighlock("lint", "plan.md", "--format", "github", cwd=tmp_path)
    assert done.stdout.startswith("::error file=plan.md,line=6,col=1,title=WL401")


@pytest.mark.slow
def test_colour_only_when_asked_for_or_on_a_terminal(tmp_path: Path):
    (tmp_path / "plan.md").write_text(BAD)
    plain = weighlock("lint", "plan.md", cwd=tmp_path)
    coloured = weighlock("lint", "plan.md", "--color", "always", cwd=tmp_path)
    assert "\x1b" not in plain.stdout
    assert "\x1b[1;31merror" in coloured.stdout


@pytest.mark.slow
def test_with_run_a_phase_whose_checks_pass_already_is_told(project):
    project.write("docs/small.md", PASSES_ALREADY)
    without = project.run("lint", "docs/small.md", "--json")
    asked = project.run("lint", "docs/small.md", "--json", "--run")
    told = [
        {p["code"]: p["source"]["line"] for p in json.loads(done.stdout)["problems"]}
        for done in (without, asked)
    ]
    assert "WL409-passes-already" not in told[0]
    assert told[1]["WL409-passes-already"] == 10


def test_run_asks_for_a_repository(tmp_path, project):
    (tmp_path / "plan.md").write_text(PASSES_ALREADY)
    done = project.run("lint", str(tmp_path / "plan.md"), "--run", "--no-repo")
    assert done.returncode == 2
    assert "--run needs a repository" in done.stderr


PASSES_ALREADY = """# Plan: Small

## Phase 1: Make b

### Files
- Create `b.py`

### Verification
```bash
test -d docs
```

## Phase 2: Make c

### Files
- Create `c.py`

### Verification
```bash
test -f c.py
```
"""
