"""What a person or a program asks lint for, from the command line to the exit code."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals

GOOD = "# Plan\n\n## Phase 1: A\n\n- `a.py`\n\n## Phase 2: B\n\n- `b.py`\n"
BAD = GOOD + "\n```bash\nif pytest; then\n```\n"
WEAK = GOOD + "\n```bash\npytest -q || true\n```\n"


@pytest.fixture
def lint(tmp_path, monkeypatch, capsys):
    """Return ``lint(*words, stdin=...) -> (code, stdout, stderr)``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def call(*words: str, stdin: bytes = b""):
        monkeypatch.setattr(sys, "argv", ["weighlock", "lint", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = guarded(cli, Globals())
        return code, *capsys.readouterr()

    return call


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def test_a_folder_is_searched_and_what_was_skipped_is_told(lint):
    write("docs/a.md", BAD)
    write("docs/deep/b.md", GOOD)
    write("docs/notes.md", "# Notes\n\nWords.\n")
    code, out, err = lint("docs")
    assert code == 1
    assert out.startswith("docs/a.md:12:1: error WL401")
    assert "skipped 1 file without phases: docs/notes.md\n" in err
    assert err.endswith("in 2 plans\n")


def test_a_folder_without_plans_is_nothing_to_do(lint):
    write("docs/notes.md", "# Notes\n\nWords.\n")
    code, _, err = lint("docs")
    assert code == 5
    assert "no plan was found" in err


def test_files_that_are_no_plans_are_fine_when_whole_plans_are_asked_for(lint):
    write("README.md", "# Readme\n\nWords.\n")
    assert lint("--whole", "README.md")[0] == 0


def test_a_plan_named_twice_is_looked_at_once(lint):
    write("docs/a.md", BAD)
    _, out, _ = lint("docs", "docs/a.md", "./docs/a.md")
    assert out.count("WL401") == 1


def test_stdin_is_a_plan_called_as_it_is_told(lint):
    code, out, _ = lint("-", "--stdin-filename", "x/p.md", stdin=BAD.encode())
    assert (code, out[:12]) == (1, "x/p.md:12:1:")
    assert lint("-", stdin=BAD.encode())[1].startswith("<stdin>:12:1:")


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    [
        (("-", "-"), b"x", 2, "once only"),
        (("-",), b"", 3, "no text to read"),
        (("-",), b"\0\1\2", 3, "binary"),
        (("p.md", "--stdin-filename", "x"), b"", 2, "stdin is not asked for"),
        (("-", "--watch"), b"x", 2, "cannot be watched"),
        (("-", "--fix"), b"x", 2, "cannot be fixed"),
        (("p.md", "--diff", "--json"), b"", 2, "--diff shows a diff"),
        (("p.md", "--format", "xml"), b"", 2, "'xml' is not one of"),
        (("gone.md",), b"", 3, "there is no such plan"),
        ((), b"", 2, "Missing argument"),
        (("p.md", "--output", "no/such/x.json"), b"", 6, "cannot be written"),
    ],
)
def test_what_is_wrong_on_the_command_line_has_one_clear_message(
    lint, words, stdin, code, said
):
    write("p.md", GOOD)
    found, _, err = lint(*words, stdin=stdin)
    assert (found, said in err, "Traceback" in err) == (code, True, False)


def test_an_output_file_is_replaced_whole_and_keeps_its_mode(lint):
    write("p.md", BAD)
    write("out.json", "old")
    Path("out.json").chmod(0o600)
    Path("link.json").symlink_to("out.json")
    code, out, err = lint("p.md", "--format", "json", "--output", "link.json")
    assert (code, out, "1 error" in err) == (1, "", True)
    assert json.loads(Path("out.json").read_text())["problems"]
    assert Path("link.json").is_symlink()
    assert Path("out.json").stat().st_mode & 0o777 == 0o600
    assert {p.name for p in Path().iterdir()} == {"p.md", "out.json", "link.json"}


def test_sarif_tells_what_could_not_be_read(lint):
    code, out, _ = lint("gone.md", "--format", "sarif")
    [run] = json.loads(out)["runs"]
    assert (code, run["invocations"][0]["executionSuccessful"]) == (3, False)


def test_the_configuration_levels_and_hides(lint):
    write("weak.md", WEAK)
    write("old/weak.md", WEAK)
    write(
        "weighlock.toml",
        '[lint]\nignore = ["WL107"]\nseverity = { WL402 = "error" }\n'
        '[lint.files]\n"old/**" = ["WL402"]\n',
    )
    code, out, err = lint("weak.md", "old")
    assert code == 1
    assert "weak.md:12:11: error WL402" in out
    assert "old/weak.md:12" not in out
    assert "1 ignored" in err


def test_a_rule_that_is_off_is_not_told(lint):
    write("weak.md", WEAK)
    write("weighlock.toml", '[lint.severity]\nWL402 = "off"\n')
    assert lint("weak.md", "--strict")[0] == 0


def test_a_wrong_configuration_is_refused_with_the_rule_that_was_meant(lint):
    write("weak.md", WEAK)
    write("weighlock.toml", '[lint]\nignore = ["WL402-check-cannot-fall"]\n')
    code, _, err = lint("weak.md")
    assert code == 3
    assert "did you mean 'WL402-check-cannot-fail'" in err


def test_a_comment_in_the_plan_hides(lint):
    write("p.md", WEAK.replace("true", "true # weighlock: ignore WL402"))
    assert lint("p.md", "--strict")[0] == 0


def test_paths_for_github_are_relative_to_the_repository(lint, tmp_path, monkeypatch):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    write("docs/p.md", BAD)
    monkeypatch.chdir(tmp_path / "docs")
    _, out, _ = lint("p.md", "--format", "github")
    assert out.startswith("::error file=docs/p.md,line=12,col=1,")
    _, out, _ = lint("p.md", "--format", "sarif")
    assert '"uri": "docs/p.md"' in out


OR = b'\xef\xbb\xbf# Plan\r\n\r\n## Phase 1: A\r\n\r\n```bash\r\ngrep "a|b" x\r\n```'
MENDED = OR.replace(b"a|b", b"a\\|b")


def test_fix_mends_what_is_certain_and_keeps_every_other_byte(lint):
    Path("real.md").write_bytes(OR)
    Path("real.md").chmod(0o640)
    Path("p.md").symlink_to("real.md")
    _, _, err = lint("p.md", "--fix", "--strict", "--no-repo")
    assert "fixed 1 problem in 1 file\n" in err
    assert Path("real.md").read_bytes() == MENDED
    assert Path("p.md").is_symlink()
    assert Path("real.md").stat().st_mode & 0o777 == 0o640
    assert "WL404" not in lint("p.md")[1]


def test_diff_shows_what_fix_would_change_and_writes_nothing(lint):
    Path("p.md").write_bytes(OR)
    _, out, err = lint("p.md", "--diff", "--fix")
    assert '-grep "a|b" x\n+grep "a\\|b" x\n' in out.replace("\r", "")
    assert "would fix 1 problem" in err
    assert Path("p.md").read_bytes() == OR


def test_the_summary_says_what_can_be_fixed(lint):
    Path("p.md").write_bytes(OR)
    assert "1 can be fixed with --fix" in lint("p.md")[2]


def test_what_is_ignored_is_not_fixed(lint):
    text = OR.replace(b"x\r", b"x # weighlock: ignore WL404\r")
    Path("p.md").write_bytes(text)
    lint("p.md", "--fix")
    assert Path("p.md").read_bytes() == text


def test_no_output_means_no_problem_and_the_count_stays_quiet_when_asked(lint):
    write("p.md", GOOD)
    assert lint("p.md", "-q") == (0, "", "")
