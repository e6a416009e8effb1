"""``new``: from a specification to a plan that runs, and nothing overwritten."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from weighlock.cli import cli
from weighlock.cli.boundary import guarded
from weighlock.cli.context import Globals

SPEC = """# Slugs

Titles become slugs.

### REQ-SLUG-001: Lower case, joined by hyphens

- GIVEN: a text of several words
- WHEN: `slug(text)` is called
- THEN: the words come back in lower case, joined by hyphens

### REQ-SLUG-002: A greatest length

`slug(text, limit=5)` never returns more than five characters.
"""
WORDS = "def words(text):\n    return text.split()\n"
TEST = """import unittest

from kit.words import words


class WordsTest(unittest.TestCase):
    def test_words(self):
        self.assertEqual(words("a b"), ["a", "b"])
"""
AGENT = '''import os
import pathlib

phase = os.environ["WEIGHLOCK_PHASE"]
plan = next(pathlib.Path("project-plans/slugs/plan").glob(f"{phase}-*.md")).read_text()
mark = "@plan:" + plan.split("## Phase ID")[1].split("`")[1]
home = "project-plans/slugs/analysis"
STUB = f"def slug(text, limit=None):\\n    # {mark}\\n    raise NotImplementedError\\n"
BODY = f"""def slug(text, limit=None):
    # {mark}
    return "-".join(text.lower().split())[:limit]
"""
TESTS = f"""import unittest

from kit.slugs import slug


class SlugTest(unittest.TestCase):
    # {mark}
    def test_joined(self):
        # REQ-SLUG-001
        self.assertEqual(slug("Hello World"), "hello-world")

    def test_limit(self):
        # REQ-SLUG-002
        self.assertEqual(slug("Hello World", limit=5), "hello")
