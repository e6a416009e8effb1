"""Layer 8: stubs left in what the phase is about, template text nobody filled in."""

import ast
import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.markers import numbered
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

TEMPLATE = re.compile(
    r"\[(?:insert|your|describe|fill in|placeholder|todo|tbd|TBD)\b[^\]]*\](?!\()"
    r"|<(?:insert|your|describe|fill in|placeholder|todo|tbd)\b[^>]*>"
    r"|\{\{\s*[A-Za-z_ ]+\s*\}\}|\blorem ipsum\b|\bTBD\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(r"not.?(yet.?)?implemented", re.IGNORECASE)
_JS_STUB = re.compile(
    r"(?:function\s+(\w+)|(\w+)\s*(?:=\s*(?:async\s*)?)?\([^()]*\)\s*(?::[^{=]+)?(?:=>)?)"
    r"[^{;]*\{\s*throw new \w*Error\([^)]*not.?(?:yet.?)?implemented[^)]*\);?\s*\}",
    re.IGNORECASE,
)
_RUST_STUB = re.compile(r"fn\s+(\w+)[^{;]*\{\s*(?:todo|unimplemented)!\([^)]*\);?\s*\}")
_GO_STUB = re.compile(
    r"^func\s+(?:\([^)]*\)\s*)?(\w+)[^\n]*\{\s*"
    r"panic\(\s*\"[^\"]*(?:not.?(?:yet.?)?implemented|todo)[^\"]*\"\s*\)\s*\}",
    re.IGNORECASE | re.MULTILINE,
)
_UNFINISHED = re.compile(r"^[^\"]*?(?<![\w/])todo!\s*[(\[{]")
"""Rust's own word for code that is not finished; it has no other use."""


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether anything was left for later in what this phase delivers."""
    seen: list[Found] = []
    if rules.tests == "green":
        seen += _stubs(subject)
    if rules.tests == "none":
        seen += _template(subject)
    return weigh(
        "leftovers", "leftover", seen, fine="nothing left for later", decides=False
    )


def _template(subject: Subject) -> Iterator[Found]:
    """Documents are the product here: text of the template is work not done."""
    for change in subject.work():
        if change.status == "D" or subject.action(change.path) is None:
            continue
        code = False
        for line, text in numbered(subject, change.path):
            code = code != text.lstrip().startswith("```")
            if not code and TEMPLATE.search(re.sub(r"`[^`]*`", "", text)):
                yield found(
                    "fail",
                    "partial",
                    f"template text is left: {text.strip()[:80]}",
                    path=change.path,
                    line=line,
                )
                break


def _stubs(subject: Subject) -> Iterator[Found]:
    words = f"{subject.phase.title}\n{subject.phase.text}"
    extended = _extended(subject)
    for path in _worked_on(subject):
        before = dict(stubs(path, subject.old.text(path)))
        for name, line in stubs(path, subject.new.text(path), extended):
            named = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None
            if named or name not in before:
                yield found(
                    "fail" if named else "review",
                    "stub-left",
                    f"{name} is still a stub",
                    path=path,
                    line=line,
                )
        yield from _unfinished(subject, path)


def _unfinished(subject: Subject, path: str) -> Iterator[Found]:
    """Find a branch that was left for later in a function that was written."""
    if not path.endswith(".rs"):
        return
    whole = {line for _, line in stubs(path, subject.new.text(path))}
    for line, text in numbered(subject, path):
        said = text.partition("//")[0]
        if _UNFINISHED.search(said) and not whole & {line, line - 1}:
            message = f"a part of it is left for later: {text.strip()[:80]}"
            yield found("review", "stub-left", message, path=path, line=line)


def _worked_on(subject: Subject) -> Iterator[str]:
    """Return the product files that the phase names, or else those it changed."""
    changed = [c.path for c in subject.work() if c.status != "D"]
    own = [p for p in changed if subject.action(p) is not None]
    for path in own or changed:
        if paths.role(path) == "product":
            yield path


def _extended(subject: Subject) -> frozenset[str]:
    """Return the Python classes that classes of the delivered product extend."""
    files = [c.path for c in subject.work() if c.status != "D"]
    product = [p for p in files if p.endswith(".py") and paths.role(p) == "product"]
    trees = (python_tree(subject.new.text(p)) for p in product)
    return frozenset(n for t in trees if not isinstance(t, str) for n in _parents(t))


def _parents(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from map(_last_name, node.bases)


def stubs(
    path: str, text: str, extended: frozenset[str] = frozenset()
) -> list[tuple[str, int]]:
    """Return the functions whose whole body says that it is not written yet.

    Args:
        path: Tells the language.
        text: The file.
        extended: Classes that other files extend: their empty methods are honest.
    """
    if path.endswith(".py"):
        return _python(text, extended)
    suffix = path.rpartition(".")[2]
    pattern = {"rs": _RUST_STUB, "go": _GO_STUB}.get(suffix, _JS_STUB)
    if not re.fullmatch(r"[cm]?[jt]sx?|rs|go", suffix):
        return []
    return [
        (
            next(g for g in found_stub.groups() if g),
            text.count("\n", 0, found_stub.start()) + 1,
        )
        for found_stub in pattern.finditer(text)
        if any(found_stub.groups())
    ]


def _python(text: str, known: frozenset[str]) -> list[tuple[str, int]]:
    tree = python_tree(text)
    if isinstance(tree, str):
        return []
    extended = known | frozenset(_parents(tree))
    found_stubs: list[tuple[str, int]] = []
    _visit(tree.body, extended, found_stubs)
    return found_stubs


def _visit(
    body: list[ast.stmt], extended: frozenset[str], into: list[tuple[str, int]]
) -> None:
    for node in body:
        if isinstance(node, ast.ClassDef):
            if not _is_abstract(node, extended):
                _visit(node.body, extended, into)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_stub(
            node
        ):
            into.append((node.name, node.lineno))


def _is_abstract(node: ast.ClassDef, extended: frozenset[str]) -> bool:
    """Say whether a class is there to be extended: its empty methods are honest."""
    names = {_last_name(base) for base in node.bases}
    named = re.match(
        r"_?(Base|Abstract|I[A-Z])|.*(Base|Interface|Mixin|ABC)$", node.name
    )
    return bool(
        names & {"ABC", "Protocol"}
        or any(_last_name(k.value) == "ABCMeta" for k in node.keywords)
        or node.name in extended
        or named
    )


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    decorators = {_last_name(d) for d in node.decorator_list}
    if decorators & {"abstractmethod", "overload", "abstractproperty"}:
        return False
    body = [n for n in node.body if not _is_docstring(n)]
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    raised = body[0].exc
    call = raised.func if isinstance(raised, ast.Call) else raised
    return bool(_NOT_DONE.search(_last_name(call)))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
