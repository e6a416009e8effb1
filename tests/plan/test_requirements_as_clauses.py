"""EARS and GIVEN/WHEN/THEN as structure."""

import pytest

from weighlock.plan.model import Source
from weighlock.plan.parts.clauses import read_clauses
from weighlock.plan.read import read


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("When the key is missing, the parser shall say so.", "when shall"),
        (
            "While offline, when a call comes, the gateway shall wait.",
            "while when shall",
        ),
        ("If the file is absent, then the tool shall exit with 3.", "if shall"),
        ("Where TLS is on, the server must not speak plain HTTP.", "where shall"),
        ("WHEN a user logs in THE system SHALL greet", "when shall"),
        ("The parser shall start.", "shall"),
        (
            "GIVEN a file WHEN it is read THEN text comes AND no error",
            "given when then then",
        ),
        ("- GIVEN: a file\n- WHEN: it is read\n- THEN: text comes", "given when then"),
        (
            "- **GIVEN** a file\n- **WHEN** it is read\n- **THEN** it is",
            "given when then",
        ),
        ("- Given a file\n- When it is read\n- Then text comes", "given when then"),
        ("Given what we know, then, this is prose.", ""),
        ("", ""),
    ],
)
def test_a_requirement_is_divided_as_its_author_did(text: str, kinds: str):
    assert [c.kind for c in read_clauses(text)] == kinds.split()


def test_a_clause_keeps_its_own_words_only():
    when, shall = read_clauses("When the key is missing, the parser shall say so.")
    assert (when.text, shall.text) == ("the key is missing", "the parser shall say so")


def test_a_plan_gives_the_clauses_of_its_requirements():
    text = "# P\n## Phase 1: A\n### REQ-A-1: Say so\nWhen x, the tool shall y.\n"
    plan = read([Source(path="x.md", data=text.encode())], path="x.md", root=".")
    (requirement,) = plan.requirements
    assert {c.kind for c in requirement.clauses} == {"when", "shall"}


def test_an_item_of_a_specification_says_what_its_id_means():
    texts = {
        "spec.md": "# S\n\n- REQ-1 It says hello.\n- REQ-2 and REQ-1 are old\n",
        "plan/01-a.md": "# Phase 01: A\n\n## Requirements\n\n- REQ-1\n- REQ-3 once\n",
        "plan/02-b.md": "# Phase 02: B\n",
    }
    sources = [Source(path=p, data=t.encode()) for p, t in texts.items()]
    plan = read(sources, path=".", root=".")
    assert {r.id: r.text for r in plan.requirements if r.text} == {
        "REQ-1": "It says hello."
    }
