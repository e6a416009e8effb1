"""Code that works for tests and lies among the product: helpers that ask for them.

What a file is for cannot always be told from its path.  One that takes from a test
framework what only tests need decides what they ask, wherever it lies.
"""

import re
from collections.abc import Mapping

from weighlock.checks.old_tests.compared import is_read_by_tests
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import same_meaning
from weighlock.checks.subject import Subject
from weighlock.syntax.language import Language, language
from weighlock.tree import Change

_SCRIPT = re.compile(
    r"(?:\bfrom|\brequire\(|\bimport)\s*['\"](?:vitest|@jest/globals|node:test|bun:test"
    r"|mocha|chai|@playwright/test|@testing-library/[\w-]+)['\"]"
)
_TAKES: Mapping[Language, re.Pattern[str]] = {
    "python": re.compile(r"^\s*(?:import|from)\s+(?:pytest|unittest)\b", re.MULTILINE),
    **dict.fromkeys(("javascript", "typescript", "tsx"), _SCRIPT),
    "go": re.compile(
        r"^\s*(?:import\s+)?(?:[\w.]+\s+)?\"(?:testing(?:/\w+)?"
        r"|github\.com/(?:stretchr/testify|onsi/gomega)[\w/]*)\"",
        re.MULTILINE,
    ),
    "java": re.compile(
        r"^import\s+(?:static\s+)?org\.(?:junit|testng|assertj|hamcrest|mockito)\.",
        re.MULTILINE,
    ),
}
"""How a file takes something of a test framework, by its language."""


def works_for_tests(path: str, text: str) -> bool:
    """Say whether a file among the product takes from a test framework."""
    known = language(path)
    takes = _TAKES.get(known) if known and paths.role(path) == "product" else None
    return takes is not None and takes.search(text) is not None


def role(subject: Subject, change: Change) -> paths.Role:
    """Say what a changed file is for, as it was at base: nobody else owns that."""
    path = change.path
    old, new = subject.old.read(path), subject.new.read(path)
    told = change.status != "A" and works_for_tests(path, subject.old.text(path))
    if told and not (new is not None and same_meaning(path, old or b"", new)):
        return "support"
    return "fixture" if is_read_by_tests(subject, path) else paths.role(path)
