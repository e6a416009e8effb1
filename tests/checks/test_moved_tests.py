"""A test that moved or was renamed is the old test when it asks what that one asked."""

from collections.abc import Callable

import pytest
from tests_checks import PYTEST, Project, command, phase

from weighlock.checks.changes import copies
from weighlock.checks.commands import searches
from weighlock.checks.old_tests import moved
from weighlock.checks.runners.runner import Case

SUMS = (
    "def total(items):\n    return sum(items)\n\n\ndef text(n):\n    return f'{n}!'\n"
)
ASKED = (
    "from sums import text, total\n\n\n"
    "def test_total():\n    assert total([1, 2]) == 3\n\n\n"
    "def test_text():\n    assert text(4) == '4!'\n"
)
TEST = "tests/test_sums.py"
THERE = "tests/test_text.py"
LEFT = ASKED.partition("\n\n\ndef test_text")[0].replace("text, ", "") + "\n"
CAME = "from sums import text\n\n\ndef test_text():\n    assert text(4) == '4!'\n"


def case(name: str, path: str = TEST) -> Case:
    return Case(id=f"{path}::{name}", result="passed", file=path)


@pytest.fixture
def sums(project: Callable[..., Project]) -> Project:
    said = "`text(4)` shall be `<4>`"
    named = phase(files=f"~sums.py ~{TEST}", text=said)
    return project({"sums.py": SUMS, TEST: ASKED}, named, test=PYTEST)


@pytest.mark.parametrize(
    ("product", "asked", "same"),
    [
        (SUMS.replace("total", "add"), ASKED.replace("total", "add"), True),
        (SUMS, ASKED.replace("test_total", "test_add"), True),
        (SUMS, ASKED.replace("total", "add"), False),
        (SUMS.replace("total", "add"), ASKED.replace("total", "other"), False),
        (SUMS, ASKED.replace("test_total", "test_add").replace("== 3", ">= 0"), False),
        (SUMS, ASKED.replace("test_total", "test_add").replace("3", "4"), False),
    ],
    ids=["product", "title", "no new name", "another name", "weaker", "value"],
)
def test_a_renamed_test_reads_as_the_old_one_but_for_names_of_the_product(
    sums: Project,
    product: str,
    asked: str,
    same: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    subject = sums.subject({"sums.py": product, TEST: asked})
    names = [case(n) for n in ("test_add", "test_other", "test_total")]
    assert moved.stands(subject, case("test_total"), names) is same


def test_a_rust_module_s_tests_move_with_their_module(
    project: Callable[..., Project],
) -> None:
    text = "pub fn f() -> i32 { 1 }\n#[cfg(test)]\nmod tests {\n  use super::*;\n"
    tests = "  #[test]\n  fn one() { assert_eq!(f(), 1); }\n}\n"
    fake = "  fn f() -> i32 { 1 }\n"
    old = Case(id="src/lib.rs::tests::one", result="passed", file="src/lib.rs")
    new = Case(id="src/lib.rs::a::tests::one", result="passed", file="src/lib.rs")
    made = project({"src/lib.rs": text + tests}, phase(files="~src/lib.rs"))
    for there, same in ((text + tests, True), (text + fake + tests, False)):
        subject = made.subject({"src/lib.rs": "mod a;\n", "src/a.rs": there})
        assert moved.stands(subject, old, [new]) is same


@pytest.mark.parametrize(
    ("asked", "planned"),
    [
        (ASKED.replace("'4!'", "'<4>'"), True),
        (ASKED.replace("'4!'", "'<5>'"), False),
        (ASKED.replace("== '4!'", "!= '<4>'"), False),
    ],
)
def test_a_rewritten_test_is_planned_where_the_plan_states_what_it_expects(
    sums: Project,
    asked: str,
    planned: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    subject = sums.subject({TEST: asked})
    assert moved.as_planned(subject, f"{TEST}::test_text", TEST) is planned


@pytest.mark.slow
@pytest.mark.parametrize(
    ("came", "verdict"),
    [
        (CAME, "pass"),
        (CAME.replace("from sums import text", "text = '{}!'.format"), "review"),
    ],
)
def test_tests_that_move_to_another_file_still_ask_the_product(
    sums: Project, came: str, verdict: str
) -> None:
    wrong = SUMS if verdict == "pass" else SUMS.replace("{n}!", "{n}?")
    other = wrong.replace("sum(items)", "sum(list(items))")
    work = {"sums.py": other, TEST: LEFT, THERE: came}
    assert sums.weigh(work).verdict == verdict


def test_what_was_to_be_deleted_does_not_live_on_under_another_name(
    project: Callable[..., Project],
) -> None:
    made = project({"old.py": SUMS}, phase(files="-old.py", kind="deprecation"))
    found = made.look(copies.look, {"old.py": None, "new.py": SUMS})
    assert (found.verdict, {r.code for r in found.reasons}) == (
        "review",
        {"parallel-copy"},
    )
    assert made.look(copies.look, {"old.py": None, "new.py": "A = 1\n"}).verdict == (
        "pass"
    )


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ('"""def f here"""\nX = 1\n', "grep -c 'def f' a.py", True),
        ("# class F\nX = 1\n", "grep -rn 'class F' .", True),
        ("# class F\nX = 1\n", "grep -rn 'class F' src", False),
        ("# def f\ndef f():\n    pass\n", "grep 'def f' a.py", False),
        ("# def f\nX = 1\n", "! grep 'def f' a.py", False),
        ("# def f\nX = 1\n", "grep X a.py", False),
    ],
    ids=[
        "a string",
        "a comment",
        "another folder's",
        "code as well",
        "none wanted",
        "a word",
    ],
)
def test_a_search_for_a_definition_is_not_met_by_a_comment_or_a_string(
    project: Callable[..., Project],
    text: str,
    asked: str,
    said: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    subject = project({"a.py": "X = 1\n"}, phase()).subject({"a.py": text})
    assert (searches.only_said(subject, command(asked)) is not None) is said


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Remove `test_text`; it is superseded.", True),
        ("Delete the module. Keep `test_text` green.", False),
        ("Remove `test_textual`.", False),
        ("Rename `text`; `test_text` is renamed to `test_word`.", False),
    ],
)
def test_a_plan_gives_up_a_test_where_it_names_it(
    project: Callable[..., Project],
    text: str,
    gone: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    made = project({"sums.py": SUMS, TEST: ASKED}, phase(files=f"~{TEST}", text=text))
    subject = made.subject({"sums.py": f"{SUMS}\n"})
    assert moved.is_given_up(subject, case("test_text")) is gone


@pytest.mark.slow
def test_a_planned_test_that_asks_nothing_any_more_is_seen(sums: Project) -> None:
    work = {"sums.py": f"{SUMS}\n\nX = 1\n", TEST: ASKED.replace("assert ", "")}
    found = [r.message for r in sums.weigh(work).reasons if r.code == "test-weakened"]
    assert "test_text asserts nothing any more" in found
