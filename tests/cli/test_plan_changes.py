"""A plan that changes between stop and resume, with real git and a real agent."""

import json
import shutil
from dataclasses import replace

import pytest

MORE = """
if phase == "01":
    words.write_text("hello\\nmore\\n")
if phase == "05":
    pathlib.Path("env.txt").write_text("env\\n")
if not pathlib.Path("stamp.txt").exists() and phase == "06":
    pathlib.Path("stamp.txt").write_text("one penny\\n")
"""
ENVELOPE = """\
## Phase 3: An envelope

**Dependencies:** Phase 1

**Files to create:**
- `env.txt`

```bash
test -s env.txt
```

"""


def events(project, kind: str) -> list[dict]:
    [journal] = project.journals()
    found = [json.loads(line) for line in journal.read_text().splitlines()]
    return [e for e in found if e["kind"] == kind]


def edit(project, *pairs: tuple[str, str]) -> None:
    text = (project.root / "docs/plan.md").read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    project.write("docs/plan.md", text)


def states(project) -> dict[str, str]:
    found = json.loads(project.run("status", "--json").stdout)
    return {p["key"]: p["state"] for p in found["phases"]}


@pytest.fixture(scope="module")
def once(tmp_path_factory, make_real):
    """A run that was asked for phases 1 and 3, which have passed."""
    folder = tmp_path_factory.mktemp("begun")
    project = make_real(folder)
    told = ("run", "docs/plan.md", "--only", "1", "--only", "3", "-q")
    assert project.run(*told).returncode == 0
    return project, folder


@pytest.fixture
def begun(once, tmp_path):
    project, folder = once
    shutil.copytree(folder, tmp_path / "it", symlinks=True)
    here = tmp_path / "it"
    env = {k: v.replace(str(folder), str(here)) for k, v in project.env.items()}
    return replace(project, root=here / "repo", beside=here / "beside", env=env)


MORE_WORDS = ("grep -c hello words.txt\n", "grep -c more words.txt\n")


@pytest.mark.slow
def test_a_changed_phase_waits_for_a_word_and_nothing_is_written_without_one(begun):
    edit(begun, MORE_WORDS)
    [journal] = begun.journals()
    before = journal.read_bytes()
    told = begun.run("resume")
    assert told.returncode == 4
    assert "~ P01 Words: passed, to be done again: its text, commands" in told.stderr
    assert "+ grep -c more words.txt" in told.stderr
    assert "P03 stays passed; it was built before P01" in told.stderr
    assert "weighlock resume --yes" in told.stderr
    assert journal.read_bytes() == before


