"""Tell a new conftest.py that can serve none but new tests.

It governs the tests of its own folder.  Where base has none there, and the file only
defines plain fixtures, no test that base owns can be changed by it.
"""

import ast
import posixpath

from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree
from weighlock.checks.subject import Subject


def serves_new_tests(subject: Subject, path: str) -> bool:
    """Say whether a new file only holds fixtures, for tests that are new as well."""
    folder = posixpath.dirname(path)
    if posixpath.basename(path) != "conftest.py" or not folder:
        return False
    if any(p.startswith(f"{folder}/") and paths.is_test(p) for p in subject.old.paths):
        return False
    tree = python_tree(subject.new.text(path))
    return not isinstance(tree, str) and all(map(_is_plain, tree.body))


def _is_plain(node: ast.stmt) -> bool:
    """Say whether a statement defines something and does nothing when it is loaded."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        names = all(isinstance(t, ast.Name) and _is_own(t.id) for t in node.targets)
        return names and not any(isinstance(n, ast.Call) for n in ast.walk(node.value))
    if isinstance(node, ast.ClassDef):
        return not node.decorator_list and all(map(_is_plain, node.body))
    return (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and _is_own(node.name)
        and all(_is_fixture(d) for d in node.decorator_list)
    )


def _is_own(name: str) -> bool:
    """Say whether a name means nothing to pytest."""
    return not name.startswith(("pytest_", "collect_ignore"))


def _is_fixture(decorator: ast.expr) -> bool:
    call = decorator if isinstance(decorator, ast.Call) else None
    named = call.func if call else decorator
    name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
    return name == "fixture" and not any(
        k.arg in {"autouse", None} for k in (call.keywords if call else [])
    )
