"""The 93 requirements of ISSUE1598: each is held to by a test, or declined in the docs.

``issue1598.txt`` lists them by the ids of their own document, in our words. A test
names those it holds to in its own name: ``test_fl04_ec04_…``, ``test_ld01_to_ld03_…``.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from weighlock.credentials.oauth.login import LOGIN_S
from weighlock.credentials.oauth.source import NEAR_S
from weighlock.credentials.policy.renewal import JITTER, SHARE, SHORTEST_S

TESTS = Path(__file__).resolve().parents[2]
PAGE = (TESTS.parent / "docs" / "failover.md").read_text(encoding="utf-8")
LISTED = {
    line.split()[0]
    for line in Path(__file__).with_name("issue1598.txt").read_text().splitlines()
}
_ONE = r"([A-Z]{2,3})(\d\d)"


def spelled(words: str) -> Iterator[str]:
    """Read ids out of words in capitals; ``PR01–PR03`` is three of them."""
    for group, first, last in re.findall(rf"\b{_ONE}(?:–\1(\d\d))?", words):
        for number in range(int(first), int(last or first) + 1):
            yield f"{group}{number:02}"


@cache
def named() -> frozenset[str]:
    """Return the ids in the names of tests; what stands beside a test names nothing."""
    names = {
        node.name
        for folder in ("credentials", "gateway")
        for path in (TESTS / folder).rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    heads = (re.match(rf"(?:_(?:to_)?{_ONE.lower()})+(?=_)", n[4:]) for n in names)
    return frozenset(
        id_
        for head in heads
        if head
        for id_ in spelled(head[0].upper().replace("_TO_", "–").replace("_", " "))
    )


def declined() -> set[str]:
    """Return the ids in the first column of the table of differences."""
    table = PAGE.partition("\n## Where this differs")[2]
    rows = re.findall(r"^\| ([A-Z]{2,3}\d\d[^:|]*):", table, re.MULTILINE)
    return {id_ for row in rows for id_ in spelled(row)}


def test_the_list_is_whole():
    assert len(LISTED) == 93


def test_every_requirement_has_a_test_that_names_it_or_a_reason_against_it():
    assert LISTED - named() - declined() == set()


def test_no_test_and_no_reason_names_a_requirement_that_there_is_not():
    assert (named() | declined()) - LISTED == set()


@pytest.mark.parametrize(
    "told",
    [
        f"at\n   most {NEAR_S:g} s left",
        f"A login may take {LOGIN_S / 60:g} minutes",
        f"between {(SHARE - JITTER) * 100:g} and {SHARE * 100:g} %",
        f"lives under {SHORTEST_S / 60:g} minutes",
        "## Three passes\n\n1. ",
    ],
)
def test_dc02_dc03_the_page_tells_the_passes_and_the_numbers_that_hold(told):
    assert told in PAGE
