"""What a plan asks for in so many words is no fault, and only there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests_checks import SPAN, Files, Project, codes, held, notes, phase

from weighlock.checks.accusers import smells
from weighlock.checks.changes import effect, protected
from weighlock.checks.kinds import RULES
from weighlock.checks.old_tests.moved import as_planned
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited
from weighlock.plan.model import FileAction, Source, Span
from weighlock.run.evidence import Evidence

MONEY = "def fmt(cents):\n    return str(cents)\n"
LINES = 'def total(lines):\n    """Add up."""\n    return sum(lines)\n'
BASE: Files = {"money.py": MONEY, "lines.py": LINES}


def look(check: Callable[..., Evidence], asked: str, work: Files, **given: object):
    said = phase(text=asked, **given)
    return check(held(said, BASE, work), RULES[said.kind])


WORDS = (
    "Change `money.py`\n- `lines.py`: say in the docstring that credits are negative"
)
DOCUMENTED = {"lines.py": LINES.replace("Add up.", "Add up; credits are negative.")}
REAL = {"money.py": MONEY.replace("str(cents)", "f'{cents}'")}


@pytest.mark.parametrize(
    ("asked", "work", "found"),
    [
        (WORDS, {**DOCUMENTED, **REAL}, set[str]()),
        (
            WORDS.replace("say in", "fix it, in"),
            {**DOCUMENTED, **REAL},
            {"comment-only"},
        ),
        (WORDS, {**DOCUMENTED, "money.py": f"# money\n{MONEY}"}, {"comment-only"}),
    ],
)
def test_words_alone_are_enough_where_the_plan_asks_for_words_beside_work(
    asked: str, work: Files, found: set[str]
) -> None:
    assert codes(look(effect.look, asked, work, files="~money.py ~lines.py")) == found


@pytest.mark.parametrize(
    ("title", "work", "decides"),
    [
        (
            "Document credits in the README",
            {"README.md": "# Credits\n\nNegative."},
            True,
        ),
        ("Add a README generator", {"README.md": "# Credits\n\nNegative."}, False),
        ("Create the folder structure", {"kit/sub/__init__.py": ""}, True),
        ("Create the folder structure", {"other/__init__.py": ""}, False),
        ("Create the folder structure", {"kit/sub/__init__.py": "x = 1\n"}, False),
        ("Implement the parser", {"kit/sub/__init__.py": ""}, False),
    ],
)
def test_documents_and_empty_folders_show_themselves(
    title: str,
    work: Files,
    decides: bool,  # noqa: FBT001 - a case
) -> None:
    evidence = look(effect.look, "In `kit/sub/`.", work, title=title)
    assert evidence.decides is decides


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Mark `money.py` with `# type: ignore`.", set[str]()),
        ("Let `money.py` have no `# type: ignore`.", {"suppression-added"}),
        ("Mark `lines.py` with `# type: ignore`.", {"suppression-added"}),
    ],
)
def test_a_suppression_that_the_plan_asks_for_is_a_note(
    asked: str, found: set[str]
) -> None:
    work = {"money.py": MONEY.replace("):", "):  # type: ignore")}
    assert codes(look(smells.look, asked, work)) == found


def test_a_line_that_moved_was_not_added() -> None:
    old = "import os  # noqa: F401\n"
    one = phase()
    moved = held(one, {"a.py": old}, {"a.py": None, "b.py": old})
    copied = held(one, {"a.py": old}, {"b.py": old})
    assert codes(smells.look(moved, RULES["impl"])) == set()
    assert codes(smells.look(copied, RULES["impl"])) == {"suppression-added"}


DIARY = """\
# Add VAT

## Decision Log

- None.

## Milestone 1: vat