@pytest.mark.slow
def test_with_a_word_only_the_changed_phase_is_done_again(begun):
    edit(begun, MORE_WORDS)
    begun.agent((begun.beside / "agent.py").read_text() + MORE)
    done = begun.run("resume", "--yes", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    starts = [e["phase"] for e in events(begun, "attempt-started")]
    assert starts == ["01", "03", "01"]
    [change] = events(begun, "plan-changed")
    assert (change["changed"], change["reopened"]) == (["01"], ["01"])
    landed = begun.git("show", "weighlock/plan-greeting:docs/plan.md")
    assert "grep -c more words.txt" in landed
    assert begun.run("resume").returncode == 5


@pytest.mark.slow
def test_a_changed_phase_may_be_kept_and_is_not_asked_about_again(begun):
    edit(begun, MORE_WORDS)
    assert begun.run("resume", "--keep", "1", "-q").returncode == 0
    [change] = events(begun, "plan-changed")
    assert (change["changed"], change["reopened"]) == (["01"], [])
    assert states(begun)["01"] == "passed"
    assert begun.run("resume").returncode == 5


@pytest.mark.slow
def test_spaces_line_ends_and_ticked_boxes_are_no_change(begun):
    path = begun.root / "docs/plan.md"
    text = path.read_text().replace("## Phase 1: Words\n", "## Phase 1: Words  \n\n\n")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    begun.git("commit", "-qam", "Touch nothing")
    assert begun.run("resume").returncode == 5
    assert begun.run("run", "docs/plan.md", "-q").returncode == 0
    assert events(begun, "plan-changed") == []


@pytest.mark.slow
def test_a_phase_put_between_two_others_runs_and_the_shifted_ones_keep_their_record(
    begun,
):
    edit(
        begun,
        (
            "## Phase 3: A letter",
            ENVELOPE + "## Phase 4: A letter",
        ),
        ("## Phase 4: A stamp", "## Phase 5: A stamp"),
        ("Phase 2, Phase 3", "Phase 2, Phase 4"),
    )
    begun.agent(
        "import os, pathlib\nphase = os.environ['WEIGHLOCK_PHASE']\n"
        "made = {'02': 'words.txt', '03': 'env.txt', '05': 'stamp.txt'}[phase]\n"
        "old = pathlib.Path(made).read_text() if phase == '02' else ''\n"
        "pathlib.Path(made).write_text(old + 'world one penny\\n')\n"
    )
    done = begun.run("resume", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    assert "> P04 A letter: was P03; kept passed" in done.stderr
    [change] = events(begun, "plan-changed")
    assert change["moved"] == ["03=04", "04=05"]
    assert change["added"] == ["03"]
    assert states(begun)["04"] == "passed"
    # This run was asked for phases 1 and 3 alone; the whole plan goes on from there.
    done = begun.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    assert set(states(begun).values()) == {"passed"}
    starts = [e["phase"] for e in events(begun, "attempt-started")]
    assert sorted(starts) == ["01", "02", "03", "03", "05"]
    old, new = (begun.run("logs", n, "--json").stdout for n in ("4", "3"))
    assert json.loads(old)["attempt"] == 1
    assert json.loads(new)["attempt"] == 2


@pytest.mark.slow
def test_a_removed_phase_holds_nothing_up_and_stays_in_the_record(begun):
    text = (begun.root / "docs/plan.md").read_text()
    a, b = text.index("## Phase 3"), text.index("## Phase 4")
    rest = text[:a] + text[b:].replace("Phase 2, Phase 3", "Phase 2")
    begun.write("docs/plan.md", rest)
    done = begun.run("resume", "--progress", "plain")
    assert "- P03 A letter: removed, it was passed; what it delivered stays" in (
        done.stderr
    )
    assert "03" not in states(begun)
    told = begun.run("why", "3")
    assert "was removed from the plan" in told.stdout + told.stderr
    done = begun.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    assert begun.git("show", "weighlock/plan-greeting:letter.txt") == "dear"


@pytest.mark.slow
def test_the_older_plan_can_be_kept_for_the_whole_run(begun):
    edit(begun, MORE_WORDS)
    assert begun.run("resume", "--as-begun").returncode == 5
    assert events(begun, "plan-changed") == []


@pytest.mark.slow
def test_a_plan_that_is_gone_from_the_work_tree_is_no_change(begun):
    begun.git("rm", "-q", "docs/plan.md")
    begun.git("commit", "-qm", "Move on")
    told = begun.run("resume", "--only-nothing")
    assert told.returncode == 2
    told = begun.run("resume")
    assert "going on with the run's own copy" in told.stderr


@pytest.mark.slow
def test_a_changed_gate_is_told(begun):
    with (begun.beside / "weighlock.toml").open("a") as file:
        file.write('[gate]\nprotect = ["golden/**"]\n')
    begun.run("run", "docs/plan.md", "--only", "2", "-q")
    with (begun.beside / "weighlock.toml").open("a") as file:
        file.write("command_s = 30\n")
    edit(begun, MORE_WORDS)
    told = begun.run("resume", "--keep", "1")
    assert "[gate] command_s: 600.0 → 30" in told.stderr
    assert "protect" not in told.stderr


@pytest.mark.slow
def test_a_reopened_phase_is_done_again_though_nothing_changed(begun):
    begun.agent("import pathlib; pathlib.Path('letter.txt').write_text('dearest\\n')")
    done = begun.run("resume", "--reopen", "3", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    assert begun.git("show", "weighlock/plan-greeting:letter.txt") == "dearest"


@pytest.mark.slow
def test_tracker_writes_where_the_run_stands_into_the_plan_and_nothing_else(begun):
    path = begun.root / "docs/plan.md"
    old = path.read_text().replace(
        "## Phase 1: Words\n", "## Phase 1: Words\n\n**Status:** Pending\n"
    )
    path.write_text(old)
    done = begun.run("tracker", "--write")
    assert done.returncode == 0, done.stderr
    # Phase 3 has passed too; it says so in the form that phase 1 gave the plan.
    new = old.replace("Pending", "Completed").replace(
        "## Phase 3: A letter\n\n", "## Phase 3: A letter\n\n**Status:** Completed\n"
    )
    assert path.read_text() == new
    told = begun.run("tracker", "--write")
    assert "says so already" in told.stderr
    assert begun.run("resume", "--keep", "1", "-q").returncode == 0


SERVED_PLAN = """\
# Plan: Greeting

**Plan ID:** PLAN-GREET

| ID | Requirement |
|---|---|
| REQ-1 | It greets by one word. |

## Phase 1: Words

**Requirements:** REQ-1

Every function carries `@plan:PLAN-GREET.P01`.

**Files to create:**
- `greet.py`

```bash
grep -c hello greet.py
# Expected: 1
```
"""
SERVED_CODE = """\
import pathlib
text = "# @plan:PLAN-GREET.P01 @requirement:REQ-1\\ndef greet():\\n    return 'hello'"
pathlib.Path("greet.py").write_text(text)
"""


@pytest.mark.slow
def test_code_that_was_left_as_it_is_under_new_words_goes_to_a_person(
    tmp_path, make_real
):
    project = make_real(tmp_path)
    project.write("docs/plan.md", SERVED_PLAN)
    project.agent(SERVED_CODE)
    assert project.run("run", "docs/plan.md", "-q").returncode == 0
    edit(project, ("by one word", "by two words"))
    done = project.run("resume", "--yes", "-q")
    assert done.returncode == 4, done.stderr
    assert "marker-stale" in project.run("why", "1").stdout
    # The same without an agent: the words of the base are held against the newest run.
    told = ("verify", "docs/plan.md", "--phase", "1", "--base", "main", "--json")
    seen = project.run(*told, "--head", "weighlock/plan-greet")
    assert "marker-stale" in seen.stdout
    project.run("approve", "1")
    assert project.run("resume", "-q").returncode == 0
