"""Which plans a path on the command line means."""

from pathlib import Path

import pytest

from weighlock.cli.linting.find import candidates

PLAN = "# Plan\n\n## Phase 1: A\n\n- x\n\n## Phase 2: B\n\n- y\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make files in an empty folder that the test stands in."""
    monkeypatch.chdir(tmp_path)

    def make(*names: str) -> None:
        for name in names:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(PLAN)

    return make


def found(path: str, *, whole: bool = False) -> list[tuple[str, bool]]:
    given = candidates(Path(path), whole=whole)
    return [(one.path.as_posix(), one.sure) for one in given]


def test_a_file_is_itself_whatever_it_is_called(tree):
    tree("README.md")
    assert found("README.md") == [("README.md", True)]


def test_a_folder_of_loose_plans_gives_each_of_them(tree):
    tree("docs/a.md", "docs/deep/b.md", "docs/README.md", "docs/notes.txt")
    assert found("docs") == [("docs/a.md", False), ("docs/deep/b.md", False)]


def test_a_folder_laid_out_as_a_plan_is_one_plan(tree):
    tree("p/plan/01-a.md", "p/plan/01a-a.md", "p/specification.md", "p/analysis/x.md")
    assert found("p") == [("p/plan", True)]
    assert found("p/plan") == [("p/plan", True)]


def test_plans_of_several_layouts_lie_side_by_side(tree):
    tree("all/one/plan/01-a.md", "all/two/01-a.md", "all/two/02-b.md", "all/three.md")
    tree("all/spec/tasks.md", "all/spec/design.md", ".planning/phases/x.md")
    assert found("all") == [
        ("all/one/plan", True),
        ("all/spec", True),
        ("all/three.md", False),
        ("all/two", True),
    ]


def test_what_others_wrote_is_not_searched(tree):
    tree("node_modules/x/plan.md", ".git/plan.md", ".venv/plan.md", "target/plan.md")
    tree("mine/plan.md")
    assert found(".") == [("mine/plan.md", False)]


def test_links_to_folders_are_not_followed(tree):
    tree("a/plan.md")
    Path("a/loop").symlink_to("..")
    assert found("a") == [("a/plan.md", False)]


def test_a_folder_without_candidates_stands_for_itself(tree):
    Path("none").mkdir()
    tree("none/LICENSE.md")
    assert found("none") == [("none", True)]


def test_a_file_of_a_plan_stands_for_the_whole_when_asked_to(tree):
    tree("p/plan/01-a.md", "p/plan/02-a.md", "p/overview.md", "p/other/x.md")
    assert found("p/plan/02-a.md", whole=True) == [("p/plan", True)]
    assert found("p/overview.md", whole=True) == [("p/plan", True)]
    assert found("p/other/x.md", whole=True) == [("p/other/x.md", False)]
