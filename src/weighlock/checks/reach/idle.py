"""Layer 8, idle code: an addition to an old file that nothing could ever run.

A phase that changes a file by names that nobody says has changed nothing that runs.
"""

import ast
import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import language, paths
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_ROUNDS = 5
"""How often what only idle code says is idle as well."""
_TEXTS = (".py", ".toml", ".cfg", ".ini", ".json", ".yaml", ".yml", ".html", ".j2")
"""Where a name may be said by which Python code is run."""


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether a planned Python file was changed by more than idle names."""
    seen: list[Found] = []
    if rules.tests == "green":
        planned = [a.path for a in subject.planned if a.action == "modify"]
        seen += [f for path in planned for f in _judge(subject, path)]
    fine = "what was added to planned files can run"
    return weigh("idle", "leftover", seen, fine=fine, decides=False)


def _judge(subject: Subject, path: str) -> Iterator[Found]:
    if not path.endswith(".py") or paths.role(path) != "product":
        return
    old, new = subject.old.read(path), subject.new.read(path)
    if old is None or new is None or language.same_meaning(path, old, new):
        return
    idle, rest = _idle(subject, path)
    if idle and language.same_meaning(path, old, rest.encode()):
        names = ", ".join(sorted(idle))
        message = f"nothing that runs was changed: nothing uses {names}"
        yield found("review", "not-wired", message, path=path)


def _idle(subject: Subject, path: str) -> tuple[set[str], str]:
    """Return the new names of a file that nobody says, and the file without them."""
    tree = language.python_tree(subject.new.text(path))
    before = language.python_tree(subject.old.text(path))
    if isinstance(tree, str) or isinstance(before, str):
        return set(), ""
    known = {name for node in before.body for name in _defined(node)}
    idle: set[str] = set()
    for _ in range(_ROUNDS):
        said = _said(tree.body)
        gone = [n for n in tree.body if _is_idle(n, known | said)]
        more = {name for node in gone for name in _defined(node)}
        elsewhere = {name for name in more if _is_said(subject, path, name)}
        gone = [n for n in gone if elsewhere.isdisjoint(_defined(n))]
        if not gone:
            break
        idle |= {name for node in gone for name in _defined(node)}
        tree.body = [n for n in tree.body if n not in gone]
    return idle, ast.unparse(tree)


def _defined(node: ast.stmt) -> list[str]:
    """Return the names of a statement that only defines them."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [] if node.decorator_list else [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    names = [n for target in targets for n in ast.walk(target)]
    inner = [n.id for n in names if isinstance(n, ast.Name)]
    plain = all(isinstance(n, ast.Name | ast.Tuple | ast.expr_context) for n in names)
    return inner if plain else []


def _is_idle(node: ast.stmt, used: set[str]) -> bool:
    names = _defined(node)
    calls = any(isinstance(n, ast.Call) for n in ast.walk(node))
    runs = calls and isinstance(node, ast.Assign | ast.AnnAssign)
    bases = isinstance(node, ast.ClassDef) and (node.bases or node.keywords)
    return bool(names) and not runs and not bases and used.isdisjoint(names)


def _said(body: list[ast.stmt]) -> set[str]:
    """Return every name that a file says outside of its own definition."""
    found_names: set[str] = set()
    for node in body:
        own = set(_defined(node))
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
                found_names |= {inner.id} - own
            elif isinstance(inner, ast.Attribute):
                found_names.add(inner.attr)
            elif isinstance(inner, ast.Constant) and _is_word(inner.value):
                found_names.add(str(inner.value))
    return found_names


def _is_word(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier()


def _is_said(subject: Subject, path: str, name: str) -> bool:
    """Say whether another file, or the plan, says a name: magic names are always."""
    if name.startswith("__") and name.endswith("__"):
        return True
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    plan = (s.data.decode(errors="replace") for s in subject.plan.sources)
    if word.search(subject.phase.text) or any(map(word.search, plan)):
        return True
    others = [p for p in sorted(subject.new.paths) if p.endswith(_TEXTS) and p != path]
    near = {change.path for change in subject.changes}  # often a test of the phase
    for some in ([p for p in others if p in near], others):
        subject.new.fetch(some)
        if any(word.search(subject.new.text(p)) for p in some):
            return True
    return False