"""
MODEL = "# Model\\n\\n## Slug\\n\\nREQ-SLUG-001 and REQ-SLUG-002.\\n"
CODE = "REQ-SLUG-001 REQ-SLUG-002\\n\\n10: lower\\n20: join\\n30: cut\\n"
made = {
    "01": (f"{home}/domain-model.md", MODEL),
    "02": (f"{home}/pseudocode/slugs.md", CODE),
    "03": ("kit/slugs.py", STUB),
    "04": ("tests/test_slugs.py", TESTS),
    "05": ("kit/slugs.py", BODY),
}
path = pathlib.Path(made[phase][0])
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(made[phase][1])
print("done")
'''


@dataclass(frozen=True)
class Done:
    """How a call in this process ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def weigh(monkeypatch, capsys, tmp_path) -> Callable[..., Done]:
    """Return a caller of weighlock in ``tmp_path``, with nobody to ask."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr("sys.stdin", io.StringIO())

    def call(*args: str) -> Done:
        monkeypatch.setattr("sys.argv", ["weighlock", *args])
        capsys.readouterr()
        code = guarded(cli, Globals())
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call


def test_a_specification_becomes_a_folder_that_lints_clean(tmp_path: Path, weigh):
    (tmp_path / "slugs.md").write_text(SPEC)
    done = weigh("new", "slugs.md", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["path"] == "project-plans/slugs"
    assert told["phases"][:3] == ["00", "00a", "01"]
    plan = tmp_path / told["path"]
    assert (plan / "specification.md").read_text() == SPEC
    assert not list(tmp_path.glob("project-plans/.*"))
    checked = weigh("lint", "--strict", told["path"])
    assert (checked.returncode, checked.stdout) == (0, "")


def test_nothing_is_overwritten(tmp_path: Path, weigh):
    (tmp_path / "slugs.md").write_text(SPEC)
    (tmp_path / "project-plans" / "slugs").mkdir(parents=True)
    done = weigh("new", "slugs.md")
    assert done.returncode == 6
    assert "nothing is overwritten" in done.stderr
    assert list((tmp_path / "project-plans" / "slugs").iterdir()) == []
    assert weigh("new", "slugs.md", "--name", "other").returncode == 0


def test_a_specification_without_ids_is_refused_and_can_be_numbered(
    tmp_path: Path, weigh
):
    text = "# Slugs\n\n## Requirements\n\n- it makes slugs\n- it cuts them\n"
    (tmp_path / "slugs.md").write_text(text)
    done = weigh("new", "slugs.md")
    assert done.returncode == 3
    assert "2 lines read like requirements: 5, 6" in done.stderr
    assert "--number REQ" in done.stderr
    assert not (tmp_path / "project-plans").exists()
    assert weigh("new", "slugs.md", "--number", "REQ-SLUG").returncode == 0
    assert (tmp_path / "slugs.md").read_text() == text
    copy = (tmp_path / "project-plans/slugs/specification.md").read_text()
    assert "- REQ-SLUG-002: it cuts them" in copy


def test_a_name_gives_a_specification_to_fill_in_and_says_what_comes_next(
    tmp_path: Path, weigh
):
    done = weigh("new", "word-count")
    path = "project-plans/word-count/specification.md"
    assert done.returncode == 0
    assert f"weighlock new {path}" in done.stderr
    unfilled = weigh("new", path)
    assert unfilled.returncode == 3
    assert "REQ-WORD-COUNT-001 says nothing yet" in unfilled.stderr
    (tmp_path / path).write_text(SPEC)
    assert weigh("new", path).returncode == 0
    there = sorted(p.name for p in (tmp_path / "project-plans/word-count").iterdir())
    assert there == ["plan", "specification.md"]
    assert weigh("new", path).returncode == 6


def test_a_single_file_can_be_asked_for(tmp_path: Path, weigh):
    (tmp_path / "slugs.md").write_text(SPEC)
    assert weigh("new", "slugs.md", "--form", "single-file").returncode == 0
    assert weigh("lint", "--strict", "project-plans/slugs.md").stdout == ""


@pytest.mark.slow
def test_the_repository_decides_where_files_go_and_how_tests_start(project):
    project.write("package.json", '{"scripts": {"test": "vitest run"}}')
    project.write("src/lib/words.ts", "export const words = 1\n")
    project.write("src/lib/words.spec.ts", "test('x', () => {})\n")
    project.write("slugs.md", SPEC)
    assert project.run("new", "slugs.md").returncode == 0
    text = next(project.root.glob("project-plans/slugs/plan/04-*.md")).read_text()
    assert "- `src/lib/slugs.spec.ts` - " in text
    assert "npx vitest run src/lib/slugs.spec.ts" in text


@pytest.mark.slow
def test_what_new_writes_runs_to_its_end(project):
    project.write("kit/__init__.py", "", commit=False)
    project.write("tests/__init__.py", "", commit=False)
    project.write("kit/words.py", WORDS, commit=False)
    project.write("tests/test_words.py", TEST, commit=False)
    project.write("slugs.md", SPEC)
    config = project.beside / "weighlock.toml"
    config.write_text(config.read_text() + '[gate]\ntest = "python3 -m unittest"\n')
    assert project.run("new", "slugs.md").returncode == 0
    project.git("add", "-A")
    project.git("commit", "-qm", "Plan")
    project.agent(AGENT)
    done = project.run("run", "project-plans/slugs", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    phases = json.loads(done.stdout.splitlines()[-1])["phases"]
    assert len(phases) == 12
    assert {p["state"] for p in phases} == {"passed"}
    assert {p["attempts"] for p in phases} == {1}


HONEST = """\
import pathlib
import sys

prompt = sys.stdin.read()
home = pathlib.Path("project-plans/slugs")
{more}
[tests] = home.glob("plan/04-*.md")
text = tests.read_text()
tests.write_text(text.replace("1. Write", "1. Try a title of one word\\n1. Write"))
"""
FILLERS = {
    "honest": (HONEST.format(more=""), 0, "taken: 1 of"),
    "silent": ("print('COMPLETE, all filled in')", 1, "no file was changed"),
    "crashing": (HONEST.format(more="") + "sys.exit(3)", 1, "the session crashed"),
    "cutting": (
        HONEST.format(more="next(home.glob('plan/05-*.md')).unlink()"),
        1,
        "phase 05 is gone",
    ),
    "easing": (
        HONEST.format(
            more="[p] = home.glob('plan/05-*.md'); "
            "p.write_text(p.read_text().replace('# Expected: 1+ files', ''))"
        ),
        1,
        "phase 05 lost a command or what it expects",
    ),
    "learning": (
        HONEST.format(more="assert 'was found' in prompt or sys.exit(1)"),
        0,
        "attempt 2",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("who", FILLERS)
def test_an_agent_fills_a_plan_in_and_lint_decides(project, who: str):
    code, exit_code, said = FILLERS[who]
    project.agent(code)
    project.write("slugs.md", SPEC)
    done = project.run("new", "slugs.md", "--agent", "script")
    assert (done.returncode, said in done.stderr) == (exit_code, True), done.stderr
    plan = project.root / "project-plans" / "slugs"
    assert plan.exists() == (exit_code == 0)
    if plan.exists():
        assert "one word" in next(plan.glob("plan/04-*.md")).read_text()
