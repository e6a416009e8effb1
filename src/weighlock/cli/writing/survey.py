"""A repository at HEAD → what a plan must know of it."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from weighlock.checks.reading import paths as roles
from weighlock.checks.runners.call import Call, detect, has_tests
from weighlock.checks.runners.tools import pytest
from weighlock.checks.subject import Snapshot
from weighlock.config import GateSettings
from weighlock.git import Git
from weighlock.plan.write.project import LANGUAGES, Project

_SUFFIXES = {
    "py": "python",
    **dict.fromkeys(("js", "mjs", "cjs", "jsx"), "javascript"),
    **dict.fromkeys(("ts", "mts", "cts", "tsx"), "typescript"),
    "rs": "rust",
    "go": "go",
    "java": "java",
}
_MANIFESTS = (
    ("Cargo.toml", "rust"),
    ("go.mod", "go"),
    ("pom.xml", "java"),
    ("tsconfig.json", "typescript"),
    ("package.json", "javascript"),
    ("pyproject.toml", "python"),
    ("setup.py", "python"),
)
_ONE = {
    "pytest": "{start} {{path}}",
    "unittest": "python3 -m unittest {{path}}",
    "node": "node --test {{path}}",
    "vitest": "npx vitest run {{path}}",
    "jest": "npx jest {{path}}",
    "cargo": "cargo test --test {{name}}",
    "go": "go test ./{{folder}}/...",
}
"""How one test file is started, by the name of the runner."""


def survey(root: Path, gate: GateSettings) -> Project:
    """Look at the files of HEAD, or at nothing where there is no commit yet."""
    git = Git(root)
    head = git.resolve("HEAD")
    if head is None:
        return Project()
    files = Snapshot(git, head)
    language = language_of(files.paths)
    calls = detect(files, gate.test)
    tests = [p for p in files.paths if roles.is_test(p) and _is(p, language)]
    product = [
        p for p in files.paths if roles.role(p) == "product" and _is(p, language)
    ]
    suite = gate.test or " && ".join(c.text for c in calls) or _usual(language, files)
    return Project(
        language=language,
        source=_home(product),
        tests=_home(tests) if tests else _beside(language, product),
        test_name=_test_name(tests),
        suite=suite,
        one=_one(calls, suite),
        sound=_sound(language, files.paths),
        beside=tuple(p for p in ("src/lib.rs",) if p in files.paths),
        tested=any(has_tests(c, files) for c in calls),
        paths=files.paths,
    )


def language_of(paths: Iterable[str]) -> str | None:
    """Return the language that most product files are in, else that of a manifest."""
    there = frozenset(paths)
    counted = Counter(
        _SUFFIXES[end]
        for path in there
        if (end := path.rpartition(".")[2]) in _SUFFIXES
        and roles.role(path) in {"product", "test"}
        and posixpath.basename(path) != "setup.py"
    )
    if counted:
        return max(sorted(counted), key=lambda name: counted[name])
    return next((name for file, name in _MANIFESTS if file in there), None)


def _is(path: str, language: str | None) -> bool:
    name = posixpath.basename(path)
    return _SUFFIXES.get(path.rpartition(".")[2]) == language and name != "setup.py"


def _home(files: Sequence[str]) -> str:
    """Return the folder where new files go: the highest that holds most of them.

    It goes down as long as one folder below holds more than half and the folder itself
    holds none.
    """
    home = ""
    while True:
        below = [p[len(home) :].lstrip("/") for p in files if _inside(p, home)]
        steps = Counter(p.split("/", 1)[0] for p in below if "/" in p)
        best = max(sorted(steps), key=lambda name: steps[name], default=None)
        here = sum("/" not in p for p in below)
        if best is None or here or steps[best] * 2 <= len(below):
            return home
        home = posixpath.join(home, best)


def _inside(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _beside(language: str | None, product: Sequence[str]) -> str | None:
    """Return the folder of tests where there are none; None: the language's way."""
    if language == "java":
        return _home(product).replace("src/main/", "src/test/", 1) or "src/test/java"
    return None


def _test_name(tests: Sequence[str]) -> str:
    """Return how most test files are named, where that is a known way."""
    ways = Counter(
        found[1]
        for path in tests
        if (found := re.search(r"([._-](?:test|spec)\.[cm]?[jt]sx?)\Z", path))
    )
    return f"{{kebab}}{ways.most_common(1)[0][0]}" if ways else ""


def _usual(language: str | None, files: Snapshot) -> str:
    """Return how tests are started where there are none yet."""
    if language == "python":
        return "pytest" if pytest.is_installed() else "python3 -m unittest"
    if language == "go":
        return "go test ./..."
    if language == "java":
        return "mvn -q test" if "pom.xml" in files.paths else ""
    return "node --test" if language == "javascript" else ""


def _one(calls: Sequence[Call], suite: str) -> str:
    named = [c.runner.name for c in calls if c.runner]
    if len(calls) > 1:
        return ""
    start = suite.split(maxsplit=1)[0] if suite else ""
    name = named[0] if named else {"pytest": "pytest", "go": "go"}.get(start, "")
    if suite.startswith("python3 -m unittest"):
        name = "unittest"
    elif suite == "node --test":
        name = "node"
    plain = re.fullmatch(
        r"(?:(?:python3?|uv run|poetry run)\s+(?:-m\s+)?)?pytest", suite
    )
    return _ONE.get(name, "").format(start=suite if plain else "pytest")


def _sound(language: str | None, there: frozenset[str]) -> str:
    """Return what shows that a product file compiles or loads."""
    if language == "python":
        return "python3 -m py_compile {path}"
    if language == "javascript":
        return "node --check {path}"
    if language == "typescript":
        return "npx tsc --noEmit" if "tsconfig.json" in there else ""
    if language == "rust":
        return "cargo check --all-targets"
    if language == "go":
        return "go vet ./..."
    return "mvn -q compile" if "pom.xml" in there else ""


KNOWN = tuple(LANGUAGES)
