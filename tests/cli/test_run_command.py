"""Whole runs with real git, real processes, a real agent: what a person relies on."""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

LIAR = """\
import os, pathlib
phase, attempt = os.environ["WEIGHLOCK_PHASE"], os.environ["WEIGHLOCK_ATTEMPT"]
prompt = pathlib.Path(os.environ["WEIGHLOCK_PROMPT_FILE"]).read_text()
files = {"01": "words.txt", "03": "letter.txt", "04": "stamp.txt"}
if attempt == "1":
    print("COMPLETE. Created every file, 12 tests passing.")
else:
    assert "file-missing" in prompt or "no-change" in prompt, prompt
    if phase == "02":
        words = pathlib.Path("words.txt")
        words.write_text(words.read_text() + "world\\n")
    else:
        texts = {"01": "hello\\n", "03": "dear\\n", "04": "one penny\\n"}
        pathlib.Path(files[phase]).write_text(texts[phase])
    print("done now")
"""


def events(project) -> list[dict]:
    [journal] = project.journals()
    return [json.loads(line) for line in journal.read_text().splitlines()]


def document(project, *args: str) -> dict:
    return json.loads(project.run(*args, "--json").stdout.splitlines()[-1])


def test_a_plan_runs_to_its_end_and_the_users_branch_stays(project):
    head = project.git("rev-parse", "HEAD")
    done = project.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    assert project.git("rev-parse", "HEAD") == head
    assert project.git("status", "--porcelain") == ""
    shown = project.git("show", "weighlock/plan-greeting:words.txt")
    assert shown == "hello\nworld"
    body = project.git("log", "-1", "--format=%B", "weighlock/plan-greeting")
    trailers = dict(line.split(": ", 1) for line in body.splitlines() if ": " in line)
    assert {"Plan", "Phase", "Run", "Evidence"} <= set(trailers)
    assert trailers["Evidence"].startswith("sha256:")


@pytest.mark.slow
def test_every_phantom_completion_is_caught_and_sent_back_with_the_evidence(project):
    project.agent(LIAR)
    done = project.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    judged = [e for e in events(project) if e["kind"] == "phase-judged"]
    first = {e["phase"]: e for e in reversed(judged) if e["attempt"] == 1}
    assert {e["verdict"] for e in first.values()} == {"fail"}
    assert project.git("show", "weighlock/plan-greeting:stamp.txt") == "one penny"


