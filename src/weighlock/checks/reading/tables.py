"""Compare the part of a shared file that decides how checks run, as data.

``pyproject.toml`` and ``package.json`` hold dependencies beside the settings of test
runners, linters and type checkers, and so do build files: what decides is protected.
"""

import configparser
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from weighlock.checks.reading import builds

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
_CARGO_TABLES = ("lints", "test", "bench", "profile", "patch", "replace")
_CARGO_TARGET = ("test", "doctest", "harness")
_MAY_COME = ("modules.", "include.", "workspace.members.")
"""What more of is no harm: the tests that were there still are."""
_RUNS_TESTS = re.compile(r"tool\.pytest|tool:pytest|jest$|vitest$|mocha$|ava$|tap$")
"""What makes a new file the configuration of tests that were there before."""

_UNREADABLE = (
    ValueError,
    RecursionError,
    TypeError,
    AttributeError,
    configparser.Error,
)
"""What reading a file raises that is no manifest, or one of unheard-of shape."""

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
    except _UNREADABLE:
        return None
    try:
        after = read(new)
    except _UNREADABLE:
        return "it can no longer be read"
    gained = {k for k in after.keys() - before.keys() if k.startswith(_MAY_COME)}
    keys = sorted((before.keys() | after.keys()) - gained)
    return next((k for k in keys if before.get(k) != after.get(k)), None)


def weakened(path: str, old: bytes, new: bytes) -> tuple[str, ...]:
    """Return the settings of Python's test runners that are gone or say otherwise.

    They are named to the last key: ``tool.pytest.ini_options.filterwarnings``.
    """
    read = {"pyproject.toml": _pyproject, "setup.cfg": _setup}
    reader = read.get(PurePosixPath(path).name)
    try:
        before = _deep(reader(old)) if reader else {}
        after = _deep(reader(new)) if reader else {}
    except _UNREADABLE:
        return ()
    keys = [k for k in sorted(before) if _RUNS_TESTS.match(k)]
    return tuple(k for k in keys if before[k] != after.get(k))


def _deep(table: Mapping[str, object], above: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= _deep(value, f"{above}{key}.")
        else:
            found[above + key] = value
    return found


def configures(path: str, data: bytes) -> str | None:
    """Return the key by which a new file decides how existing tests run, or None."""
    read = _READERS.get(PurePosixPath(path).name)
    try:
        keys = sorted(read(data)) if read else []
    except _UNREADABLE:
        return None
    return next((key for key in keys if _RUNS_TESTS.match(key)), None)


def wanted(path: str, data: bytes) -> object:
    """Return what a manifest says of dependencies; all of it when it is unreadable."""
    name = PurePosixPath(path).name
    try:
        if name == "package.json":
            return _about(json.loads(data))
        if name.endswith(".toml"):
            return _about(tomllib.loads(data.decode()))
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.read_string(data.decode())
        return _about({part: dict(parser[part]) for part in parser.sections()})
    except _UNREADABLE:
        return data


def _about(table: object) -> dict[str, object]:
    """Keep the keys that speak of dependencies, however deep they stand."""
    if not isinstance(table, dict):
        return {}
    found: dict[str, object] = {}
    for key, value in table.items():
        below = _about(value)
        if _DEPENDS.search(key):
            found[key] = value
        elif below:
            found[key] = below
    return found


_DEPENDS = re.compile(
    r"dependenc|requires|^(overrides|resolutions|workspaces?)$", re.IGNORECASE
)


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
    for kind in ("lib", "bin", "example"):
        told = document.get(kind, {})
        for target in told if isinstance(told, list) else [told]:
            name = kind if kind == "lib" else f"{kind}.{target.get('name')}"
            found |= {f"{name}.{k}": target[k] for k in _CARGO_TARGET if k in target}
    space = document.get("workspace", {})
    found |= {f"workspace.members.{m}": True for m in space.get("members", ())}
    spared = ("exclude", "default-members")
    found |= {f"workspace.{k}": space[k] for k in spared if k in space}
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
    "pom.xml": builds.maven,
    "build.gradle": builds.gradle,
    "build.gradle.kts": builds.gradle,
    "settings.gradle": builds.gradle,
    "settings.gradle.kts": builds.gradle,
    "go.mod": builds.go,
}


def added_scripts_only(old: bytes, new: bytes) -> bool:
    """Say whether package.json only gained scripts that run beside no other.

    ``pretest`` runs with ``test``; ``slugify`` is a script of its own.
    """
    try:
        before, after = _package(old), _package(new)
    except _UNREADABLE:
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
