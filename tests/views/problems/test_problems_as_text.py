from weighlock.plan.model import Problem, Span
from weighlock.views import problems

LINES = {
    "p.md": ("# Plan", "  - [ ] do `it` ✅ wide 集成 here", "\tx\x1b[31m" + "y" * 300)
}


def problem(line: int, column: int = 1, **more: str) -> Problem:
    span = Span(file="p.md", line=line, column=column)
    given = {"severity": "error", "message": "is wrong", "hint": "Mend it."} | more
    return Problem(code="WL101-cycle", source=span, **given)  # type: ignore[arg-type]


def test_a_problem_shows_its_place_its_line_and_a_caret_below_the_column():
    assert problems.text([problem(2, 13)], LINES).splitlines() == [
        "p.md:2:13: error WL101-cycle is wrong",
        "    - [ ] do `it` ✅ wide 集成 here",
        "              ^",
        "    hint: Mend it.",
    ]


def test_wide_characters_take_two_columns():
    shown = problems.text([problem(2, 25)], LINES).splitlines()
    assert shown[2] == "    " + " " * 24 + "^"


def test_a_long_line_is_cut_around_the_column_and_cannot_move_the_cursor():
    shown = problems.text([problem(3, 200)], LINES).splitlines()
    assert len(shown[1]) < 120
    assert "…" in shown[1]
    assert "\x1b" not in problems.text([problem(3)], LINES)


def test_a_line_that_several_problems_are_about_is_shown_once():
    found = [problem(1), problem(1, message="is odd")]
    assert problems.text(found, LINES).count("# Plan") == 1


def test_a_hint_that_repeats_is_told_once():
    assert problems.text([problem(1), problem(2)], LINES).count("Mend it.") == 1


def test_a_place_that_is_not_in_the_text_has_no_excerpt():
    assert len(problems.text([problem(99)], LINES).splitlines()) == 2


def test_the_summary_counts_by_severity():
    found = [problem(1), problem(2, severity="warning"), problem(2, severity="info")]
    assert problems.summary(found, 2) == "1 error, 1 warning, 1 note in 2 plans"
    assert problems.summary([], 1) == "no problems in 1 plan"
