"""Make an existing test fail: the same name, the same place, a body that cannot pass.

The body runs as it did, and then the test fails, whatever it returned or raised.  Where
a program can change what an assertion is, what the test expects is changed as well:
when nothing is raised all the same, the failure says the word that was given.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from weighlock.checks.runners import altered
from weighlock.syntax import grammars
from weighlock.syntax.language import LARGEST, Language, language

_Edit = tuple[int, int, bytes]
"""From byte, to byte, what to put there."""

_JS_TESTS = re.compile(rb"(?:it|test|specify)\b")
_TURNED = re.compile(rb"fail|todo|skip|expected")
"""Around a test: what makes a failure of it no failure."""
_MARK = re.compile(r"(?:pytest\.)?mark\.(?!xfail)")
"""A decorator that says something of a test and cannot catch what it raises."""
_WORD = b"@word@"
_MADE = b"made to fail"
_JS_AROUND = (
    b"{ let said = '%b'; try ",
    b" catch { said = 'made to fail'; } finally { throw new Error(said); } }",
)
_AROUND = """\
said = 'made to fail'
try:
    pass
except BaseException:
    said = 'made to fail'
finally:
    raise AssertionError(said)
"""
_MANY = 20
"""Tests of one name in one file; more is generated."""


def failing(path: str, data: bytes, title: str, word: str = "held") -> bytes | None:
    """Return the text of a file with one of its tests failing.

    Args:
        path: Tells the language.
        data: The file.
        title: The test's own name: ``test_a``, ``TestX.test_a``, ``says so``.
        word: What the test fails with when it should have failed before.

    Returns:
        None where there is no such test, or no way to be sure that it would fail.
    """
    known = language(path)
    if known is None or len(data) > LARGEST:
        return None
    if known == "python":
        return _python(data, title, word)
    edits = list(_edits(known, data, title))
    if not 0 < len(edits) <= _MANY:
        return None
    for start, end, text in sorted(edits, reverse=True):
        data = data[:start] + text.replace(_WORD, word.encode()) + data[end:]
    return data


def _python(data: bytes, title: str, word: str) -> bytes | None:
    try:
        text = data.decode()
        tree: ast.AST | None = ast.parse(text)
    except (ValueError, SyntaxError, RecursionError):
        return None
    for name in title.split("."):
        tree = _member(tree, name) if tree is not None else None
    if not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    lines = text.splitlines(keepends=True)
    first = lines[tree.lineno - 1]
    start = min([tree.lineno, *(d.lineno for d in tree.decorator_list)]) - 1
    end = tree.end_lineno or tree.lineno
    tree.decorator_list = [
        d for d in tree.decorator_list if _MARK.match(ast.unparse(d))
    ]
    altered.python(tree, ast.parse(f"said = {word!r}").body[0])
    said, *around = ast.parse(_AROUND).body
    inner, tree.body = tree.body, [said, *around]
    for block in around:
        if isinstance(block, ast.Try):
            block.body = inner
    indent = first[: len(first) - len(first.lstrip())]
    made = ast.unparse(ast.fix_missing_locations(tree))
    put = "".join(f"{indent}{line}\n" for line in made.splitlines())
    return "".join([*lines[:start], put, *lines[end:]]).encode()


def _member(tree: ast.AST, name: str) -> ast.AST | None:
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    body = getattr(tree, "body", [])
    return next((n for n in body if isinstance(n, kinds) and n.name == name), None)


def _edits(known: Language, data: bytes, title: str) -> Iterator[_Edit]:
    make = _MAKERS[known]
    root = grammars.root(known, data)
    waiting = [root] if root else []
    while waiting:
        node = waiting.pop()
        edit = make(node, title, data)
        if edit is not None:
            yield edit
        waiting += node.named_children


def _script(node: Node, title: str, data: bytes) -> _Edit | None:
    """Find ``test('title', () => {...})``."""
    given = node.child_by_field_name("arguments")
    called = node.child_by_field_name("function")
    if node.type != "call_expression" or given is None or called is None:
        return None
    name = _text(called, data)
    if not _JS_TESTS.match(name) or _TURNED.search(name):
        return None
    if len(given.named_children) < 2:  # noqa: PLR2004 - a title and a body
        return None
    if _text(given.named_children[0], data)[1:-1].decode(errors="replace") != title:
        return None
    bodies = [n.child_by_field_name("body") for n in given.named_children[1:]]
    body = next((b for b in bodies if b is not None), None)
    if body is None:
        return None
    inner, sure = altered.script(body, data)
    if body.type != "statement_block":
        inner = b"{ return (" + inner + b"\n); }"
    text = _JS_AROUND[0] % (_WORD if sure else _MADE) + inner + _JS_AROUND[1]
    return body.start_byte, body.end_byte, text


def _rust(node: Node, title: str, data: bytes) -> _Edit | None:
    """Find ``#[test] fn title() {...}``."""
    body = _body(node, "function_item", title, data)
    before = data[: node.start_byte].rstrip()
    marks = re.search(rb"(?:#\[[^\]]*\]\s*)+\Z", before)
    if body is None or marks is None or b"should_panic" in marks[0]:
        return None
    if b"test" not in marks[0] or b"async" in data[node.start_byte : body.start_byte]:
        return None
    gives = node.child_by_field_name("return_type")
    kind = b" -> " + _text(gives, data) + b" " if gives is not None else b" "
    caught = b"::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(move ||"
    text = b"{ let _ = " + caught + kind + _text(body, data) + b")); panic!(); }"
    return body.start_byte, body.end_byte, text


def _go(node: Node, title: str, data: bytes) -> _Edit | None:
    """Find ``func Title(t *testing.T) {...}``."""
    body = _body(node, "function_declaration", title, data)
    if body is None:
        return None
    head = data[node.start_byte : body.start_byte]
    named = re.search(rb"\(\s*(\w+)\s+\*testing\.T\s*\)", head)
    if named is None or named[1] == b"_":
        return None
    at = body.start_byte + 1
    return at, at, b" defer " + named[1] + b".Fail(); "


def _java(node: Node, title: str, data: bytes) -> _Edit | None:
    """Find ``@Test void title() {...}``."""
    body = _body(node, "method_declaration", title, data)
    name = node.child_by_field_name("name")
    if body is None or name is None:
        return None
    head = data[node.start_byte : name.start_byte]
    if b"@" not in head or _TURNED.search(head):
        return None
    end = b" finally { if (true) throw new AssertionError(); } }"
    return body.start_byte, body.end_byte, b"{ try " + _text(body, data) + end


def _body(node: Node, kind: str, title: str, data: bytes) -> Node | None:
    name = node.child_by_field_name("name")
    if node.type != kind or name is None or _text(name, data).decode() != title:
        return None
    return node.child_by_field_name("body")


def _text(node: Node, data: bytes) -> bytes:
    return data[node.start_byte : node.end_byte]


_MAKERS: Mapping[Language, Callable[[Node, str, bytes], _Edit | None]] = {
    "javascript": _script,
    "typescript": _script,
    "tsx": _script,
    "rust": _rust,
    "go": _go,
    "java": _java,
}
