"""Change what a test expects, where that stands in it as a plain text or number.

Only in what is always run: the test's own first level.
"""

import ast
import secrets

from tree_sitter import Node

_EXPECTS = frozenset({"toBe", "toEqual", "toStrictEqual"})
_EQUAL = frozenset({"equal", "strictEqual", "deepEqual", "deepStrictEqual"})
_LITERALS = frozenset({"string", "number"})


def python(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Change one expected value in place; say whether there was one."""
    for statement in test.body:
        if any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            return False
        for value in _compared(statement):
            told = value.value if isinstance(value, ast.Constant) else None
            if isinstance(value, ast.Constant) and isinstance(told, str | int):
                value.value = _other(told)
                return True
    return False


def _compared(statement: ast.stmt) -> list[ast.expr]:
    """Return both sides of ``assert a == b`` and of ``self.assertEqual(a, b)``."""
    if isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare):
        test = statement.test
        if len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            return [*test.comparators, test.left]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        if isinstance(call.func, ast.Attribute) and call.func.attr == "assertEqual":
            return list(reversed(call.args[:2]))
    return []


def _other(value: str | int) -> str | int:
    word = secrets.token_hex(6)
    return word if isinstance(value, str) else int(word, 16) + 10**6


def script(body: Node, data: bytes) -> tuple[bytes, bool]:
    """Return a body of JavaScript with one expected value changed, if there is one."""
    text = data[body.start_byte : body.end_byte]
    inner = body.named_children if body.type == "statement_block" else [body]
    for statement in inner:
        call = statement
        if b"return" in data[statement.start_byte : statement.end_byte]:
            break
        if statement.type == "expression_statement" and statement.named_children:
            call = statement.named_children[0]
        literal = _expected(call, data)
        if literal is not None:
            start = literal.start_byte - body.start_byte
            end = literal.end_byte - body.start_byte
            return text[:start] + _another(literal.type) + text[end:], True
    return text, False


def _another(kind: str) -> bytes:
    word = secrets.token_hex(6)
    return f"'{word}'".encode() if kind == "string" else str(int(word, 16)).encode()


def _expected(call: Node, data: bytes) -> Node | None:
    """Return the literal of ``expect(a).toBe(1)`` and of ``assert.equal(a, 1)``."""
    called = call.child_by_field_name("function")
    given = call.child_by_field_name("arguments")
    if call.type != "call_expression" or called is None or given is None:
        return None
    if called.type != "member_expression" or not given.named_children:
        return None
    owner, name = called.named_children[0], _text(called.named_children[-1], data)
    last = given.named_children[-1]
    number = len(given.named_children)
    expects = _is_expect(owner, data) and name in _EXPECTS and number == 1
    equal = owner.type == "identifier" and name in _EQUAL and number == 2  # noqa: PLR2004 - what is, and what should be
    return last if (expects or equal) and last.type in _LITERALS else None


def _is_expect(node: Node, data: bytes) -> bool:
    called = node.child_by_field_name("function")
    return called is not None and _text(called, data) == "expect"


def _text(node: Node, data: bytes) -> str:
    return data[node.start_byte : node.end_byte].decode(errors="replace")
