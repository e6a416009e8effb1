"""Tell an old test file that only gained tests from one whose old tests changed.

An old test is one that base owns: it has to stand as it stood.  What was written around
it is new, and belongs to the phase that wrote it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from weighlock import syntax
from weighlock.checks import markers
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Snapshot, Subject
from weighlock.plan.model import Phase
from weighlock.run.trace.marker import Node

_WEAKENS = re.compile(
    r"skip|xfail|expectedFailure|\bonly\b|todo|ignore|pytestmark|__test__|mock|patch"
    r"|__eq__|setattr|exit|\breturn\b",
    re.IGNORECASE,
)
"""What a line outside every new test could do to an old one."""
_ABOUT_TESTS = re.compile(
    r"\W*(?:(?:add|write|update|extend|improve|expand|adapt|adjust|create)\b[^`]{0,60}"
    r"\btests?\b|(?:test|cover)\b|(?:unit|integration|regression|e2e) tests?\b)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\s*(?:#(?!\[)|//|/?\*)")
_NAMED = re.compile(
    r"^\s*(?:async\s+)?(?:def|class|function|fn|func)\s+(\w+)", re.MULTILINE
)


def is_about_tests(phase: Phase) -> bool:
    """Say whether tests are what a phase that names no file delivers."""
    return not phase.files and bool(_ABOUT_TESTS.match(phase.title))


def grew(subject: Subject, rules: Rules, path: str) -> bool:
    """Say whether an existing test file only gained tests.

    Every old line is still there, in the old order.  Where tests are not what the phase
    delivers, every old test also reads as it did, none has a namesake, and no new line
    beside the new tests could switch an old one off or stand in for it.
    """
    old, new = subject.old.text(path), subject.new.text(path)
    rest = iter(new.splitlines())
    if not all(line in rest for line in old.splitlines() if line.strip()):
        return False
    if rules.harness:
        return True
    before, after = _nodes(subject.old, path), _nodes(subject.new, path)
    if not before or not after:
        return _grew_by_lines(subject, path, old)
    names = Counter(n.name for n in before)
    if any(Counter(n.name for n in after)[name] != names[name] for name in names):
        return False
    added = markers.numbered(subject, path)
    if not all(_stands(node, after, added, new) for node in before):
        return False
    fresh = [n for n in after if n.name not in names]
    return not any(_WEAKENS.search(line) for line in _beside(added, fresh))


def _nodes(files: Snapshot, path: str) -> Sequence[Node]:
    return syntax.nodes(path, files.read(path) or b"")


def _stands(
    node: Node, after: Sequence[Node], added: Sequence[tuple[int, str]], text: str
) -> bool:
    """Say whether an old node reads as it did, or grew where it may.

    It may around the tests that it holds, and above its own first line: a case more in
    a table of parameters is a test more.
    """
    twins = [n for n in after if n.name == node.name]
    if any(n.digest == node.digest for n in twins):
        return True
    if any(n is not t and _holds(t, n) for t in twins for n in after):
        return True
    lines = text.splitlines()
    return any(
        all(n < _signed(t, lines) for n, _ in added if n >= t.line and n <= t.end_line)
        for t in twins
    )


def _signed(node: Node, lines: Sequence[str]) -> int:
    """Return the line on which a node says its name, under what is above it."""
    spread = range(node.line, node.end_line + 1)
    return next((n for n in spread if _NAMED.match(lines[n - 1])), node.line)


def _holds(outer: Node, inner: Node) -> bool:
    kinds = {"class": {"function", "test"}, "test": {"test"}}
    return (
        inner.kind in kinds.get(outer.kind, set())
        and outer.line < inner.line
        and inner.end_line <= outer.end_line
    )


def _beside(added: Sequence[tuple[int, str]], fresh: Sequence[Node]) -> Iterator[str]:
    """Return the added lines of code that no new node holds."""
    for number, line in added:
        inside = any(n.line <= number <= n.end_line for n in fresh)
        if not inside and not _COMMENT.match(line):
            yield line


def _grew_by_lines(subject: Subject, path: str, old: str) -> bool:
    """Decide by lines alone, where no grammar tells one test from the next."""
    added = markers.added(subject, path)
    twice = set(_NAMED.findall(old)) & set(_NAMED.findall("\n".join(added)))
    return not twice and not any(_WEAKENS.search(line) for line in added)
