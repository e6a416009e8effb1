from weighlock.plan.model import Problem, Span
from weighlock.views.problems.data import as_json
from weighlock.views.problems.github import as_github


def problem(line: int, column: int = 1, **more: str) -> Problem:
    span = Span(file="p.md", line=line, column=column)
    given = {"severity": "error", "message": "is wrong", "hint": "Mend it."} | more
    return Problem(code="WL101-cycle", source=span, **given)  # type: ignore[arg-type]


def test_data_follows_the_schema():
    assert as_json([problem(1)]) == {
        "schema": "weighlock/problems/1",
        "problems": [
            {
                "code": "WL101-cycle",
                "severity": "error",
                "message": "is wrong",
                "hint": "Mend it.",
                "source": {"file": "p.md", "line": 1, "column": 1},
            }
        ],
    }


def test_github_annotations_escape_what_would_end_them():
    shown = as_github([problem(1, message="100% a:b\nc", severity="info")])
    assert shown == (
        "::notice file=p.md,line=1,col=1,title=WL101-cycle::100%25 a:b%0Ac%0AMend it.\n"
    )