@pytest.mark.slow
def test_completion_markers_that_an_agent_writes_never_reach_the_branch(project):
    project.agent(
        "import os, pathlib\n"
        "folder = pathlib.Path('docs/.completed')\n"
        "folder.mkdir(parents=True, exist_ok=True)\n"
        "(folder / 'P04.md').write_text('COMPLETE, 12 tests passed')\n"
        "pathlib.Path('words.txt').write_text('hello\\n')\n"
    )
    done = project.run("run", "docs/plan.md", "--only", "1", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    names = project.git("ls-tree", "-r", "--name-only", "weighlock/plan-greeting")
    assert "words.txt" in names
    assert ".completed" not in names


@pytest.mark.slow
def test_a_run_that_cannot_pass_leaves_nothing_of_the_failed_phase(project):
    project.agent("import pathlib; pathlib.Path('junk.txt').write_text('x')")
    done = project.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 1
    assert "junk.txt" not in project.git(
        "ls-tree", "--name-only", "weighlock/plan-greeting"
    )
    why = document(project, "why", "02")
    assert why["state"] == "blocked"
    assert "01" in why["blocked_by"]
    status = project.run("status")
    assert status.returncode == 1
    assert "weighlock logs P01" in status.stdout


@pytest.mark.slow
def test_a_waived_phase_lets_the_rest_go_on_and_is_named_in_the_journal(project):
    project.agent("import sys; sys.exit(3)")
    assert project.run("run", "docs/plan.md", "--progress", "plain").returncode == 1
    waived = project.run("waive", "1", "--reason", "done by hand elsewhere")
    assert waived.returncode == 0, waived.stderr
    project.run("resume", "--progress", "plain")
    [event] = [e for e in events(project) if e["kind"] == "phase-waived"]
    assert (event["phase"], event["reason"]) == ("01", "done by hand elsewhere")
    started = {e["phase"] for e in events(project) if e["kind"] == "attempt-started"}
    assert {"02", "03"} <= started


@pytest.mark.slow
def test_only_runs_one_phase_and_a_later_run_goes_on(project):
    one = project.run("run", "docs/plan.md", "--only", "1", "--progress", "plain")
    assert one.returncode == 0, one.stderr
    assert project.git("ls-tree", "--name-only", "weighlock/plan-greeting") == (
        "docs\nwords.txt"
    )
    rest = project.run("run", "docs/plan.md", "--progress", "plain")
    assert rest.returncode == 0, rest.stderr
    starts = [e["phase"] for e in events(project) if e["kind"] == "attempt-started"]
    assert sorted(starts) == ["01", "02", "03", "04"]
    assert len(project.journals()) == 1
    assert project.run("run", "docs/plan.md").returncode == 5


@pytest.mark.slow
def test_only_without_its_predecessors_says_what_it_waits_for(project):
    done = project.run("run", "docs/plan.md", "--only", "2", "--progress", "plain")
    assert done.returncode == 6
    assert "needs 01" in done.stderr
    assert "--until 02" in done.stderr
    assert project.journals() == []


@pytest.mark.slow
def test_run_json_streams_events_and_ends_with_the_run(project):
    done = project.run("run", "docs/plan.md", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines[-1]["schema"] == "weighlock/run/1"
    assert lines[-1]["state"] == "passed"
    assert [p["verdict"] for p in lines[-1]["phases"]] == ["pass"] * 4
    kinds = [line["kind"] for line in lines[:-1]]
    assert kinds.count("phase-passed") == 4


@pytest.mark.slow
def test_a_run_goes_on_when_nobody_reads_what_it_shows(project):
    process = project.start("run", "docs/plan.md", "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=50) == 0
    assert events(project)[-1]["kind"] == "run-ended"


def test_output_that_nobody_reads_is_no_failed_phase(project):
    process = project.start("show", "docs/plan.md")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=20) == 0


@pytest.mark.slow
def test_a_detached_run_is_stopped_by_request_and_resumed(project):
    project.agent("import time; time.sleep(60)")
    away = project.run("run", "docs/plan.md", "--detach")
    assert away.returncode == 0, away.stderr
    wait_for(lambda: any(e["kind"] == "agent-spawned" for e in events(project)))
    assert project.run("status").returncode == 0
    assert project.run("stop").returncode == 0
    wait_for(
        lambda: events(project)[-1]["kind"] in {"run-stopped", "attempt-abandoned"}
    )
    wait_for(lambda: project.run("stop").returncode == 5)
    project.agent("import sys; sys.exit(1)")
    assert project.run("resume", "--progress", "plain").returncode == 1


@pytest.mark.slow
def test_a_detached_run_does_what_it_was_asked_for_and_is_not_begun_twice(project):
    assert project.run("run", "docs/plan.md", "--only", "1").returncode == 0
    project.agent("import time; time.sleep(60)")
    more = ("run", "docs/plan.md", "--only", "3", "--detach")
    assert project.run(*more).returncode == 0
    wait_for(lambda: events(project)[-1]["kind"] == "agent-spawned")
    assert events(project)[-1]["phase"] == "03"
    assert project.run(*more).returncode == 6
    assert project.run("stop").returncode == 0
    wait_for(lambda: project.run("stop").returncode == 5)


@pytest.mark.slow
def test_a_preflight_that_is_killed_leaves_no_process(project):
    suite = project.beside / "suite.py"
    suite.write_text("import time; time.sleep(60)")
    with (project.beside / "weighlock.toml").open("a") as file:
        file.write(f'[gate]\ntest = "{sys.executable} {suite}"\n')
        file.write(f'[sandbox]\nread = ["{suite}"]\n')
    process = project.start("run", "docs/plan.md")
    wait_for(lambda: called_with(suite))
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 130
    wait_for(lambda: not called_with(suite))


@pytest.mark.slow
def test_a_person_does_the_work_and_is_verified_like_anyone(project):
    process = project.start("run", "docs/plan.md", "--only", "1", "--agent", "person")
    wait_for(lambda: any(e["kind"] == "question-asked" for e in events(project)))
    assert project.run("status").returncode == 4
    assert project.run("answer", "1", "done").returncode == 0
    wait_for(lambda: any(e["kind"] == "phase-judged" for e in events(project)))
    [judged] = [e for e in events(project) if e["kind"] == "phase-judged"]
    assert judged["verdict"] == "fail"
    process.terminate()
    process.communicate(timeout=20)


@pytest.mark.slow
def test_restore_takes_the_branch_back_and_reopens_what_came_later(project):
    assert project.run("run", "docs/plan.md", "--progress", "plain").returncode == 0
    assert project.run("restore", "01").returncode == 0
    names = project.git("ls-tree", "--name-only", "weighlock/plan-greeting").split()
    assert "stamp.txt" not in names
    assert document(project, "status")["state"] != "passed"
    again = project.run("resume", "--progress", "plain")
    assert again.returncode == 0, again.stderr
    assert project.git("show", "weighlock/plan-greeting:stamp.txt") == "one penny"


@pytest.mark.slow
def test_a_phase_that_takes_too_long_is_timed_out_and_advised(project):
    config = project.beside / "weighlock.toml"
    text = "attempts = 1\n" + config.read_text() + "[limits]\nphase_minutes = 0.01\n"
    config.write_text(text)
    project.agent("import time; time.sleep(60)")
    done = project.run("run", "docs/plan.md", "--progress", "plain")
    assert done.returncode == 1
    shown = project.run("why", "1").stdout
    assert "split" in shown
    assert "phase_minutes" in shown
    assert document(project, "status")["phases"][0]["state"] == "timeout"


def test_a_dry_run_starts_and_writes_nothing(project):
    done = project.run("run", "docs/plan.md", "--dry-run")
    assert done.returncode == 0
    assert "grep -c hello words.txt" in done.stdout
    assert project.journals() == []
    assert project.git("branch", "--list", "weighlock/*") == ""


def called_with(path) -> list[str]:
    """Name the processes that were given a path, in a sandbox or not."""
    asked = str(path).encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if asked in entry.read_bytes().split(b"\0"):
                found.append(entry.parent.name)
    return found


def wait_for(true, seconds: float = 50.0) -> None:
    """Wait until something is so; fail when it never is."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
        except (ValueError, OSError):
            pass  # a file is not there yet
        assert time.monotonic() < deadline


BISCUIT = """\
# Plan for a choir

## Phases

### Phase 1: Voices

**Principal Owner:** Composer

**Goal:** Two voices.

**Deliverables:**
- Create `high.md`, the high voice
- Create `low.md`, the low voice (Bass Player)

**Acceptance Criteria:**
- [ ] `high.md` exists
- [ ] It sounds well

### Phase 2: Concert

**Principal Owner:** Bass Player

**Dependencies:** Phase 1

**Deliverables:**
- Create `concert.md`

**Acceptance Criteria:**
- [ ] `concert.md` exists
"""

SINGER = """\
import os, pathlib, sys
prompt = sys.stdin.read()
part = prompt.split("> ")[1].split("\\n")[0] if "Your part" in prompt else ""
with open(os.environ["HOME"] + "/../../../../sessions.txt", "a") as log:
    owner, session = os.environ["WEIGHLOCK_OWNER"], os.environ["WEIGHLOCK_SESSION"]
    log.write(f"{sys.argv[1]}|{owner}|{session}|{'high voice done' in prompt}\\n")
for name in ("high.md", "low.md", "concert.md"):
    if name in (part or prompt.split("## What will be checked")[0]):
        pathlib.Path(name).write_text("la\\n")
print("### Summary")
print("high voice done")
"""


@pytest.mark.slow
def test_each_deliverable_goes_to_the_agent_of_its_owner_in_a_session_of_its_own(
    project,
):
    project.write(".ai/plans/2026-01-01.choir.md", BISCUIT)
    project.agent(SINGER)
    config = project.beside / "weighlock.toml"
    python = json.dumps(sys.executable)
    config.write_text(
        'agent = "a"\n[roles]\n"Bass Player" = "b"\n'
        f'[agents.a]\nkind = "command"\ncommand = [{python}, "agent.py", "a"]\n'
        f'[agents.b]\nkind = "command"\ncommand = [{python}, "agent.py", "b"]\n'
        f"[sandbox]\nwrite = [{json.dumps(str(project.root.parent / 'cache'))}]\n"
    )
    done = project.run("run", ".ai/plans/2026-01-01.choir.md", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    log = (project.root.parent / "cache/sessions.txt").read_text()
    assert log.splitlines() == [
        "a|Composer|1|False",
        "b|Bass Player|2|True",
        "b|Bass Player|1|True",
    ]
    marked = project.git(
        "show", "weighlock/plan-for-a-choir:.ai/plans/2026-01-01.choir.md"
    )
    assert "- [x] `high.md` exists" in marked
    assert "- [ ] It sounds well" in marked
    assert "## Execution Checkpoints" in marked


@pytest.mark.slow
def test_the_agent_of_a_single_deliverable_is_looked_for_before_anything_starts(
    project,
):
    project.write(".ai/plans/2026-01-01.choir.md", BISCUIT)
    config = project.beside / "weighlock.toml"
    config.write_text(
        f"{config.read_text()}\n"
        '[agents.b]\nkind = "command"\ncommand = ["no-such-program"]\n'
        '[roles]\n"Bass Player" = "b"\n'
    )
    done = project.run("run", ".ai/plans/2026-01-01.choir.md", "--only", "1")
    assert done.returncode == 7, done.stderr
    assert "b: no-such-program is not on PATH" in done.stderr
    assert [e["kind"] for e in events(project)] == ["run-started"]


@pytest.mark.slow
def test_the_final_gate_asks_nobody_for_what_was_waived(project):
    honest = (project.beside / "agent.py").read_text()
    project.agent(honest.replace("one penny", "two pence"))
    assert project.run("run", "docs/plan.md", "--progress", "plain").returncode == 1
    assert project.run("waive", "4", "--reason", "no stamps left").returncode == 0
    done = project.run("resume", "--progress", "plain")
    assert done.returncode == 0, done.stderr
    [judged] = [e for e in events(project) if e["kind"] == "plan-judged"]
    assert judged["verdict"] == "pass"
    assert project.run("resume").returncode == 5


@pytest.mark.slow
def test_the_only_agent_that_is_configured_needs_no_naming(project):
    config = project.beside / "weighlock.toml"
    config.write_text(config.read_text().replace('agent = "script"\n', ""))
    done = project.run("run", "docs/plan.md", "--only", "1", "--progress", "plain")
    assert done.returncode == 0, done.stderr
