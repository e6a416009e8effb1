"""Faults for Python: what its own parser finds, replaced by what it writes."""

import ast
import copy
import re
from collections.abc import Iterator
from itertools import accumulate

from weighlock.checks.strength.mutators.mutant import Mutant, became
from weighlock.syntax import python

_Node = ast.expr | ast.stmt
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
_TOLD = re.compile(r"\A\W*(self\.|cls\.)?_?(log|logg(er|ing)|print|warn\w*|console)\b")
"""Calls whose only effect is words for people: no test is asked to notice them."""
_QUIET = (ast.Raise, ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)
"""What is left alone: messages, and what f-strings hold (its place is not known)."""


class _Places:
    """Where nodes stand in a file, in bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        lines = data.split(b"\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def span(self, first: _Node, last: _Node) -> tuple[int, int]:
        """Return the bytes from the beginning of one node to the end of another."""
        end_line, end_column = last.end_lineno or 1, last.end_col_offset or 0
        return (
            self._starts[first.lineno - 1] + first.col_offset,
            self._starts[end_line - 1] + end_column,
        )

    def swap(self, node: _Node, text: str, shown: str = "") -> Mutant:
        """Return a mutant with other text in place of a node."""
        start, end = self.span(node, node)
        old = self.data[start:end].decode(errors="replace")
        what = became(old, shown or text)
        return Mutant(
            line=node.lineno, start=start, end=end, text=text.encode(), what=what
        )


def mutants(data: bytes) -> Iterator[Mutant]:
    """Return the faults that can be put into the functions of a Python file."""
    tree = _parsed(data)
    if tree is None:
        return
    places = _Places(data)
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, _QUIET) or _is_told(node):
            continue
        if isinstance(node, ast.expr):
            yield from _expression(node, places)
        elif isinstance(node, ast.stmt):
            yield from _statement(node, places)
        todo += _below(node)


def hollows(data: bytes) -> Iterator[Mutant]:
    """Return one mutant for each function whose body does something: it is gone."""
    for node, start, end in _bodies(data):
        if not _says_nothing(node):
            what = f"the body of {node.name} was taken away"
            yield Mutant(
                line=node.lineno,
                start=start,
                end=end,
                text=b"pass",
                what=what,
                hollow=True,
            )


def throwing(data: bytes, sign: str) -> bytes:
    """Return a file whose every function throws, with a sign, when it is called."""
    return _with_bodies(data, f"raise BaseException({sign!r})".encode())


def silent(data: bytes) -> bytes:
    """Return a file whose every function does nothing."""
    return _with_bodies(data, b"pass")


def idle(data: bytes) -> bytes:
    """Return a file whose every function calls what it is given, and does no more."""
    return _with_bodies(data, _CALLS)


_CALLS = (
    b"[w() for w in [*locals().values()] if callable(w) and not isinstance(w, type)]"
)


def shifted(data: bytes) -> bytes:
    """Return a file whose constants outside functions are other ones."""
    tree = _parsed(data)
    places = _Places(data)
    found: list[Mutant] = []
    todo: list[ast.AST] = [] if tree is None else list(_values(tree))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Constant):
            found += [places.swap(node, text) for text in _another(node)]
        elif isinstance(node, ast.ClassDef):
            todo += _values(node)
        elif not isinstance(node, (*_QUIET, ast.Lambda)):
            todo += _below(node)
    for mutant in sorted(found, key=lambda m: -m.start):
        data = mutant.of(data)
    return data


def _values(scope: ast.Module | ast.ClassDef) -> Iterator[ast.AST]:
    """Return what is assigned in a scope, and the classes in it."""
    for node in scope.body:
        if isinstance(node, ast.ClassDef):
            yield node
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield node.value


def _another(node: ast.Constant) -> Iterator[str]:
    value = node.value
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int | float):
        yield repr(value + 1)
    elif isinstance(value, str):
        yield repr(value + "~")


def _with_bodies(data: bytes, text: bytes) -> bytes:
    for _, start, end in sorted(_bodies(data), key=lambda b: -b[1]):
        data = data[:start] + text + data[end:]
    return data


def _bodies(data: bytes) -> Iterator[tuple[_Function, int, int]]:
    """Return the outermost functions, each with the bytes of its body."""
    tree = _parsed(data)
    places = _Places(data)
    todo: list[ast.AST] = [] if tree is None else [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, _Function):
            yield node, *places.span(node.body[0], node.body[-1])
        else:
            todo += ast.iter_child_nodes(node)


def _parsed(data: bytes) -> ast.Module | None:
    """Parse what is plain UTF-8: in another encoding places would not be bytes."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    tree = python.parse(text)
    return None if isinstance(tree, str) or "\f" in text or "\r" in text else tree


def _says_nothing(node: _Function) -> bool:
    return all(
        isinstance(n, ast.Pass | ast.Raise)
        or (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))
        for n in node.body
    )


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """Return what stands inside, without annotations, decorators and docstrings."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_comment"}:
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield item


def _expression(node: ast.expr, places: _Places) -> Iterator[Mutant]:
    for text in _instead(node):
        yield places.swap(node, f"({text})", text)
    if isinstance(node, ast.IfExp):
        for text in ("True", "False"):
            yield places.swap(node.test, text)


def _instead(node: ast.expr) -> Iterator[str]:
    """Return what an expression could say in its place."""
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for other in _COMPARED[type(operator)]:
                changed = copy.deepcopy(node)
                changed.ops[at] = other()
                yield ast.unparse(changed)
    elif isinstance(node, ast.BinOp) and type(node.op) in _COUNTED:
        yield ast.unparse(ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right))
    elif isinstance(node, ast.BoolOp):
        joined = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.unparse(ast.BoolOp(joined, node.values))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.unparse(node.operand)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        value = node.value
        yield repr(not value if isinstance(value, bool) else value + 1)


def _statement(node: ast.stmt, places: _Places) -> Iterator[Mutant]:
    if isinstance(node, ast.Return) and node.value is not None:
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield places.swap(node.value, "None")
    elif isinstance(node, ast.If):
        yield places.swap(node.test, "True")
        yield places.swap(node.test, "False")
    elif isinstance(node, ast.While):
        yield places.swap(node.test, "False")
    elif _is_act(node):
        yield places.swap(node, "pass", "nothing")


def _is_told(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and bool(_TOLD.match(ast.unparse(node)))


def _is_act(node: ast.stmt) -> bool:
    """Say whether a statement changes something, and could simply be missing."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call | ast.Await)
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute | ast.Subscript) for t in node.targets)
    return isinstance(node, ast.AugAssign | ast.Delete)
