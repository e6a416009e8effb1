"""What the authors' words about an outcome mean."""

import pytest

from weighlock.plan import shell
from weighlock.plan.expectation import read_expectation

CASES = [
    ("No matches", "", "none", None),
    ("nothing", "", "none", None),
    ("return nothing (removed)", "", "none", None),
    ("0 matches in production code", "rg x", "none", None),
    ("0", "grep -c x y", "exact", 0.0),
    ("0 errors", "npm run lint", "pass", None),
    ("2+ occurrences", "", "min", 2.0),
    (">= 3", "", "min", 3.0),
    ("≥ 3", "", "min", 3.0),
    ("At least 3 markers", "", "min", 3.0),
    ("80%+ mutation score", "", "min", 80.0),
    ("Multiple matches (one per test)", "", "min", 1.0),
    ("<= 2", "", "max", 2.0),
    ("be < 100 lines", "", "max", 99.0),
    ("7-8 test files", "", "range", (7.0, 8.0)),
    ("1 match", "", "exact", 1.0),
    ("two section headers", "", "exact", None),
    ("`3`", "", "exact", 3.0),
    ("exit code 2", "", "exit", 2.0),
    ("Tests exist but fail (not implemented yet)", "npm test", "fail", None),
    ("FAIL", "go test", "fail", None),
    ("PASS", "go test", "pass", None),
    ("12/12 tests pass", "npm test", "pass", None),
    ("All pass, 0 failures", "npm test", "pass", None),
    ("No errors", "tsc", "pass", None),
    ("File exists", "ls x", "contains", None),
    ("show the constants definition", "grep x", "contains", None),
    ("~90 lines", "wc -l x", "prose", None),
    ("Real implementation visible", "", "prose", None),
    ("Only existing logic", "", "prose", None),
]


@pytest.mark.parametrize(("said", "command", "form", "value"), CASES)
def test_words_become_data(said: str, command: str, form: str, value: object):
    found = read_expectation(said, command)
    assert found.form == form
    assert value is None or found.value == value
    assert found.text == said


def test_nothing_said_is_the_default():
    assert read_expectation("").form == "default"


def words(*body: str) -> list[tuple[str, str]]:
    return [(c.text, c.said) for c in shell.split(list(body), 1)]


def test_a_comment_below_a_command_is_about_it():
    assert words("ls", "# Expected: x", "", "pwd", "# Expected: y") == [
        ("ls", "x"),
        ("pwd", "y"),
    ]


def test_a_comment_above_the_first_command_is_about_the_next_one():
    found = words("# Expected: x", "ls", "# Expected: y", "pwd")
    assert found == [("ls", "x"), ("pwd", "y")]


def test_a_comment_on_the_same_line_is_taken_off_the_command():
    assert words("grep -c 'a#b' x  # Expected: 3") == [("grep -c 'a#b' x", "3")]


def test_a_comment_that_says_something_else_stays():
    assert words("ls # list them") == [("ls # list them", "")]


@pytest.mark.parametrize(
    "body",
    [
        ["echo 'a", "b'"],
        ["a \\", "  b"],
        ["a |", "  b"],
        ["cat <<'EOF' > x", "if x; then", "EOF"],
        ["if a; then", "  b", "fi"],
        ["for i in 1 2; do", "  b", "done | wc -l"],
        ["X=$(a", "  b)"],
        ["f() {", "  b", "}"],
    ],
)
def test_a_command_may_span_lines(body: list[str]):
    found = words(*body, "next")
    assert [text for text, _ in found] == ["\n".join(body), "next"]


def test_a_quote_that_is_never_closed_spoils_only_its_own_line():
    assert [t for t, _ in words("echo don't", "ls", "pwd")] == [
        "echo don't",
        "ls",
        "pwd",
    ]


def test_a_prompt_marks_the_commands_among_their_output():
    assert words("$ ls", "a.txt", "$ pwd") == [("ls", ""), ("pwd", "")]
