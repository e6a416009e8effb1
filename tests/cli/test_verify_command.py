"""``verify`` weighs one phase without any agent, and changes nothing."""

import json
import signal
from pathlib import Path

import pytest

from weighlock.process import end_marked


@pytest.fixture
def worked(project):
    """The first phase is done, on a branch of its own."""
    project.git("checkout", "-qb", "work")
    project.write("words.txt", "hello\n")
    return project


def said(done):
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["1", "P01"])
def test_a_phase_that_is_done_passes_in_any_spelling_of_its_key(worked, key):
    done = worked.run("verify", "docs/plan.md", "--phase", key)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("PASS  phase P01")


def test_work_that_is_missing_fails_with_its_place_and_what_next(worked):
    done = worked.run("verify", "docs/plan.md", "--phase", "2")
    assert done.returncode == 1
    assert "docs/plan.md:" in done.stdout
    assert "expectation-unmet" in done.stdout
    assert "Next: mend what is named above" in done.stdout


def test_json_is_the_verdict_and_nothing_else(worked):
    done = worked.run("verify", "docs/plan.md", "--phase", "1", "--json")
    verdict = said(done)
    assert verdict["schema"] == "weighlock/verdict/1"
    assert (verdict["phase"], verdict["verdict"]) == ("01", "pass")
    assert verdict["base"] == worked.git("rev-parse", "main")
    assert verdict["head"] == worked.git("rev-parse", "work")
    assert verdict["tree"] == worked.git("rev-parse", "work^{tree}")
    assert {c["id"] for c in verdict["checks"]} >= {"git", "effect", "command:1"}
    assert all(c["evidence"] for c in verdict["checks"] if c["command"])


@pytest.mark.slow
def test_evidence_lies_in_the_git_directory_by_its_digest(worked):
    verdict = said(worked.run("verify", "docs/plan.md", "--phase", "1", "--json"))
    found = next(c for c in verdict["checks"] if c["id"] == "command:1")
    digest = found["evidence"].removeprefix("sha256:")
    blobs = (worked.root / ".git/weighlock/evidence").rglob(f"*{digest[-40:]}*")
    assert [blob.read_bytes() for blob in blobs] == [b"1\n"]


def test_the_work_tree_is_weighed_without_touching_index_or_files(project):
    project.write("words.txt", "hello\n", commit=False)
    project.write("docs/plan.md", "changed\n", commit=False)
    before = project.git("status", "--porcelain=v2", "--untracked-files=all")
    index = (project.root / ".git/index").read_bytes()
    done = project.run("verify", "docs/plan.md", "--phase", "1", "--worktree")
    assert done.returncode == 1, done.stdout  # the plan was changed, see below
    assert "plan-changed" in done.stdout
    assert "file-missing" not in done.stdout
    assert (project.root / ".git/index").read_bytes() == index
    assert project.git("status", "--porcelain=v2", "--untracked-files=all") == before


@pytest.mark.slow
def test_the_plan_is_read_as_it_was_at_base(worked):
    easy = "# Plan\n\n## Phase 2: Nothing\n\n```bash\ntrue\n```\n"
    worked.write("docs/plan.md", easy)
    done = worked.run("verify", "docs/plan.md", "--phase", "2", "--json")
    codes = {reason["code"] for reason in said(done)["reasons"]}
    assert {"plan-changed", "expectation-unmet"} <= codes


@pytest.mark.slow
def test_a_rewritten_base_is_seen(worked):
    base = worked.git("rev-parse", "main")
    worked.git("checkout", "-q", "--orphan", "other")
    worked.git("commit", "-qm", "all of it")
    done = worked.run(
        "verify", "docs/plan.md", "--phase", "1", "--base", base, "--json"
    )
    assert {r["code"] for r in said(done)["reasons"]} == {"base-rewritten"}


@pytest.mark.slow
def test_a_claim_is_shown_beside_the_verdict_and_moves_nothing(worked, tmp_path):
    report = tmp_path / "report.md"
    report.write_text("COMPLETE: created `stamp.txt`, 12 tests pass\n")
    args = ("verify", "docs/plan.md", "--phase", "1", "--claim", str(report))
    verdict = said(worked.run(*args, "--json"))
    assert verdict["verdict"] == "pass"
    assert verdict["claim"]["files"] == ["stamp.txt"]
    assert verdict["claim"]["tests"] == 12
    assert [n["code"] for n in verdict["notes"][:2]] == ["claim-contradicted"] * 2


