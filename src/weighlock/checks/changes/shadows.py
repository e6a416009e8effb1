"""Layer 3: what stands in for a dependency, the library, the runner, an assertion."""

import posixpath
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import tables
from weighlock.checks.subject import Snapshot, Subject
from weighlock.run.evidence import Evidence

_RUNNERS = frozenset(
    {"pytest", "_pytest", "pluggy", "unittest", "coverage", "hypothesis"}
)
_MANIFESTS = frozenset({"pyproject.toml", "setup.cfg"})
_REQUIREMENTS = re.compile(r"(?:requirements/)?[\w.-]*requirements[\w.-]*\.(?:txt|in)")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_OWN = re.compile(
    r"^name\s*=\s*[\"']([\w.-]+)|^([\w-]+)\s*=\s*\{[^}\n]*(?:path|workspace)",
    re.MULTILINE,
)
"""What a project calls itself, and what of its dependencies lies beside it."""
_ASSERTS = re.compile(
    r"^\s*macro_rules!\s*((?:debug_)?assert(?:_eq|_ne)?|panic)\b", re.MULTILINE
)
_SCRIPTS = frozenset({".js", ".jsx", ".ts", ".tsx"})
"""Endings of which one is looked for where another is written, or none is."""
_VENDORED = frozenset({"node_modules", "site-packages", ".venv", "venv"})


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether a program would load an added file in place of a dependency."""
    del rules
    seen: list[Found] = []
    for change in subject.changes:
        if change.status == "A":
            seen += _doubles(subject, change.path)
            seen += _judge(subject, change.path)
        if change.status != "D" and change.path.endswith(".rs"):
            seen += _macros(subject, change.path)
    return weigh(
        "shadows", "protected", seen, fine="no dependency is shadowed", decides=False
    )


def _judge(subject: Subject, path: str) -> Iterator[Found]:
    parts = PurePosixPath(path).parts
    if _VENDORED & set(parts):
        yield found(
            "fail",
            "dependency-shadowed",
            "a dependency was put into the tree; it comes from the lock file",
            path=path,
        )
        return
    module = _module(parts)
    if not module:
        return
    if module in _RUNNERS:
        message = f"it would be loaded in place of {module}"
        yield found("fail", "dependency-shadowed", message, path=path)
    elif subject.action(path) is None and module in _declared(subject.old):
        message = f"it would be loaded in place of {module}, a dependency"
        yield found("fail", "dependency-shadowed", message, path=path)
    elif module in sys.stdlib_module_names and subject.action(path) is None:
        message = f"it would be loaded in place of the library's {module}"
        yield found("review", "dependency-shadowed", message, path=path)


def _declared(files: Snapshot) -> frozenset[str]:
    """Return the modules that base's Python manifests ask others for, as far as known.

    A distribution may bear another name than its module: PyYAML brings ``yaml``.
    """
    asked: set[str] = set()
    for path in sorted(files.paths):
        if path in _MANIFESTS:
            asked.update(_texts(tables.wanted(path, files.read(path) or b"")))
        elif _REQUIREMENTS.fullmatch(path):
            asked.update(files.text(path).splitlines())
    named = {_plain(m[0]) for text in asked if (m := _NAME.match(text))}
    own = _OWN.finditer(files.text("pyproject.toml"))
    named -= {_plain(m[1] or m[2]) for m in own}
    brought = _brought().items() if named else ()
    return frozenset(
        named | {module for module, by in brought if named & set(map(_plain, by))}
    )


@cache
def _brought() -> Mapping[str, list[str]]:
    """Return which distributions bring a module, of those beside us; it takes long."""
    from importlib import metadata

    return metadata.packages_distributions()


def _texts(table: object) -> Iterator[str]:
    """Return what stands in a table of dependencies, however it is written."""
    if isinstance(table, str):
        yield from table.splitlines()
    elif isinstance(table, dict):
        for key, value in table.items():
            yield key
            yield from _texts(value)
    elif isinstance(table, list):
        for item in table:
            yield from _texts(item)


def _plain(name: str) -> str:
    return re.sub(r"[-.]+", "_", name.lower())


def _doubles(subject: Subject, path: str) -> Iterator[Found]:
    """Say which file of base is no longer found: this one of its name comes first."""
    stem, ending = posixpath.splitext(path)
    hidden = {stem + other for other in _SCRIPTS - {ending} if ending in _SCRIPTS}
    if path.endswith(".java"):
        hidden.add(path.replace("src/test/", "src/main/", 1))
    hidden &= subject.old.paths & subject.new.paths
    if hidden and subject.action(path) is None:
        message = f"it would be loaded in place of {min(hidden)}, by tests too"
        yield found("review", "dependency-shadowed", message, path=path)


def _macros(subject: Subject, path: str) -> Iterator[Found]:
    """Say which of Rust's own assertions means something else from here on."""
    old = set(_ASSERTS.findall(subject.old.text(path)))
    new = set(_ASSERTS.findall(subject.new.text(path)))
    for name in sorted(new - old):
        message = f"{name}! would be taken for the language's own, by tests too"
        yield found("fail", "harness-tampered", message, path=path)


def _module(parts: tuple[str, ...]) -> str:
    """Return the top-level module that a Python file makes, if it makes one."""
    inner = parts[1:] if parts[0] in {"src", "tests", "test"} else parts
    if len(inner) == 1 and inner[0].endswith(".py"):
        return inner[0].removesuffix(".py")
    return inner[0] if inner and inner[-1] == "__init__.py" else ""
