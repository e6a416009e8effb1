"""Change what a test expects.

In JavaScript only in what is always run, the test's own first level, and only where it
is a plain text or number; in Python the test itself notes that it got there.
"""

import ast
import secrets

from tree_sitter import Node

_EXPECTS = frozenset({"toBe", "toEqual", "toStrictEqual"})
_EQUAL = frozenset({"equal", "strictEqual", "deepEqual", "deepStrictEqual"})
_LITERALS = frozenset({"string", "number"})


def python(test: ast.FunctionDef | ast.AsyncFunctionDef, reached: ast.stmt) -> None:
    """Change the first value that a test compares, and note that it got there.

    What is compared with may be an object of the product, which decides what it equals:
    in its place stands one that nothing honest is equal to.
    """
    _change(test.body, reached)


def _change(body: list[ast.stmt], reached: ast.stmt) -> bool:
    for at, statement in enumerate(body):
        if isinstance(statement, ast.For | ast.While | ast.If):
            if _change(statement.body, reached):
                return True
        elif _compares(statement):
            body.insert(at, reached)
            return True
    return False


def _compares(statement: ast.stmt) -> bool:
    """Change ``b`` of ``assert a == b`` and of ``self.assertEqual(a, b)``."""
    if isinstance(statement, ast.Assert) and isinstance(statement.test, ast.Compare):
        test = statement.test
        if len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
            side = isinstance(test.left, ast.Constant)
            if side:
                test.left = _other(test.left)
            else:
                test.comparators = [_other(test.comparators[0])]
            return True
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        named = isinstance(call.func, ast.Attribute) and call.func.attr == "assertEqual"
        if named and len(call.args) > 1:
            at = 0 if isinstance(call.args[0], ast.Constant) else 1
            call.args[at] = _other(call.args[at])
            return True
    return False


def _other(value: ast.expr) -> ast.expr:
    word = secrets.token_hex(6)
    number = isinstance(value, ast.Constant) and isinstance(value.value, int)
    return ast.Constant(int(word, 16) + 10**6 if number else word)


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