@pytest.mark.slow
def test_without_a_claim_file_the_commits_are_the_claim(worked):
    verdict = said(worked.run("verify", "docs/plan.md", "--phase", "1", "--json"))
    assert verdict["claim"]["text"] == "Write words.txt"


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("docs/plan.md", "--phase", "77"), 2, ("no phase '77'", "01, 02, 03, 04")),
        (("docs/none.md", "--phase", "1"), 3, ("no such plan",)),
        (("docs/plan.md", "--phase", "1", "--base", "nope"), 2, ("no commit 'nope'",)),
        (("docs/plan.md",), 2, ("--phase",)),
        (
            ("docs/plan.md", "--phase", "1", "--head", "HEAD", "--worktree"),
            2,
            ("exclude each other",),
        ),
        (("docs/plan.md", "--phase", "1", "--claim", "gone"), 2, ("claim", "gone")),
    ],
)
def test_bad_input_gets_one_message_and_its_code(worked, args, code, words):
    done = worked.run("verify", *args)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert all(word in done.stderr for word in words)


def test_outside_a_repository_it_refuses(project, tmp_path):
    folder = tmp_path / "plain"
    folder.mkdir()
    done = project.run("verify", "plan.md", "--phase", "1", "--repo", str(folder))
    assert (done.returncode, "not a git repository" in done.stderr) == (6, True)


@pytest.mark.slow
def test_what_could_not_be_checked_exits_with_eight(worked):
    worked.git("checkout", "-q", "main")
    text = "# Plan\n\n## Phase 1: A\n\n```bash\nno-such-tool-here\n```\n"
    worked.write("other.md", text)
    worked.git("checkout", "-qB", "work")
    worked.write("a.txt", "a\n")
    done = worked.run("verify", "other.md", "--phase", "1")
    assert done.returncode == 8
    assert "tool-missing" in done.stdout


@pytest.mark.slow
def test_a_first_commit_that_was_amended_is_a_rewritten_base(project):
    project.git("checkout", "-qb", "work")
    project.write("words.txt", "hello\n", commit=False)
    project.git("add", "-A")
    project.git("commit", "-q", "--amend", "-m", "Begin anew")
    done = worked_verdict(project)
    assert done["base"] == project.git("rev-parse", "main")
    assert "base-rewritten" in {r["code"] for r in done["reasons"]}


@pytest.mark.slow
def test_a_module_of_the_project_is_never_loaded_in_place_of_the_librarys(worked):
    worked.write("json.py", "raise SystemExit('loaded')\n")
    worked.write("random.py", "raise SystemExit('loaded')\n")
    assert worked_verdict(worked)["phase"] == "01"


def worked_verdict(project):
    return said(project.run("verify", "docs/plan.md", "--phase", "1", "--json"))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["graft", "replace"])
def test_nothing_in_the_repository_makes_a_rewritten_base_an_ancestor(worked, how):
    base = worked.git("rev-parse", "main")
    worked.git("checkout", "-q", "--orphan", "other")
    worked.git("commit", "-qm", "rewritten")
    head = worked.git("rev-parse", "HEAD")
    if how == "graft":
        grafts = worked.root / ".git/info/grafts"
        grafts.parent.mkdir(exist_ok=True)
        grafts.write_text(f"{head} {base}\n")
    else:
        worked.git("replace", "--graft", head, base)
    assert worked.git("merge-base", base, "HEAD") == base
    verdict = said(
        worked.run("verify", "docs/plan.md", "--phase", "1", "--base", base, "--json")
    )
    assert "base-rewritten" in {reason["code"] for reason in verdict["reasons"]}


@pytest.mark.slow
def test_files_that_change_while_they_are_weighed_are_told_of(project):
    late = project.root / "late.txt"
    config = project.beside / "weighlock.toml"
    config.write_text(f"gate = {{ setup = ['echo late > {late}'] }}\n")
    project.write("words.txt", "hello\n", commit=False)
    done = project.run("verify", "docs/plan.md", "--phase", "1", "--worktree", "--json")
    verdict = said(done)
    assert late.exists()
    assert verdict["verdict"] == "pass"
    assert "late-write" in {note["code"] for note in verdict["notes"]}


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    "begun", ["gate-*", "gate-*/*-tree", "gate-*/*-tree/home/tmp"], ids=str
)
def test_a_verifier_that_is_told_to_end_leaves_nothing(project, sent, begun):
    """It is told in the middle: its folder is there, a checkout, a command."""
    plan = (project.root / "docs/plan.md").read_text()
    project.write("docs/plan.md", plan.replace("grep -c hello words.txt", "sleep 50"))
    project.git("checkout", "-qb", "work")
    project.write("words.txt", "hello\n")
    scratch = Path(project.env["XDG_CACHE_HOME"]) / "weighlock/scratch"
    process = project.start("verify", "docs/plan.md", "--phase", "1")
    while not list(scratch.glob(begun)):
        assert process.poll() is None
    homes = [tree / "home" for tree in scratch.glob("gate-*/*-tree")]
    process.send_signal(sent)
    said, _ = process.communicate(timeout=50)
    assert process.returncode == 130, said
    assert list(scratch.glob("gate-*")) == []
    assert not any(end_marked(f"HOME={home}") for home in homes)
