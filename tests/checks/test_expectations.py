"""A command's output against what the plan expects, as data."""

from dataclasses import replace

import pytest
from tests_checks import command

from weighlock.checks.commands import expect
from weighlock.checks.reading import shellwords
from weighlock.plan.model import Form
from weighlock.process import Finished


def done(out: str = "", code: int = 0, err: str = "") -> Finished:
    return Finished(exit_code=code, stdout=out.encode(), stderr=err.encode())


GREP = "grep -r TODO src"
COUNT = "grep -c TODO src/a.py"
FILES = "grep -rc TODO src"
WC = "grep -r TODO src | wc -l"


@pytest.mark.parametrize(
    ("text", "form", "value", "finished", "answer"),
    [
        (GREP, "none", None, done("", 1), "met"),
        (GREP, "none", None, done("a: TODO\n"), "unmet"),
        (WC, "none", None, done("0\n"), "met"),
        (WC, "none", None, done("2\n"), "unmet"),
        (COUNT, "none", None, done("0\n", 1), "met"),
        ("npm run typecheck", "none", None, done("> tsc\n"), "met"),
        ("npm run typecheck", "none", None, done("error", 2), "unmet"),
        ("git diff HEAD~1 -- tests", "none", None, done(""), "met"),
        ("git diff HEAD~1 -- tests", "none", None, done("-x\n"), "unmet"),
        (GREP, "min", 2, done("a\nb\n"), "met"),
        (GREP, "min", 3, done("a\nb\n"), "unmet"),
        (WC, "min", 2, done("     12\n"), "met"),
        (FILES, "min", 3, done("src/a:1\nsrc/b:2\n"), "met"),
        (FILES, "min", 4, done("src/a:1\nsrc/b:2\n"), "unmet"),
        (WC, "max", 2, done("3\n"), "unmet"),
        (WC, "exact", 3, done("3\n"), "met"),
        ("wc -l src/*", "exact", 7, done("  3 a\n  4 b\n  7 total\n"), "met"),
        ("./tool", "exact", "ok", done("ok\n"), "met"),
        ("./tool", "exact", "ok", done("okay\n"), "unmet"),
        (WC, "range", (2, 4), done("4\n"), "met"),
        (WC, "range", (2, 4), done("5\n"), "unmet"),
        ("./tool", "exit", 3, done("", 3), "met"),
        ("./tool", "exit", 3, done("", 0), "unmet"),
        ("pytest", "pass", None, done("", 0), "met"),
        ("pytest", "pass", None, done("", 1), "unmet"),
        ("pytest", "fail", None, done("", 1), "met"),
        ("pytest", "fail", None, done("", 0), "unmet"),
        ("pytest", "fail", None, done("", -9), "error"),
        ("./tool", "contains", "done", done("all done\n", 4), "met"),
        ("./tool", "contains", "done", done("", 0, "done"), "met"),
        ("./tool", "contains", "done", done("no\n"), "unmet"),
        ("./tool", "prose", "looks nice", done("x"), "unclear"),
        ("./tool", "default", None, done("", 0), "met"),
        ("./tool", "default", None, done("", 1), "unmet"),
        ("grep -q slug src/a.py", "default", None, done("", 1), "unmet"),
        (GREP, "default", None, done("", 1), "met"),
        (GREP, "default", None, done("a: TODO\n"), "unclear"),
        (GREP, "min", 1, done("", 2, "No such file"), "error"),
        ("./tool", "pass", None, done("", 127), "error"),
    ],
)
def test_an_expectation_is_read_as_data(
    text: str, form: Form, value: object, finished: Finished, answer: str
) -> None:
    assert expect.read(command(text, form, value), finished).answer == answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [("mon: 2 entries\n", "met"), ("12 entries\n", "unmet"), ("2\n", "met")],
)
def test_words_in_backquotes_that_begin_with_a_number_may_stand_as_they_are(
    said: str, answer: str
) -> None:
    asked = command("./tool", "exact", 2)
    asked = replace(asked, expect=replace(asked.expect, text="`2 entries`"))
    assert expect.read(asked, done(said)).answer == answer


@pytest.mark.parametrize(
    ("text", "vacuous"),
    [
        ("git diff", True),
        ("git diff --stat", True),
        ("git diff HEAD -- tests/", True),
        ("git diff packages/core/src/x.spec.ts", True),
        ("git status --short", True),
        ("git diff HEAD~1", False),
        ("git diff main...HEAD -- tests", False),
        ("git log -1", False),
        ("grep x y", False),
    ],
)
def test_looking_at_uncommitted_changes_finds_nothing(text: str, vacuous: bool) -> None:  # noqa: FBT001
    assert expect.looks_at_nothing(text) is vacuous


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("cd a && npm test -- x | tee out.txt", ("npm", "tee")),
        ("X=1 Y='a b' cargo test --doc", ("cargo",)),
        ("grep -r 'a|b; c' src > out 2>&1 || true", ("grep",)),
        ("for f in *.md; do wc -l $f; done", ("wc",)),
        ("if [ -f x ]; then echo y; fi", ()),
        ("! grep -q x y", ("grep",)),
        ("./scripts/check.sh\nnode a.js", ("./scripts/check.sh", "node")),
        ("echo 'unclosed", ()),
    ],
)
def test_the_programs_of_a_shell_line_are_found(
    text: str, programs: tuple[str, ...]
) -> None:
    assert shellwords.programs(text) == programs
