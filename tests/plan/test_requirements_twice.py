"""An id that a table of requirements gives twice is seen, and nothing else is."""

from weighlock.plan.model import Source
from weighlock.plan.read import read


def again(text: str) -> dict[str, list[int]]:
    plan = read((Source(path="plan.md", data=text.encode()),), path="plan.md", root=".")
    return {r.id: [s.line for s in r.again] for r in plan.requirements if r.again}


def test_two_rows_of_one_table_that_differ_are_two_definitions():
    text = (
        "# Plan\n\n| ID | Requirement |\n|---|---|\n| REQ-1 | It sings. |\n"
        "| REQ-2 | It hums. |\n| REQ-1 | It dances. |\n\n## Phase 1: Sing\n"
    )
    assert again(text) == {"REQ-1": [7]}
    assert again(text.replace("dances", "sings")) == {}


def test_a_table_of_tests_and_a_summary_define_nothing_again():
    text = (
        "# Plan\n\n| ID | Requirement |\n|---|---|\n| REQ-1 | It sings. |\n\n"
        "### REQ-1: Singing\n\nIt sings in every key.\n\n"
        "| Requirement | Test |\n|---|---|\n| REQ-1 | low |\n| REQ-1 | high |\n\n"
        "## Phase 1: Sing\n\n- REQ-1: see above\n"
    )
    assert again(text) == {}
