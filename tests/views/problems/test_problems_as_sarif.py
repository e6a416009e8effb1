"""SARIF 2.1.0: valid by its schema, and the same problem keeps its fingerprint."""

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft4Validator

from weighlock.plan.model import Problem, Span
from weighlock.views.problems.sarif import as_sarif

SCHEMA = Path(__file__).resolve().parents[2] / "data/sarif/sarif-schema-2.1.0.json"
LINES = {"p q.md": ("# Plan", "", "pytest || true", "pytest || true")}


@cache
def validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text()))


def problem(line: int = 3, code: str = "WL402-check-cannot-fail", **more) -> Problem:
    source = Span(file="p q.md", line=line, column=5)
    given = {"severity": "warning", "message": "cannot fail", "source": source} | more
    return Problem(code=code, **given)


def run(*problems: Problem, lines=LINES, **options) -> dict:
    log = as_sarif(problems, lines, version="1.2.3", **options)
    found = json.loads(json.dumps(log))
    assert [e.message for e in validator().iter_errors(found)] == []
    return found["runs"][0]


def marks(*problems: Problem, lines=LINES) -> list[str]:
    results = run(*problems, lines=lines)["results"]
    return [next(iter(r["partialFingerprints"].values())) for r in results]


def test_every_kind_of_problem_is_valid():
    unread = Span(file="gone.md", line=1)
    run(
        problem(),
        problem(code="not-in-the-table", severity="info", hint="Do it."),
        problem(source=None, severity="error"),
        problem(line=0, source=Span(file="/abs/ü.md", line=0, column=0)),
        problem(code="WL904-unreadable", severity="error", source=unread),
    )


def test_nothing_found_is_a_run_without_results():
    found = run()
    assert found["results"] == []
    assert found["invocations"] == [{"executionSuccessful": True}]


def test_a_place_is_a_relative_uri_with_line_column_and_the_words_there():
    [result] = run(problem())["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "p%20q.md", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 3, "startColumn": 5, "snippet": {"text": "pytest || true"}}
    assert place["region"] == region


def test_a_path_is_told_relative_to_the_repository():
    found = run(problem(), relative=lambda file: f"docs/{file}")
    [place] = found["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "docs/p%20q.md"


def test_every_result_points_at_its_rule():
    found = run(problem())
    [result] = found["results"]
    rule = found["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "WL402-check-cannot-fail"
    assert rule["name"] == "CheckCannotFail"
    assert rule["help"]["text"]
    assert rule["defaultConfiguration"]["level"] == "warning"


def test_a_fingerprint_stays_when_lines_come_above():
    lower = {"p q.md": ("# Plan", "", "new", "  pytest ||  true")}
    assert marks(problem()) == marks(problem(line=4), lines=lower)


def test_equal_lines_have_fingerprints_of_their_own():
    assert len(set(marks(problem(3), problem(4)))) == 2


def test_another_rule_on_the_line_has_another_fingerprint():
    [one, other] = marks(problem(), problem(code="WL403-vacuous-count"))
    assert one[:32] != other[:32]


def test_what_could_not_be_read_is_told_by_the_invocation():
    gone = Span(file="gone.md", line=1)
    found = run(problem(code="WL904-unreadable", severity="error", source=gone))
    [invocation] = found["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "gone.md" in json.dumps(invocation["toolExecutionNotifications"])
    assert found["results"] == []
