"""Comments in a plan that ask lint to be silent."""

import pytest

from weighlock.plan.lint import RULES, lint
from weighlock.plan.lint.ignores import heed, ignores
from weighlock.plan.model import Plan, Problem, Source, Span
from weighlock.plan.read import read

CODE = "WL402-check-cannot-fail"


def plan(text: str) -> Plan:
    source = Source(path="p.md", data=text.encode())
    return Plan(id="", title="", dialect="free", path="p.md", sources=(source,))


def at(line: int, code: str = CODE, file: str = "p.md") -> Problem:
    source = Span(file=file, line=line)
    return Problem(code=code, severity="error", message="m", source=source)


def left(text: str, *problems: Problem) -> list[int]:
    return [p.source.line for p in heed(plan(text), problems)]


ON_A_LINE = "<!-- weighlock: ignore WL402 -->"


@pytest.mark.parametrize(
    "text",
    [
        f"{ON_A_LINE}\nhere",
        f"{ON_A_LINE}\n\nhere",
        f"here {ON_A_LINE}",
        f"| here {ON_A_LINE} |",
        f"{ON_A_LINE}\n<!-- weighlock: ignore WL101 -->\nhere",
        f"{ON_A_LINE}\n```bash\na\nhere\n```",
        "```bash\nhere # weighlock: ignore WL402\n```",
        "```bash\n# weighlock: ignore WL402\nhere\n```",
        "here <!--weighlock:ignore wl402-check-cannot-fail-->",
        "here <!-- weighlock: ignore WL101, WL402 they know why -->",
        "here <!-- weighlock: ignore WL101 WL402 -->",
        "here\n\nmore <!-- weighlock: ignore-file WL402 -->",
    ],
)
def test_a_comment_hides_what_it_covers(text: str):
    line = next(n for n, t in enumerate(text.split("\n"), 1) if "here" in t)
    assert left(text, at(line)) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{ON_A_LINE}\nother\nhere",
        f"{ON_A_LINE}\n```bash\na\n```\nhere",
        f"word {ON_A_LINE}\nhere",
        f"here `{ON_A_LINE}`",
        f"```markdown\n{ON_A_LINE}\n```\nhere",
        "here <!-- weighlock: ignore -->",
        "here <!-- weighlock: ignore WL101 but not WL402 -->",
        "here <!-- weighlock: ignored WL402 -->",
        "here # weighlock: ignore WL402",
    ],
)
def test_a_comment_hides_nothing_else(text: str):
    line = next(n for n, t in enumerate(text.split("\n"), 1) if "here" in t)
    assert left(text, at(line)) == [line]


def test_another_rule_is_told():
    assert left(f"here {ON_A_LINE}", at(1, "WL403-vacuous-count")) == [1]


def test_another_file_is_told():
    text = "<!-- weighlock: ignore-file WL402 -->\nhere"
    assert left(text, at(2, file="q.md")) == [2]


def test_a_rule_is_placed_where_it_is_named():
    [one, other] = ignores(plan("x <!-- weighlock: ignore WL101, WL9999 -->"))
    assert (one.word, one.at.column) == ("WL101", 26)
    assert (other.word, other.code, other.at.column) == ("WL9999", "", 33)


def test_carriage_returns_and_a_mark_of_byte_order_change_nothing():
    assert left(f"\ufeff{ON_A_LINE}\r\nhere\r\n", at(2)) == []


def told(text: str) -> list[tuple[str, int, int]]:
    source = Source(path="p.md", data=text.encode())
    found = lint(read([source], path="p.md", root="."))
    spans = [(p.code[:5], p.source.line, p.source.column) for p in found if p.source]
    return [s for s in spans if s[0] in {"WL905", "WL906"}]


def test_a_comment_that_hides_nothing_is_told_where_it_names_the_rule():
    head = "## Phase 1: A\n\n"
    weak = "```bash\npytest -q || true\n```\n"
    assert told(f"{head}<!-- weighlock: ignore WL402 -->\n{weak}") == []
    idle = f"{head}<!-- weighlock: ignore WL402, WL403 -->\n{weak}"
    assert told(idle) == [("WL905", 3, 31)]


def test_a_comment_that_names_no_rule_is_told():
    assert told("## Phase 1: A <!-- weighlock: ignore WL999 -->\n") == [
        ("WL906", 1, 38)
    ]
    assert told("## Phase 1: A\n\nx <!-- weighlock: ignore -->\n")[0][0] == "WL906"


def test_a_rule_that_asks_the_repository_is_not_idle_without_one():
    asking = next(r.code for r in RULES if r.ground is not None)
    assert told(f"## Phase 1: A\n\nx <!-- weighlock: ignore {asking} -->\n") == []
