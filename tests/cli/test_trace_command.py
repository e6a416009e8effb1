"""``trace`` in a real repository, with a run whose journal was written by hand."""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals
from weighlock.cli.snapshot import digest, keep
from weighlock.disk import load
from weighlock.journal import FileJournal
from weighlock.run import events as ev

PLAN = """\
# Plan: Token bucket

**Plan ID:** PLAN-BUCKET

- REQ-1: A bucket gives no more than it holds.
- REQ-2: A bucket fills up at its rate.

## Phase 1: Taking

**Requirements:** REQ-1

Every function carries `@plan:PLAN-BUCKET.P01`.

**Files to create:**
- `bucket.py`

## Phase 2: Filling

**Requirements:** REQ-2

Every function carries `@plan:PLAN-BUCKET.P02`.
"""
CODE = """\
class Bucket:
    # @plan:PLAN-BUCKET.P01
    # @requirement:REQ-1
    def take(self):
        self.held -= 1

    def told(self):
        return "held"
"""


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> dict[str, dict]:
        return {row["id"]: row for row in json.loads(self.out)["rows"]}

    @property
    def states(self) -> dict[str, str]:
        return {id_: row["state"] for id_, row in self.rows.items()}


@dataclass
class Repository:
    project: object
    root: Path

    def trace(self, *args: str) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root)
            patch.setattr(sys, "argv", ["weighlock", "trace", *args])
            patch.setenv("XDG_CACHE_HOME", str(self.root.parent / "cache"))
            with redirect_stdout(out), redirect_stderr(err):
                code = guarded(cli, Globals())
        return Said(code, out.getvalue(), err.getvalue())

    def change(self, old: str, new: str) -> None:
        file = self.root / "bucket.py"
        file.write_text(file.read_text().replace(old, new))

    def passed(self, key: str = "01") -> None:
        """Let phase 1 pass: its commit on the branch, its events in a journal."""
        git = self.project.git
        base = git("rev-parse", "HEAD")
        git("checkout", "-q", "-b", "weighlock/plan-bucket")
        self.project.write("bucket.py", CODE)
        commit = git("rev-parse", "HEAD")
        git("checkout", "-q", "main")
        folder = self.root / ".git/weighlock/runs/20261121-150000-abc"
        folder.mkdir(parents=True)
        plan = load(Path("docs/plan.md"))
        keep(plan, folder)
        keys = tuple(p.key for p in plan.phases)
        journal = FileJournal(folder / "journal.jsonl")
        journal.append(
            ev.RunStarted(
                at=1.0, run=folder.name, plan="plan-bucket", plan_digest=digest(plan),
                plan_path="docs", base=base, branch="weighlock/plan-bucket",
                phases=keys, selected=keys, version="0",
            )
        )  # fmt: skip
        journal.append(
            ev.PhasePassed(
                at=2.0, phase=key, attempt=1, commit=commit, tree="t", evidence="",
            )
        )  # fmt: skip


@pytest.fixture
def repository(project, monkeypatch) -> Repository:
    project.write("docs/plan.md", PLAN)
    monkeypatch.chdir(project.root)
    return Repository(project, project.root)


@pytest.fixture
def merged(repository) -> Repository:
    repository.passed()
    repository.project.git("merge", "-q", "weighlock/plan-bucket")
    return repository


def test_without_a_run_a_plan_is_traced_and_evidence_is_empty(repository):
    repository.project.write("bucket.py", CODE, commit=False)
    said = repository.trace("docs/plan.md", "--json")
    assert said.code == 0
    assert said.states == {
        "REQ-1": "covered", "REQ-2": "uncovered", "01": "covered", "02": "uncovered",
    }  # fmt: skip
    assert said.rows["REQ-1"]["phases"][0]["commit"] is None
    assert said.rows["REQ-1"]["code"][0]["changed"] == "unknown"


def test_without_a_run_and_a_plan_it_says_what_to_type(repository):
    said = repository.trace()
    assert said.code == 5
    assert "weighlock trace PLAN" in said.err


def test_work_that_is_not_merged_is_looked_at_on_its_branch(repository):
    repository.passed()
    said = repository.trace("--json")
    assert said.states["REQ-1"] == "covered"
    assert "weighlock/plan-bucket" in said.err
    here = repository.trace("--json", "--worktree")
    assert here.states["REQ-1"] == "unmarked"


