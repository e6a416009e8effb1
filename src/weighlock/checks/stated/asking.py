"""Call functions of a checkout in a process of their own; expectations stay here."""

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from weighlock.checks.place.launch import Place, launch
from weighlock.checks.reading import paths
from weighlock.checks.reading.language import python_tree

_DRIVER = """
import importlib, io, json, os, sys
asked = json.load(sys.stdin)
out = os.fdopen(os.dup(1), "w")
null = os.open(os.devnull, os.O_WRONLY)
os.dup2(null, 1)
sys.stdin = io.StringIO()
for module, name, args in asked:
    try:
        function = getattr(importlib.import_module(module), name)
    except BaseException as error:
        print(json.dumps(["absent", repr(error)[:300]]), file=out, flush=True)
        continue
    positional, named = eval(args)
    try:
        told = ["value", repr(function(*positional, **named))[:100000]]
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        told = ["raised", " ".join(kinds)]
    print(json.dumps(told), file=out, flush=True)
out.flush()
os._exit(0)
"""
_LIMIT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call: module, function, and its arguments as a literal."""

    module: str
    name: str
    args: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call."""

    form: Literal["value", "raised", "absent", "silent"]
    text: str = ""
    """``repr`` of the value, or the names of the error's classes, its own first."""


async def ask(calls: Sequence[Asked], place: Place) -> list[Answer]:
    """Make the calls one after the other; what is not answered is silent."""
    told = json.dumps([[c.module, c.name, c.args] for c in calls])
    done = await launch(
        ["python3", "-c", _DRIVER], place, timeout_s=_LIMIT_S, stdin=told.encode()
    )
    if done.missing:
        return [Answer("absent")] * len(calls)
    lines = done.stdout.decode(errors="replace").splitlines()[: len(calls)]
    found = [_answer(line) for line in lines]
    return [*found, *[Answer("silent")] * (len(calls) - len(found))]


def _answer(line: str) -> Answer:
    try:
        form, text = json.loads(line)
    except (ValueError, TypeError):
        return Answer("silent")
    if form in {"value", "raised", "absent"} and isinstance(text, str):
        return Answer(form, text)
    return Answer("silent")


def functions(text: str) -> frozenset[str]:
    """Return the plain functions at the top of a Python file."""
    tree = python_tree(text.removeprefix("\ufeff"))
    body = [] if isinstance(tree, str) else tree.body
    return frozenset(n.name for n in body if isinstance(n, ast.FunctionDef))


def is_product(path: str) -> bool:
    """Say whether a path is a Python file of the product that can be imported."""
    return path.endswith(".py") and paths.role(path) == "product" and bool(module(path))


def module(path: str) -> str:
    """Return the name that a Python file is imported by from the root or ``src``."""
    bare = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    words = bare.split("/")
    usual = all(w.isidentifier() for w in words) and words[-1] != "__main__"
    return ".".join(words) if usual and path.endswith(".py") else ""
