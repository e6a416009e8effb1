"""How a plan is found on disk, and what is said when there is none."""

import os
from pathlib import Path

import pytest

from weighlock.disk import MAX_BYTES, load
from weighlock.errors import PlanError
from weighlock.plan.layout import choose


def refused(path: Path) -> PlanError:
    with pytest.raises(PlanError) as caught:
        load(path)
    assert caught.value.where
    assert caught.value.hint
    return caught.value


def test_a_missing_plan_is_named(tmp_path: Path):
    assert "no such plan" in refused(tmp_path / "none.md").message


@pytest.mark.parametrize("data", [b"", b"  \n\n"])
def test_an_empty_file_is_no_plan(tmp_path: Path, data: bytes):
    (tmp_path / "a.md").write_bytes(data)
    assert "no text" in refused(tmp_path / "a.md").message


def test_an_empty_folder_is_no_plan(tmp_path: Path):
    assert "no plan in this folder" in refused(tmp_path).message


def test_a_binary_file_is_no_plan(tmp_path: Path):
    (tmp_path / "a.md").write_bytes(b"\x7fELF\0\0\0")
    assert "binary" in refused(tmp_path / "a.md").message


def test_utf_16_is_text(tmp_path: Path):
    (tmp_path / "a.md").write_text("# A\n## Phase 1: B\n", encoding="utf-16")
    assert [p.title for p in load(tmp_path / "a.md").phases] == ["B"]


def test_a_file_beyond_the_limit_is_refused_unread(tmp_path: Path):
    with (tmp_path / "a.md").open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    assert "larger than" in refused(tmp_path / "a.md").message


def test_a_pipe_is_refused_without_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "a.md")
    assert "plain file" in refused(tmp_path / "a.md").message


def test_a_folder_beside_its_plan_is_left_alone(tmp_path: Path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan/01-a.md").write_text("# Phase 01: A\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/README.md").write_text("# no\n")
    assert [s.path for s in load(tmp_path).sources] == ["plan/01-a.md"]


PATHS = [
    "p/x/plan/00-overview.md",
    "p/x/plan/01-a.md",
    "p/x/requirements.md",
    "p/x/.completed/P01",
    "p/x/analysis/pseudocode/a.md",
    "p/x/src/a.py",
    "p/y/tasks.md",
    "p/y/design.md",
    "p/y/notes.md",
    "p/z/01-a.md",
    "p/z/02-b.md",
]


@pytest.mark.parametrize("given", ["p/x", "p/x/", "p/x/plan", "./p/x/plan/"])
def test_the_root_and_its_plan_folder_choose_the_same_files(given: str):
    choice = choose(PATHS, given)
    assert choice.root == "p/x"
    assert choice.paths == (
        ".completed/P01",
        "analysis/pseudocode/a.md",
        "plan/00-overview.md",
        "plan/01-a.md",
        "requirements.md",
    )


def test_a_file_is_chosen_alone():
    choice = choose(PATHS, "p/x/plan/01-a.md")
    assert (choice.root, choice.paths) == ("p/x/plan", ("01-a.md",))


def test_boxes_are_chosen_with_the_documents_beside_them():
    assert choose(PATHS, "p/y").paths == ("design.md", "tasks.md")


def test_numbered_files_need_no_plan_folder():
    assert choose(PATHS, "p/z").paths == ("01-a.md", "02-b.md")


def test_nothing_is_chosen_where_nothing_is():
    assert choose(PATHS, "q").paths == ()


def test_words_above_the_only_plan_are_not_the_plan(tmp_path: Path):
    (tmp_path / "spec.md").write_text("# Words\n\nand more\n")
    (tmp_path / "plans-of-ours/x/plan").mkdir(parents=True)
    (tmp_path / "plans-of-ours/x/plan/01-a.md").write_text("# Phase 01: A\n")
    assert [p.title for p in load(tmp_path).phases] == ["A"]
    (tmp_path / "spec.md").write_text("# Words\n\n## Phase 1: Mine\n")
    assert [p.title for p in load(tmp_path).phases] == ["Mine"]


def test_several_plans_below_words_are_named(tmp_path: Path):
    (tmp_path / "spec.md").write_text("# Words\n")
    for name in ("p/x/plan", "p/y/plan"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "01-a.md").write_text("# Phase 01: A\n")
    assert "2 plans in this folder: p/x, p/y" in refused(tmp_path).message


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        (["README.md", "p/x/plan/01-a.md"], ("p/x", ("plan/01-a.md",))),
        (["src/a.md", "p/x/plan/01-a.md"], ("p/x", ("plan/01-a.md",))),
        (["README.md", ".kiro/specs/x/tasks.md"], (".kiro/specs/x", ("tasks.md",))),
        (["README.md", "docs/a.md"], ("", ("README.md",))),
        (["plan.md", "p/x/plan/01-a.md"], ("", ("plan.md",))),
        (["notes.md", "archive/x/plan/01-a.md"], ("", ("notes.md",))),
        (["README.md", "docs/01-a.md", "docs/02-b.md"], ("", ("README.md",))),
    ],
)
def test_what_every_repository_has_is_no_rival_of_a_plan(
    paths: list[str], chosen: tuple[str, tuple[str, ...]]
):
    choice = choose(paths, ".")
    assert (choice.root, choice.paths) == chosen
    assert not choice.below