def test_the_phase_that_changed_the_node_is_named_with_its_commit(merged):
    [place] = merged.trace("--json").rows["REQ-1"]["code"]
    assert (place["changed"], place["changed_in"]) == ("yes", ["01"])
    assert place["commit"] == merged.project.git("rev-parse", "HEAD")
    assert (place["node"], place["first"], place["last"]) == ("Bucket.take", 2, 5)


def test_code_edited_after_the_pass_is_suspect_until_a_person_accepts_it(merged):
    merged.change("-= 1", "-= 2")
    assert merged.trace("--json").states["REQ-1"] == "suspect"
    assert merged.trace("--accept", "REQ-1", "--reason", "sale").code == 0
    said = merged.trace("--json")
    assert said.states["REQ-1"] == said.states["01"] == "covered"
    assert said.rows["REQ-1"]["accepted"]
    assert merged.trace("--accept", "REQ-1").code == 5
    merged.change("-= 2", "-= 3")
    assert merged.trace("--json").states["REQ-1"] == "suspect"


def test_comments_and_other_functions_make_nothing_suspect(merged):
    merged.change('return "held"', "return self.held")
    merged.change("    def take(self):", "    def take(self):  # one token")
    assert merged.trace("--json").states["REQ-1"] == "covered"


def test_a_renamed_file_is_the_same_code(merged):
    merged.project.git("mv", "bucket.py", "tokens.py")
    merged.project.git("commit", "-qm", "Rename")
    row = merged.trace("--json").rows["REQ-1"]
    assert (row["state"], row["code"][0]["path"]) == ("covered", "tokens.py")
    assert row["code"][0]["changed"] == "yes"


def test_a_reworded_requirement_is_suspect(merged):
    merged.project.write("docs/plan.md", PLAN.replace("no more than", "all that"))
    row = merged.trace("--json").rows["REQ-1"]
    assert (row["state"], "its text" in row["why"]) == ("suspect", True)


def test_an_older_commit_can_be_looked_at(merged):
    merged.change("-= 1", "-= 2")
    said = merged.trace("--json", "--commit", "HEAD")
    assert said.states["REQ-1"] == "covered"
    assert merged.trace("--commit", "nowhere").code == 2


def test_a_line_leads_back_to_what_it_serves(merged):
    said = merged.trace("--at", "bucket.py:5")
    assert said.code == 0
    assert "REQ-1" in said.out
    assert merged.trace("--at", "bucket.py:8").code == 5
    wrong = merged.trace("--at", "bucket.pi:5")
    assert (wrong.code, "did you mean bucket.py?" in wrong.err) == (2, True)


def test_one_requirement_or_phase_is_shown_in_full(merged):
    assert "commit " in merged.trace("--requirement", "req-1").out
    phase = merged.trace("--phase", "P1").out
    assert "Taking" in phase
    assert "REQ-1" in phase
    assert "did you mean" in merged.trace("--requirement", "REQ-3").err


def test_states_that_may_not_be_end_with_one_and_a_slip_with_two(merged):
    assert merged.trace("--fail-on", "uncovered,orphaned").code == 1
    assert merged.trace("--fail-on", "orphaned").code == 0
    slip = merged.trace("--fail-on", "uncoverd")
    assert (slip.code, "did you mean 'uncovered'?" in slip.err) == (2, True)


def test_the_configuration_says_what_is_needed_and_what_is_justified(merged):
    config = merged.root.parent / "strict.toml"
    config.write_text(
        '[trace]\nneeds = ["impl", "test"]\nfail_on = ["unmarked"]\n'
        '[trace.justified]\n"REQ-1" = "tried by hand"\n'
    )
    said = merged.trace("--json", "--config", str(config))
    assert said.states["REQ-1"] == "unmarked"
    assert said.code == 0
    config.write_text('[trace]\nneeds = ["impl", "test"]\nfail_on = ["unmarked"]\n')
    assert merged.trace("--config", str(config)).code == 1


@pytest.mark.parametrize("name", ["t.html", "t.csv", "t.reqif", "t.json", "t.txt"])
def test_a_file_is_written_in_the_form_that_its_name_says(merged, name):
    said = merged.trace("-o", name)
    assert (said.code, said.out) == (0, "")
    begins = {"html": "<!doctype", "csv": "kind,id", "reqif": "<?xml", "json": "{"}
    text = (merged.root / name).read_text()
    assert text.startswith(begins.get(name[2:], "Plan: Token bucket"))


def test_a_place_that_cannot_be_written_leaves_nothing(merged):
    said = merged.trace("-o", "gone/t.html")
    assert said.code == 2
    assert "choose another place" in said.err
