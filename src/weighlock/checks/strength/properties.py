"""Count new tests that state a property, where a plan asks for a share of them.

What counts is what a test uses, found from what its file imports; a name proves
nothing.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from weighlock import syntax
from weighlock.checks.finding import Found, found
from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject
from weighlock.syntax import python
from weighlock.syntax.language import language

_PYTHON = frozenset({"hypothesis", "schemathesis"})
_SCRIPT = re.compile(
    r"import\s+(?:type\s+)?(?P<names>[^;'\"]+?)\s+from\s+['\"](?:fast-check|@fast-check/[\w-]+"
    r"|jsverify|testcheck)['\"]"
    r"|(?:const|let|var)\s+(?P<required>[^=;]+?)\s*=\s*require\(\s*['\"](?:fast-check"
    r"|@fast-check/[\w-]+|jsverify)['\"]"
)
_RUST_BLOCK = re.compile(r"\bproptest!\s*\{")
_RUST_TEST = re.compile(r"#\[\s*(?:\w+::)*(?:test|rstest|quickcheck|proptest)\b")
_RUST_PROPERTY = re.compile(r"#\[\s*(?:\w+::)*(?:quickcheck|proptest)\b|\bquickcheck\(")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")


@dataclass(frozen=True, slots=True)
class Share:
    """New tests, and how many of them state a property."""

    tests: int
    properties: int


def count(subject: Subject) -> Share:
    """Count the tests that are new in the files the phase changed."""
    tests = properties = 0
    for change in subject.work():
        if change.status != "D" and _may_test(change.path):
            for is_property in _new(subject, change.path):
                tests, properties = tests + 1, properties + is_property
    return Share(tests, properties)


def judge(share: Share, percent: float) -> Iterator[Found]:
    """Say whether there are as many as the plan asks for, rounded down."""
    wanted = max(1, floor(share.tests * percent / 100))
    if share.tests and share.properties < wanted:
        yield found(
            "fail",
            "partial",
            f"{share.properties} of {share.tests} new tests state a property; the plan "
            f"asks for {percent:g} %, which is {wanted}",
        )


def _may_test(path: str) -> bool:
    return paths.is_test(path) or path.endswith(".rs")


def _new(subject: Subject, path: str) -> Iterator[bool]:
    """Yield for each new test whether it states a property."""
    known = language(path)
    new, old = subject.new.read(path) or b"", subject.old.read(path) or b""
    if known == "rust":
        yield from _rust(new.decode(errors="replace"), old.decode(errors="replace"))
        return
    before = {n.name: n.digest for n in syntax.nodes(path, old)}
    tests = _python(new) if known == "python" else _script(path, new)
    digests = {(n.name, n.line): n.digest for n in syntax.nodes(path, new)}
    for (name, line), is_property in tests.items():
        if before.get(name) != digests.get((name, line), ""):
            yield is_property


_Tests = dict[tuple[str, int], bool]


def _python(data: bytes) -> _Tests:
    outline = syntax.outline("tests/test_x.py", data)
    tree = python.parse(python.decoded(data))
    if outline is None or isinstance(tree, str):
        return {}
    names = set(_imported(tree))
    using = {
        min([n.lineno, *(d.lineno for d in n.decorator_list)])
        for n in ast.walk(tree)
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and _uses(n, names)
    }
    return {
        (n.name, n.line): n.line in using
        for n in outline.nodes
        if n.kind == "test" and n.name.rpartition(".")[2].startswith("test")
    }


def _imported(tree: ast.Module) -> Iterator[str]:
    """Return the names that a module of properties is known by in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in _PYTHON:
                    yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and _is_known(node):
            yield from (a.asname or a.name for a in node.names)


def _is_known(node: ast.ImportFrom) -> bool:
    return not node.level and (node.module or "").partition(".")[0] in _PYTHON


def _uses(node: ast.FunctionDef | ast.AsyncFunctionDef, names: set[str]) -> bool:
    """Say whether a test is handed generated values: its decorators, or its body."""
    return any(
        isinstance(n, ast.Name) and n.id in names
        for part in (*node.decorator_list, *node.body)
        for n in ast.walk(part)
    )


def _script(path: str, data: bytes) -> _Tests:
    text = data.decode(errors="replace")
    names = {
        word
        for found_import in _SCRIPT.finditer(text)
        for word in _WORD.findall(found_import["names"] or found_import["required"])
    } - {"as", "type", "default"}
    lines = text.split("\n")
    tests = [n for n in syntax.nodes(path, data) if n.kind == "test"]
    inner = [
        n
        for n in tests
        if not any(n.line < m.line and m.end_line <= n.end_line for m in tests)
    ]
    return {
        (n.name, n.line): not names.isdisjoint(
            _WORD.findall("\n".join(lines[n.line - 1 : n.end_line]))
        )
        and _is_stated(lines[n.line - 1 : n.end_line])
        for n in inner
    }


def _is_stated(lines: list[str]) -> bool:
    """Say whether a test has generated values tried on something."""
    return any(_STATED.search(line) for line in lines)


_STATED = re.compile(r"\.(?:prop|asyncProperty|property|check|forall|assert)\b")


def _rust(new: str, old: str) -> Iterator[bool]:
    """Count by attribute; a macro's tests are no nodes of the grammar."""
    tests = len(_RUST_TEST.findall(new)) - len(_RUST_TEST.findall(old))
    properties = _rust_properties(new) - _rust_properties(old)
    for number in range(max(tests, 0)):
        yield number < properties


def _rust_properties(text: str) -> int:
    inside = sum(
        len(_RUST_TEST.findall(_block(text, block.end())))
        for block in _RUST_BLOCK.finditer(text)
    )
    return inside + len(_RUST_PROPERTY.findall(text))


def _block(text: str, at: int) -> str:
    depth = 1
    for end in range(at, len(text)):
        depth += (text[end] == "{") - (text[end] == "}")
        if not depth:
            return text[at:end]
    return text[at:]
