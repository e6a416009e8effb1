"""Python tests that ask whether a name is there, or ask a stand-in of what they test.

Both are red before the work is done, and green with whatever bears the name.
"""

import ast
from collections.abc import Iterator

Test = ast.FunctionDef | ast.AsyncFunctionDef

_THERE = frozenset(
    {"hasattr", "callable", "isfunction", "ismethod", "isclass", "iscoroutinefunction"}
)
_ASKS_THERE = frozenset({"assertTrue", "assertIsNotNone", "assertIn"})
_ASKS = ("assert", "raises", "warns", "fail", "check", "verify", "expect")
_STAND_INS = frozenset(
    {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "create_autospec"}
)
_OTHERS = frozenset({"unittest", "pytest", "mock", "hypothesis", "typing", "types"})
"""Where a test takes its tools from."""


def only_names(tests: list[Test]) -> bool:
    """Say whether tests ask for nothing but that names are there and can be called."""
    return bool(tests) and all(_asks_for_names(test) for test in tests)


def _asks_for_names(test: Test) -> bool:
    asked = [n.test for n in ast.walk(test) if isinstance(n, ast.Assert)]
    calls = [n for n in ast.walk(test) if isinstance(n, ast.Call)]
    for call in calls:
        name = _last(call.func)
        if name in _ASKS_THERE and call.args:
            asked.append(call.args[0])
        elif name.startswith(_ASKS):
            return False
    return bool(asked) and all(_is_there(a) for a in asked)


def _is_there(asked: ast.expr) -> bool:
    """Say whether an assertion holds as soon as there is something of a name."""
    if isinstance(asked, ast.BoolOp):
        return all(_is_there(value) for value in asked.values)
    if isinstance(asked, ast.Compare):
        none = isinstance(asked.comparators[0], ast.Constant)
        return (
            len(asked.ops) == 1
            and isinstance(asked.ops[0], ast.IsNot)
            and none
            and _is_named(asked.left)
        )
    if isinstance(asked, ast.Call):
        inner = asked.args[:1]
        return _last(asked.func) in _THERE and all(_is_named(a) for a in inner)
    return False


def _is_named(node: ast.expr) -> bool:
    """Say whether a value is taken by its name, and nothing is called for it."""
    if isinstance(node, ast.Call):
        return _last(node.func) == "getattr"
    return isinstance(node, ast.Name | ast.Attribute)


def stand_in(test: Test, tree: ast.Module) -> str:
    """Return the name of what a test replaces by a mock and never calls itself.

    Empty where it calls anything else of the product, or is handed anything that may
    be of the product.
    """
    product = _imported(tree) | _imported(test)
    if _is_handed_something(test) or not product:
        return ""
    replaced: set[str] = set()
    models: set[int] = set()
    for call in (n for n in ast.walk(test) if isinstance(n, ast.Call)):
        if _last(call.func) in _STAND_INS:
            given = [*call.args[:1], *(k.value for k in call.keywords)]
            inside = [n for value in given for n in ast.walk(value)]
            models |= {id(n) for n in inside}
            replaced |= {n.id for n in inside if isinstance(n, ast.Name)} & product
    own = {n.name for n in tree.body if isinstance(n, Test | ast.ClassDef)}
    rest = [
        n for n in ast.walk(test) if isinstance(n, ast.Name) and id(n) not in models
    ]
    calls_more = any(n.id in product | own for n in rest)
    return min(replaced) if replaced and not calls_more else ""


def replaced(test: Test, tree: ast.Module) -> str:
    """Return the name of what a test puts a fake in the place of, and then calls.

    Empty where it calls anything else of the product: a fake clock may be read twice.
    """
    fakes: set[str] = set()
    called: set[str] = set()
    others = _imported(tree) | _imported(test)
    for node in ast.walk(test):
        if isinstance(node, ast.Assign):
            fakes |= {t.attr for t in node.targets if isinstance(t, ast.Attribute)}
        elif isinstance(node, ast.Call):
            called.add(_last(node.func) if _first(node.func) in others else "")
            fakes |= _patched(node)
    return min(fakes & called, default="") if called - {""} <= fakes else ""


def _patched(call: ast.Call) -> set[str]:
    """Return what ``setattr``, ``patch`` or ``patch.object`` replaces."""
    if _last(call.func) not in {"setattr", "patch", "object"}:
        return set()
    texts = [
        a.value
        for a in call.args[:2]
        if isinstance(a, ast.Constant) and isinstance(a.value, str)
    ]
    return {text.rpartition(".")[2] for text in texts[-1:]}


def _is_handed_something(test: Test) -> bool:
    told = [*test.args.posonlyargs, *test.args.args, *test.args.kwonlyargs]
    return any(a.arg not in {"self", "monkeypatch", "mocker"} for a in told)


def _imported(tree: ast.AST) -> set[str]:
    """Return the names that come from elsewhere, but for the tools of tests."""
    found: set[str] = set()
    for source, alias in _imports(tree):
        if source.partition(".")[0] not in _OTHERS:
            found.add(alias)
    return found


def _imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                yield node.module or ".", item.asname or item.name
        elif isinstance(node, ast.Import):
            for item in node.names:
                yield item.name, item.asname or item.name.partition(".")[0]


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _first(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