`pytest` passes.
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("- None.", "- Decision: round half up.", set[str]()),
        ("`pytest` passes.", "`true` passes.", {"plan-changed"}),
        ("# Add VAT", "# Add VAT\n\n## Progress\n\nAll is done.", set[str]()),
    ],
)
def test_the_diary_of_a_living_plan_may_be_kept(
    old: str, new: str, found: set[str]
) -> None:
    milestone = replace(phase(), source=Span(file="plan.md", line=7, end_line=9))
    subject = held(milestone, {"plan.md": DIARY}, {"plan.md": DIARY.replace(old, new)})
    sources = (Source(path="plan.md", data=DIARY.encode()),)
    plan = replace(subject.plan, sources=sources)
    seen = protected.look(replace(subject, plan=plan, plan_root="."), RULES["impl"])
    assert (codes(seen), notes(seen) - codes(seen)) == (found, {"plan-changed"} - found)


@pytest.mark.parametrize(
    ("work", "only"),
    [
        ({"money.py": f"{MONEY}\n\ndef vat(cents):\n    return cents\n"}, True),
        ({"money.py": MONEY.replace("str(cents)", "vat(cents)")}, False),
        (
            {"money.py": MONEY.replace("str(cents)", "1") + "\n\ndef f():\n    pass\n"},
            False,
        ),
        ({"money.py": None, "cash.py": MONEY}, False),
    ],
)
def test_old_tests_say_nothing_of_what_is_all_new(
    work: Files,
    only: bool,  # noqa: FBT001 - a case
) -> None:
    assert awaited.only_adds(held(phase(), BASE, work)) is only


TEST = 'def test_row():\n    assert row() == ["TOTAL", "3.00"]\n'


def rewritten(new: str) -> Subject:
    asked = phase(text="Print `12.50 EUR` from now on.")
    return held(asked, {"test_a.py": TEST}, {"test_a.py": new})


@pytest.mark.parametrize(
    ("new", "stated"),
    [
        (TEST.replace('"3.00"', '"3.00", "EUR"'), True),
        (TEST.replace('"3.00"', '"3.00", "USD"'), False),
        (TEST.replace(', "3.00"', ""), False),
        (TEST.replace("==", "!="), False),
        (TEST.replace('row() == ["TOTAL", "3.00"]', '"EUR"'), False),
    ],
)
def test_an_old_test_may_expect_what_the_plan_states(
    new: str,
    stated: bool,  # noqa: FBT001 - a case
) -> None:
    assert as_planned(rewritten(new), "test_a.py::test_row", "test_a.py") is stated


@pytest.mark.slow
def test_tests_that_an_item_asks_for_run_where_they_were_added(
    project: Callable[..., Project],
) -> None:
    """In a file that exists; beside any other work base's version of it runs."""
    old = "from money import fmt\n\n\ndef test_one():\n    assert fmt(1) == '1'\n"
    more = f"{old}\n\ndef test_two():\n    assert fmt(2) == '2'\n"
    kit = project({**BASE, "test_money.py": old}, phase(title="Update the unit tests"))
    weighed = kit.weigh({"test_money.py": more})
    assert weighed.tests is not None
    assert (weighed.verdict, len(weighed.tests.added)) == ("pass", 1)
    weak = kit.weigh({"test_money.py": old.replace("== '1'", "")})
    assert (weak.verdict, codes(weak)) == ("review", {"protected-changed"})


@pytest.mark.slow
def test_a_test_that_a_sentence_moves_asks_there_what_it_asked(
    project: Callable[..., Project],
) -> None:
    old = "from money import fmt\n\n\ndef test_one():\n    assert fmt(1) == '1'\n"
    moves = replace(SPAN, line=3)
    said = tuple(
        FileAction(path=path, action=action, source=moves)
        for path, action in (
            ("test_money.py", "delete"),
            ("sub/test_money.py", "create"),
        )
    )
    kit = project({**BASE, "test_money.py": old}, phase(title="Move tests", said=said))
    moved = kit.weigh({"test_money.py": None, "sub/test_money.py": old})
    assert (moved.verdict, codes(moved)) == ("pass", set())
    gutted = old.replace("== '1'", "is not None")
    weaker = kit.weigh({"test_money.py": None, "sub/test_money.py": gutted})
    assert (weaker.verdict, codes(weaker)) == ("review", {"test-removed"})
