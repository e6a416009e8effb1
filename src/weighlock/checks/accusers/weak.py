"""Layer 7: added tests that assert nothing, or assert on a stand-in.

They accuse and send to a person: what a test does decides, in red and green.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from weighlock.checks.accusers import hollow
from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_MOCKED = re.compile(r"\b(?:vi|jest|mock)\.(?:mock|module)\(\s*['\"]([^'\"]+)['\"]")
_EXPECT = re.compile(r"\bexpect\s*\(|\bassert\b[.(]")
_CALLED = re.compile(r"\.(?:not\.)?toHaveBeenCalled\w*|\.toHaveReturned\w*")
_JS_TRUE = re.compile(
    r"expect\(\s*(true|1|null)\s*\)\.(toBe|toEqual)\(\s*\1\s*\)|assert\(\s*true\s*\)"
)
_ASSERTS = re.compile(
    r"^(assert|check|verify|expect|ensure|should|fail|raises|warns)|Assert"
)
_DEEP = 3
"""Functions of a test file that call one another, before one of them asserts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accusation:
    """What the text of an added test looks like; what the test does decides."""

    code: str
    message: str
    path: str
    name: str = ""
    """The test's; empty when all tests of the file are meant."""
    line: int | None = None

    def means(self, case: Case) -> bool:
        """Say whether a test of a run is one that is meant."""
        if case.file and case.file != self.path:
            return False
        return not self.name or self.name in re.split(r"::|\[|\.", case.id)


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether an added test file is worth a second look."""
    seen: list[Found] = []
    if rules.tests == "red":
        for each in accusations(subject):
            message, path, line = each.message, each.path, each.line
            seen.append(found("review", each.code, message, path=path, line=line))
    fine = "added tests assert on the product"
    return weigh("weak-tests", "smell", seen, fine=fine, decides=False)


def accusations(subject: Subject) -> Iterator[Accusation]:
    """Return what can be said of the tests that a phase added, by their text."""
    for change in subject.work():
        if change.status == "D" or not paths.is_test(change.path):
            continue
        text, old = subject.new.text(change.path), subject.old.text(change.path)
        if change.path.endswith(".py"):
            yield from _python(change.path, text, old)
        elif re.search(r"\.[cm]?[jt]sx?$", change.path) and text != old:
            yield from _script(change.path, text)


def _script(path: str, text: str) -> Iterator[Accusation]:
    subject = _subject(path)
    for mocked in _MOCKED.findall(text):
        if mocked.startswith(".") and _subject(mocked) == subject:
            yield _accuse("mock-subject", f"it mocks {mocked}, what it tests", path)
    asked = _EXPECT.findall(text)
    if asked and len(asked) == len(_CALLED.findall(text)):
        yield _accuse("mock-theatre", "it only asserts that mocks were called", path)
    if _JS_TRUE.search(text):
        yield _accuse("tautology", "it asserts what is always true", path)


def _subject(path: str) -> str:
    """Return what a test file is named for: ``bucket.spec.ts`` tests ``bucket``."""
    stem = PurePosixPath(path).name.partition(".")[0]
    return re.sub(r"^test_|_test$", "", stem).lower()


def _python(path: str, text: str, old: str) -> Iterator[Accusation]:
    known = {ast.dump(node) for node in _tests(old)}
    new = [node for node in _tests(text) if ast.dump(node) not in known]
    helpers = _asking(text)
    for node in new:
        if _is_true(node):
            yield _accuse("tautology", f"{node.name} asserts a constant", path, node)
        elif not _asserts(node) and helpers.isdisjoint(_calls(node)):
            yield _accuse("tautology", f"{node.name} asserts nothing", path, node)
    yield from _hollow(path, text, new)
    calls = [name for node in new for name in _calls(node)]
    mocked = [
        name
        for name in calls
        if re.match(r"assert_(any_)?(not_)?(called|awaited)", name)
    ]
    asserted = [name for name in calls if _ASSERTS.search(name)]
    plain = any(isinstance(n, ast.Assert) for node in new for n in ast.walk(node))
    if mocked and len(mocked) == len(asserted) and not plain:
        yield _accuse("mock-theatre", "it only asserts that mocks were called", path)


def _hollow(path: str, text: str, new: list[hollow.Test]) -> Iterator[Accusation]:
    tree = python_tree(text)
    if isinstance(tree, str):
        return
    if hollow.only_names(new):
        message = "the new tests only ask whether a name is there"
        yield _accuse("tautology", message, path)
    for node in new:
        name = hollow.stand_in(node, tree)
        if name:
            message = f"{node.name} asks a mock in the place of {name}"
            yield _accuse("mock-subject", message, path, node)
        elif faked := hollow.replaced(node, tree):
            message = f"{node.name} calls a fake in the place of {faked}"
            yield _accuse("mock-subject", message, path, node)


def _tests(text: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = python_tree(text)
    if isinstance(tree, str):
        return []
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test")
    ]


def _asking(text: str) -> frozenset[str]:
    """Return the functions of a test file that assert, for tests that call them."""
    tree = python_tree(text)
    if isinstance(tree, str):
        return frozenset()
    named = {
        node.name: node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    asking = {name for name, node in named.items() if _asserts(node)}
    for _ in range(_DEEP):
        asking |= {n for n, node in named.items() if asking & set(_calls(node))}
    return frozenset(asking)


def assertions(text: str) -> dict[str, int]:
    """Count the assertions of each test of a Python file, by the test's name.

    One whose terms are all constants asks nothing and is not counted.
    """
    return {node.name: _asked(node) for node in _tests(text)}


def failing(text: str) -> frozenset[str]:
    """Return the tests of a Python file that fail wherever they do not fail before.

    On the way to a failure of their own nothing returns and no condition stands.
    """
    return frozenset(n.name for n in _tests(text) if _ends_in_failure(n))


def _ends_in_failure(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in _said(test):
        if _fails(node):
            return True
        if any(isinstance(inner, ast.Return) for inner in ast.walk(node)):
            return False
    return False


def _said(test: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    body = [
        n
        for n in test.body
        if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
    ]
    return body or [ast.Pass()]


def _fails(node: ast.stmt) -> bool:
    """Say whether a statement fails by itself: ``assert False``, ``pytest.fail()``."""
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and not node.test.value
    if isinstance(node, ast.Raise):
        return True
    return isinstance(node, ast.Expr) and _calls(node)[:1] == ["fail"]


def _asked(test: ast.AST) -> int:
    plain = [n.test for n in ast.walk(test) if isinstance(n, ast.Assert)]
    called = [name for name in _calls(test) if _ASSERTS.search(name)]
    return sum(_names(a) for a in plain) + len(called)


def _is_true(test: ast.AST) -> bool:
    """Say whether every assertion of a test is a constant."""
    asserts = [n.test for n in ast.walk(test) if isinstance(n, ast.Assert)]
    return bool(asserts) and all(
        isinstance(a, ast.Constant) or (isinstance(a, ast.Compare) and not _names(a))
        for a in asserts
    )


def _names(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Name | ast.Call) for n in ast.walk(node))


def _asserts(test: ast.AST) -> bool:
    if any(isinstance(n, ast.Assert | ast.Raise) for n in ast.walk(test)):
        return True
    return any(_ASSERTS.search(name) for name in _calls(test))


def _calls(node: ast.AST) -> list[str]:
    found_names: list[str] = []
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            function = call.func
            if isinstance(function, ast.Attribute):
                found_names.append(function.attr)
            elif isinstance(function, ast.Name):
                found_names.append(function.id)
    return found_names


def _accuse(
    code: str,
    message: str,
    path: str,
    node: ast.FunctionDef | ast.AsyncFunctionDef | None = None,
) -> Accusation:
    name = node.name if node else ""
    line = node.lineno if node else None
    return Accusation(code=code, message=message, path=path, name=name, line=line)
