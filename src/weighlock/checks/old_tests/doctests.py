"""Layer 4, doctests: an example in a docstring is a test, and base owns it.

It lies in a product file, which the plan may name, so nothing else protects it.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from weighlock.checks.finding import Found, found
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Snapshot, Subject

Examples = Mapping[str, tuple[tuple[str, str], ...]]
"""Name of a function or class → its examples: what is typed, what is shown."""

_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def look(subject: Subject, before: Mapping[str, Case]) -> list[Found]:
    """Accuse a docstring that asks less than the suite asked of it at base."""
    asked = {c.file for c in before.values() if paths.role(c.file) == "product"}
    changed = [c for c in subject.changes if c.path in asked and c.status != "A"]
    came = [c.path for c in subject.changes if c.status == "A"]
    seen: list[Found] = []
    for change in changed:
        now = [change.path] if change.status == "M" else came
        seen += _judge(subject, change.path, [p for p in now if p.endswith(".py")])
    return seen


def _judge(subject: Subject, path: str, now: list[str]) -> Iterator[Found]:
    old = _examples(subject.old, path)
    new = [(p, _examples(subject.new, p)) for p in now]
    for name, examples in old.items():
        homes = [(p, told[name]) for p, told in new if name in told]
        if not homes or _is_spoken_of(subject, name):
            continue
        home, kept = homes[0]
        lost = [source for source, want in examples if (source, want) not in kept]
        if lost:
            message = f"{name}: its example {lost[0]} is gone or expects something else"
            yield found("review", "test-weakened", message, path=home)


def _is_spoken_of(subject: Subject, name: str) -> bool:
    """Say whether the phase is about a function: then its examples may change."""
    last = re.escape(name.rpartition(".")[2])
    return bool(re.search(rf"(?<!\w){last}(?!\w)", subject.phase.text))


def _examples(files: Snapshot, path: str) -> Examples:
    """Return what is defined in a file, each with the examples of its docstring."""
    tree = python_tree(files.text(path))
    return {} if isinstance(tree, str) else dict(_below(tree, ""))


def _below(
    node: ast.Module | ast.ClassDef, above: str
) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    for inner in node.body:
        if isinstance(inner, _Named):
            name = above + inner.name
            yield name, _read(ast.get_docstring(inner) or "")
            if isinstance(inner, ast.ClassDef):
                yield from _below(inner, f"{name}.")


def _read(text: str) -> tuple[tuple[str, str], ...]:
    from doctest import DocTestParser  # it brings a debugger and unittest

    try:
        found_lines = DocTestParser().get_examples(text)
    except ValueError:
        return ()
    return tuple((e.source.strip(), e.want.strip()) for e in found_lines)
