"""Bad input gets one clear message and the exit code of DESIGN 4.2."""

import json
import os
import subprocess
import sys

import pytest

from weighlock.journal import lock_run


def refused(done, code: int, *words: str) -> None:
    """Check exit code and message: what, and what to type next; no traceback."""
    said = done.stderr + done.stdout
    assert done.returncode == code, said
    assert "Traceback" not in said
    for word in words:
        assert word in said


def test_not_a_git_repository(project, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "plan.md").write_text("# Plan\n\n## Phase 1: A\n")
    done = project.run("run", str(folder / "plan.md"), "--repo", str(folder))
    refused(done, 6, "not a git repository", "git init")


def test_a_dirty_tree(project):
    project.write("words.txt", "a")
    project.write("words.txt", "b", commit=False)
    refused(project.run("run", "docs/plan.md"), 6, "words.txt", "git stash")


@pytest.mark.slow
def test_an_unborn_branch(project, tmp_path):
    folder = tmp_path / "new"
    subprocess.run(["git", "init", "-q", str(folder)], check=True, env=project.env)
    (folder / "plan.md").write_text("# Plan\n\n## Phase 1: A\n\n- do it\n")
    done = project.run("run", str(folder / "plan.md"), "--repo", str(folder))
    refused(done, 6, "no commit", "git commit")


def test_a_missing_plan(project):
    refused(project.run("run", "docs/nothing.md"), 3, "docs/nothing.md", "no such plan")


@pytest.mark.slow
def test_an_empty_plan(project):
    project.write("docs/empty.md", "\n")
    refused(project.run("run", "docs/empty.md"), 3, "docs/empty.md")


def test_a_binary_plan(project):
    (project.root / "docs/binary.md").write_bytes(bytes(range(256)) * 64)
    refused(project.run("show", "docs/binary.md"), 3, "docs/binary.md")


def test_a_plan_of_one_gigabyte_is_refused_without_reading_it(project):
    with (project.root / "docs/huge.md").open("wb") as file:
        file.truncate(2**30)
    refused(project.run("show", "docs/huge.md"), 3, "docs/huge.md")


@pytest.mark.slow
def test_a_plan_with_a_cycle_is_refused_before_anything_starts(project):
    text = (
        "# Plan\n\n## Phase 1: A\n\n**Dependencies:** Phase 2\n\n- x\n\n"
        "## Phase 2: B\n\n**Dependencies:** Phase 1\n\n- y\n"
    )
    project.write("docs/cycle.md", text)
    refused(project.run("run", "docs/cycle.md"), 3, "WL101", "weighlock lint")
    assert project.journals() == []


def test_invalid_toml(project):
    (project.beside / "weighlock.toml").write_text("agent = = 1\n")
    refused(project.run("run", "docs/plan.md"), 3, "weighlock.toml", "line 1")


def test_an_unknown_key_of_the_configuration(project):
    (project.beside / "weighlock.toml").write_text('agnt = "claude"\n')
    refused(project.run("run", "docs/plan.md"), 3, "agnt", "did you mean 'agent'")


@pytest.mark.slow
def test_an_unknown_agent(project):
    done = project.run("run", "docs/plan.md", "--agent", "cloude")
    refused(done, 3, "cloude", "did you mean 'claude'")


def test_an_agent_that_is_not_on_path(project):
    project.env["PATH"] = "/usr/bin:/bin"
    done = project.run("run", "docs/plan.md", "--agent", "claude")
    refused(done, 7, "claude-agent-acp", "npm install")
    assert "attempt-started" not in "".join(j.read_text() for j in project.journals())


def test_an_unknown_phase(project):
    done = project.run("run", "docs/plan.md", "--only", "9")
    refused(done, 2, "no phase '9'", "01, 02, 03, 04")


def test_no_run_yet(project):
    refused(project.run("status"), 5, "weighlock run PLAN")


@pytest.mark.slow
def test_a_second_process_on_the_same_plan_is_refused(project):
    project.agent("import time; time.sleep(30)")
    first = project.start("run", "docs/plan.md", "--progress", "plain")
    try:
        while not project.journals() or not _started(project):
            assert first.poll() is None
        done = project.run("run", "docs/plan.md")
        refused(done, 6, "being driven", str(first.pid), "weighlock stop")
    finally:
        first.terminate()
        first.communicate(timeout=20)
    assert first.returncode == 130


@pytest.mark.slow
def test_a_run_refused_before_the_first_has_a_branch_leaves_no_run(project):
    with lock_run(project.root / ".git/weighlock", "plan-greeting", "first"):
        done = project.run("run", "docs/plan.md")
    refused(done, 6, "run first of this plan is being driven", "weighlock stop")
    assert project.journals() == []


@pytest.mark.slow
def test_what_passed_on_a_deleted_branch_meets_no_need_of_a_new_run(project):
    only_first = ("run", "docs/plan.md", "--only", "1", "--progress", "plain")
    assert project.run(*only_first).returncode == 0
    project.git("branch", "-D", "weighlock/plan-greeting")
    done = project.run("run", "docs/plan.md", "--only", "2")
    refused(done, 6, "phase 02 needs 01", "--until 02")


@pytest.mark.slow
def test_a_tampered_journal_line(project):
    assert project.run("run", "docs/plan.md", "--progress", "plain").returncode == 0
    [journal] = project.journals()
    lines = journal.read_text().splitlines()
    lines[3] = lines[3].replace('"01"', '"02"')
    journal.write_text("\n".join(lines) + "\n")
    refused(project.run("status"), 8, "journal.jsonl:")
    refused(project.run("run", "docs/plan.md"), 8, "journal.jsonl:")
    document = json.loads(project.run("status", "--json").stdout)
    assert document["code"] == "state-tampered"


def test_a_journal_of_a_newer_version(project):
    folder = project.root / ".git/weighlock/runs/20990101-000000-abc"
    folder.mkdir(parents=True)
    entry = {"seq": 0, "prev": "0" * 64, "kind": "run-started", "schema": 999}
    (folder / "journal.jsonl").write_text(json.dumps(entry) + "\n")
    refused(project.run("status"), 8, "999", "weighlock")


def test_json_errors_are_data(project):
    done = project.run("run", "docs/nothing.md", "--json")
    document = json.loads(done.stdout)
    assert (document["schema"], document["exit_code"]) == ("weighlock/error/1", 3)


def in_namespace(project, mount: str, *args: str):
    """Run weighlock after a mount that only it sees."""
    if subprocess.run(["unshare", "-rm", "true"], check=False).returncode != 0:
        pytest.skip("no mount namespace here")
    line = f'{mount} && cd "{project.root}" && exec "$@"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", line, "sh", *project.command(*args)],
        env={**project.env, "PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are Linux's")
def test_a_full_disk_loses_nothing_and_says_so(project):
    git = project.root / ".git"
    mount = (
        f'mkdir "{git}/weighlock" && mount -t tmpfs -o size=24k none "{git}/weighlock"'
    )
    done = in_namespace(project, mount, "run", "docs/plan.md", "--progress", "plain")
    refused(done, 8, "the disk is full", "weighlock resume")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mount namespaces are Linux's")
def test_a_read_only_repository(project):
    mount = (
        f'mount --bind "{project.root}" "{project.root}" && '
        f'mount -o remount,bind,ro "{project.root}"'
    )
    done = in_namespace(project, mount, "run", "docs/plan.md", "--progress", "plain")
    refused(done, 6, "ead-only")


def _started(project) -> bool:
    return any("attempt-started" in j.read_text() for j in project.journals())
