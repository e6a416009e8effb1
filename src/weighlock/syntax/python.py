"""Python by its own parser: nodes, and one form for what means the same."""

import ast
import functools
import hashlib
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Iterator

from weighlock.syntax.language import is_test
from weighlock.syntax.outline import DEEPEST, Kind, Outline, Spot

_Def = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SKIPPED = {"type_comment", "kind"}


def parse(text: str) -> ast.Module | str:
    """Parse Python, or say why not; warnings about the text are none of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            return f"line {error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError) as error:
            return str(error) or type(error).__name__


def normal(data: bytes) -> bytes | None:
    """Return a form without comments, docstrings and layout; None: it is no Python."""
    tree = parse(decoded(data))
    return None if isinstance(tree, str) else dump(tree)


def decoded(data: bytes) -> str:
    """Return the text as Python reads it: a coding line counts, as does a BOM."""
    try:
        coding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(coding, errors="surrogateescape")
    except (SyntaxError, LookupError, ValueError):
        return data.decode(errors="surrogateescape")


def tokens(text: str) -> str:
    """Return the words of a text that does not parse: another version's, or broken."""
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}
    try:
        found = tokenize.generate_tokens(io.StringIO(text).readline)
        return " ".join(t.string for t in found if t.type not in skip)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return re.sub(r"\s+", "", text)


def dump(root: ast.AST) -> bytes:
    """Write a tree down, without docstrings; deep ones as well as flat ones."""
    out: list[str] = []
    todo: list[object] = [root]
    while todo:
        item = todo.pop()
        if isinstance(item, ast.AST):
            out.append(f"({type(item).__name__}")
            todo.append(_END)
            todo += reversed(list(_fields(item)))
        elif isinstance(item, list):
            out.append("[")
            todo.append(_END)
            todo += reversed(item)
        else:
            out.append(")" if item is _END else repr(item))
    return " ".join(out).encode("utf-8", "surrogatepass")


_END = object()


def _fields(node: ast.AST) -> Iterator[object]:
    for name in node._fields:
        if name in _SKIPPED:
            continue
        value = getattr(node, name, None)
        yield _said(value) if name == "body" and isinstance(value, list) else value


def _said(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return a body without docstrings, and without the ``pass`` in their place."""
    return [n for n in body if not _is_text(n) and not isinstance(n, ast.Pass)]


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def outline(path: str, data: bytes) -> Outline | None:
    """Return the nodes of a Python text, or None when it does not parse."""
    text = decoded(data)
    tree = parse(text)
    if isinstance(tree, str):
        return None
    lines = text.split("\n")
    spots = list(_spots(tree, tests=is_test(path)))
    module = Spot("module", "", 1, max(len(lines), 1), _digest(tree))
    return Outline(spots, module, _comment_lines(tree, lines))


def _spots(tree: ast.Module, *, tests: bool) -> Iterator[Spot]:
    todo: list[tuple[ast.AST, str, int]] = [(tree, "", 0)]
    found: list[Spot] = []
    while todo:
        node, outer, depth = todo.pop()
        if isinstance(node, _Def):
            name = f"{outer}.{node.name}" if outer else node.name
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            last = node.end_lineno or node.lineno
            found.append(
                Spot(_kind(node, tests=tests), name, first, last, _digest(node))
            )
            outer, depth = name, depth + 1
        if depth < DEEPEST:
            below = (n for n in ast.iter_child_nodes(node) if _holds(n))
            todo += [(n, outer, depth) for n in below]
    yield from sorted(found, key=lambda s: (s.line, -s.end_line))


def _holds(node: ast.AST) -> bool:
    """Say whether definitions may stand within: expressions hold none."""
    return isinstance(node, ast.stmt | ast.excepthandler | ast.match_case)


def _kind(node: _Def, *, tests: bool) -> Kind:
    if isinstance(node, ast.ClassDef):
        case = any(_last_name(base).endswith("TestCase") for base in node.bases)
        return "test" if case or (tests and node.name.startswith("Test")) else "class"
    return "test" if tests and node.name.startswith("test") else "function"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _digest(node: ast.AST) -> Callable[[], str]:
    return functools.partial(_sha, node)


def _sha(node: ast.AST) -> str:
    return hashlib.sha256(dump(node)).hexdigest()


def _comment_lines(tree: ast.Module, lines: list[str]) -> frozenset[int]:
    """Return the lines that are comments, and not part of a text that looks so."""
    found = {n for n, line in enumerate(lines, 1) if line.lstrip().startswith("#")}
    if found:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                last = node.end_lineno or node.lineno
                found.difference_update(range(node.lineno, last + 1))
    return frozenset(found)
