"""``verify-attestation`` ends with the code of the verdict, or with 8."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from weighlock.attest import Weighed, sealed, statements
from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals
from weighlock.git import Git
from weighlock.run.evidence import Evidence, Reason, Verdict


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A repository with two commits, and the folder that everything is in."""
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "ann")
        monkeypatch.setenv(f"{name}_EMAIL", "ann@example.org")
    git = Git(tmp_path)
    git.run("init", "-q", "-b", "main")
    for text in ("one", "two"):
        (tmp_path / "a.txt").write_text(text)
        git.run("add", "-A")
        git.run("commit", "-qm", text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def weighed(place: Path, outcome: str = "pass") -> Weighed:
    git = Git(place)
    reasons = (Reason(code="tests-fail", message="it is wrong"),)
    verdict = Verdict(
        plan="PLAN-X",
        phase="05",
        base=git.text("rev-parse", "HEAD~1"),
        head=git.text("rev-parse", "HEAD"),
        tree=git.text("rev-parse", "HEAD^{tree}"),
        verdict=outcome,
        reasons=() if outcome == "pass" else reasons,
        checks=(Evidence(check="git", kind="git", verdict="pass", summary="fine"),),
    )
    return Weighed(verdict=verdict, plan="sha256:" + "d" * 64, version="0.1.0")


def say(monkeypatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["weighlock", *words])
    return guarded(cli, Globals())


def put(place: Path, what: Weighed) -> str:
    (place / "it.jsonl").write_bytes(sealed(statements(what), None))
    return "it.jsonl"


@pytest.mark.parametrize(
    ("outcome", "code"), [("pass", 0), ("fail", 1), ("review", 4), ("error", 8)]
)
def test_the_exit_code_is_that_of_the_verdict(place, monkeypatch, outcome, code):
    file = put(place, weighed(place, outcome))
    assert say(monkeypatch, "verify-attestation", file, "--unsigned") == code


def test_nothing_is_believed_unless_somebody_is_named(place, monkeypatch, capsys):
    file = put(place, weighed(place))
    assert say(monkeypatch, "verify-attestation", file) == 2
    assert "say whom you believe" in capsys.readouterr().err


def test_it_says_what_it_is_about_and_that_anybody_could_say_so(
    place, monkeypatch, capsys
):
    file = put(place, replace(weighed(place), approved_by="ann"))
    assert say(monkeypatch, "verify-attestation", file, "--unsigned") == 0
    said = capsys.readouterr().out
    assert said.startswith("PASS  phase P05 of PLAN-X")
    assert "Unsigned: whoever could write the file could write this." in said
    assert "A person accepted the work: ann." in said


def test_another_commit_is_not_what_was_weighed(place, monkeypatch, capsys):
    file = put(place, weighed(place))
    ask = ("verify-attestation", file, "--unsigned", "--commit")
    assert say(monkeypatch, *ask, "HEAD") == 0
    assert say(monkeypatch, *ask, "HEAD~1") == 8
    assert "it speaks of commit" in capsys.readouterr().err
    assert say(monkeypatch, *ask, "nowhere") == 2


def test_a_commit_that_took_the_work_is_what_was_weighed(place, monkeypatch):
    landed = Git(place).text("rev-parse", "HEAD~1")
    file = put(place, replace(weighed(place), landed=landed))
    ask = ("verify-attestation", file, "--unsigned", "--commit")
    assert say(monkeypatch, *ask, "HEAD~1") == 0


def test_a_commit_that_holds_another_tree_is_a_lie(place, monkeypatch, capsys):
    told = weighed(place)
    file = put(place, replace(told, verdict=replace(told.verdict, tree="0" * 40)))
    assert say(monkeypatch, "verify-attestation", file, "--unsigned") == 8
    assert "and the attestation speaks of 0000000000" in capsys.readouterr().err


def test_json_says_whether_the_commit_is_here(place, monkeypatch, capsys):
    told = weighed(place)
    away = replace(told.verdict, head="0" * 40)
    file = put(place, replace(told, verdict=away))
    assert say(monkeypatch, "verify-attestation", file, "--unsigned", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["here"]) == ("weighlock/attestation/1", False)
    assert document["signer"] is None


def test_a_file_that_is_not_there_is_said_to_be_missing(place, monkeypatch, capsys):
    del place
    assert say(monkeypatch, "verify-attestation", "none", "--unsigned") == 2
    assert "none: the attestation cannot be read" in capsys.readouterr().err
