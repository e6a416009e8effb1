"""The facts of a Python file, by its own parser."""

import ast
import builtins
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator

from weighlock.checks.reach.facts import MODULE, NOTHING, Facts, Import
from weighlock.syntax import python

_NAME = re.compile(r"[\w./:\-]{3,200}")
_Def = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def facts(data: bytes) -> Facts:
    """Read a file; nothing where it does not parse."""
    tree = python.parse(python.decoded(data))
    if isinstance(tree, str):
        return NOTHING
    found = _Reader()
    for node in _alive(tree.body):
        found.top(node)
    return found.facts()


class _Reader:
    """Collect names by unit while the statements of a module go by."""

    def __init__(self) -> None:
        self._uses: defaultdict[str, set[str]] = defaultdict(set)
        self._imports: list[Import] = []
        self._strings: set[str] = set()
        self._hooks: dict[str, list[ast.expr]] = {}
        self._bases: list[ast.expr] = []

    def top(self, node: ast.stmt) -> None:
        """Take a statement of the module: a definition is a unit of its own."""
        if isinstance(node, _Def):
            self._hooks[node.name] = node.decorator_list
            self._bases += node.bases if isinstance(node, ast.ClassDef) else []
            self._take(node, node.name)
            for decorator in node.decorator_list:
                self._take(decorator, MODULE)
        elif isinstance(node, ast.If | ast.Try):
            for inner in _inner(node):
                self.top(inner)
        else:
            names = list(_assigned(node))
            for name in names:
                self._take(node, name)
            if not names or _calls(node):
                self._take(node, MODULE)

    def _take(self, node: ast.AST, unit: str) -> None:
        todo: list[ast.AST] = [node]
        names = self._uses[unit]
        while todo:
            item = todo.pop()
            if isinstance(item, ast.Import | ast.ImportFrom):
                self._imports += _imported(item)
            elif isinstance(item, ast.Name):
                names.add(item.id) if isinstance(item.ctx, ast.Load) else None
            elif isinstance(item, ast.Constant):
                self._literal(item.value)
            elif isinstance(item, ast.Attribute):
                names.add(item.attr)
            todo += _below(item)

    def _literal(self, value: object) -> None:
        if isinstance(value, str) and _NAME.fullmatch(value):
            self._strings.add(value)

    def facts(self) -> Facts:
        """Return what was collected."""
        sources = {i.alias: i.source for i in self._imports if i.alias}
        own = frozenset(self._hooks)
        hooked = frozenset(
            name
            for name, hooks in self._hooks.items()
            if any(_is_foreign(hook, sources, own) for hook in hooks)
        )
        return Facts(
            uses={
                unit: frozenset(names - {unit}) for unit, names in self._uses.items()
            },
            hooked=hooked,
            private=frozenset(name for name in self._uses if name.startswith("_")),
            imports=tuple(self._imports),
            extends=any(_is_foreign(base, sources, own) for base in self._bases),
            strings=frozenset(self._strings),
        )


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """Return what lies within and can run; a name that stands alone does nothing."""
    for name, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            inner = [item for item in value if isinstance(item, ast.AST)]
            blocks = name in {"body", "orelse", "finalbody"}
            yield from (
                _alive(i for i in inner if isinstance(i, ast.stmt))
                if (blocks and inner and isinstance(inner[0], ast.stmt))
                else inner
            )


def _alive(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Leave out what never runs: after a return, under ``if False``, a lone name."""
    for node in body:
        if isinstance(node, ast.If) and (known := _constant(node.test)) is not None:
            yield from _alive(node.body if known else node.orelse)
        elif not _is_idle(node):
            yield node
        if isinstance(node, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return


def _constant(test: ast.expr) -> bool | None:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    return False if _last(test) == "TYPE_CHECKING" else None


def _is_idle(node: ast.stmt) -> bool:
    """Say whether a statement only names something: ``fresh``, ``_ = fresh``."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Name | ast.Attribute)
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and all(isinstance(t, ast.Name) and t.id == "_" for t in node.targets)
    )


def _inner(node: ast.If | ast.Try) -> Iterator[ast.stmt]:
    yield from _alive(node.body)
    yield from _alive(node.orelse)
    if isinstance(node, ast.Try):
        for handler in node.handlers:
            yield from _alive(handler.body)
        yield from _alive(node.finalbody)
    else:
        yield ast.Expr(node.test)


def _assigned(node: ast.stmt) -> Iterator[str]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    yield from (t.id for t in targets if isinstance(t, ast.Name))


def _calls(node: ast.stmt) -> bool:
    """Say whether a statement calls anything when it is loaded."""
    return any(isinstance(inner, ast.Call) for inner in ast.walk(node))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[Import]:
    for item in node.names:
        if isinstance(node, ast.Import):
            alias = item.asname or item.name.partition(".")[0]
            yield Import(source=item.name, alias=alias)
        else:
            source = "." * node.level + (node.module or "")
            alias = "" if item.name == "*" else item.asname or item.name
            yield Import(source=source, name=item.name, alias=alias)


def _is_foreign(node: ast.expr, sources: dict[str, str], own: frozenset[str]) -> bool:
    """Say whether a decorator or base comes from elsewhere than Python's library."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    name = node.id if isinstance(node, ast.Name) else ""
    if not name or hasattr(builtins, name) or name in own:
        return False
    module = sources.get(name, "").partition(".")[0]
    return module not in sys.stdlib_module_names or not module


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
