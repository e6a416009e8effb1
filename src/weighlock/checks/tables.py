"""Compare the part of a shared file that decides how checks run, as data.

``pyproject.toml`` and ``package.json`` hold dependencies beside the settings of test
runners, linters and type checkers: only the settings are protected.
"""

import configparser
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

_PYTHON_TOOLS = frozenset(
    [
        "pytest",
        "coverage",
        "mypy",
        "pyright",
        "basedpyright",
        "ruff",
        "pylint",
        "flake8",
        "black",
        "isort",
        "tox",
        "nox",
        "hatch",
        "poe",
        "taskipy",
        "weighlock",
        "bandit",
        "interrogate",
        "vulture",
        "pdm",
        "ty",
    ]
)
_NODE_KEYS = frozenset(
    [
        "jest",
        "vitest",
        "mocha",
        "ava",
        "tap",
        "c8",
        "nyc",
        "eslintConfig",
        "eslintIgnore",
        "prettier",
        "stylelint",
        "babel",
        "lint-staged",
        "husky",
        "wireit",
        "standard",
        "xo",
    ]
)
_SETUP_SECTIONS = ("tool:pytest", "mypy", "flake8", "coverage", "tox", "pylint")
_CARGO_TABLES = ("lints", "test", "bench", "profile")

Table = Mapping[str, object]


def differs(path: str, old: bytes, new: bytes) -> str | None:
    """Return the first protected key that is not the same, or None.

    A file that cannot be read any more differs as a whole.
    """
    read = _READERS.get(PurePosixPath(path).name)
    if read is None:
        return None
    try:
        before = read(old)
    except (ValueError, RecursionError, configparser.Error):
        return None
    try:
        after = read(new)
    except (ValueError, RecursionError, configparser.Error):
        return "it can no longer be read"
    keys = sorted(before.keys() | after.keys())
    return next((k for k in keys if before.get(k) != after.get(k)), None)


def is_shared(path: str) -> bool:
    """Say whether only some tables of this file are protected."""
    return PurePosixPath(path).name in _READERS


def _pyproject(data: bytes) -> Table:
    document = tomllib.loads(data.decode())
    tools = document.get("tool", {})
    found = {f"tool.{k}": v for k, v in tools.items() if k in _PYTHON_TOOLS}
    return {**found, "build-system": document.get("build-system")}


def _package(data: bytes) -> Table:
    document = json.loads(data)
    if not isinstance(document, dict):
        raise TypeError("package.json is no object")
    found = {k: v for k, v in document.items() if k in _NODE_KEYS}
    scripts = document.get("scripts")
    for name, text in (scripts if isinstance(scripts, dict) else {}).items():
        found[f"scripts.{name}"] = text
    return found


def _cargo(data: bytes) -> Table:
    document = tomllib.loads(data.decode())
    found = {k: document[k] for k in _CARGO_TABLES if k in document}
    library = document.get("lib", {})
    keys = ("test", "doctest", "harness")
    found |= {f"lib.{k}": library[k] for k in keys if k in library}
    package = document.get("package", {})
    keys = ("autotests", "build", "autobins")
    return found | {f"package.{k}": package[k] for k in keys if k in package}


def _setup(data: bytes) -> Table:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.read_string(data.decode())
    return {
        name: dict(parser[name])
        for name in parser.sections()
        if name.startswith(_SETUP_SECTIONS)
    }


_READERS: Mapping[str, Callable[[bytes], Table]] = {
    "pyproject.toml": _pyproject,
    "package.json": _package,
    "Cargo.toml": _cargo,
    "setup.cfg": _setup,
}


def added_scripts_only(old: bytes, new: bytes) -> bool:
    """Say whether package.json only gained scripts that run beside no other.

    ``pretest`` runs with ``test``; ``slugify`` is a script of its own.
    """
    try:
        before, after = _package(old), _package(new)
    except (ValueError, RecursionError, TypeError):
        return False
    gained = after.keys() - before.keys()
    same = all(after.get(k) == v for k, v in before.items())
    names = {k.removeprefix("scripts.") for k in before}
    return same and all(
        k.startswith("scripts.") and not _hooks(k.removeprefix("scripts."), names)
        for k in gained
    )


def _hooks(name: str, names: set[str]) -> bool:
    return any(
        name.startswith(prefix)
        and (name.removeprefix(prefix) in names or name.removeprefix(prefix) in _CORE)
        for prefix in ("pre", "post")
    )


_CORE = frozenset({"test", "install", "build", "pack", "prepare", "start", ""})
