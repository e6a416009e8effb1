"""Tell from a path what a file is for: test, harness, configuration, document."""

import fnmatch
import re
from pathlib import PurePosixPath
from typing import Literal

from weighlock.syntax.language import TEST_FOLDERS, named_as_test

Role = Literal[
    "test",
    "fixture",
    "harness",
    "runner",
    "quality",
    "ci",
    "lock",
    "own",
    "document",
    "manifest",
    "product",
    "support",
]
"""harness: code that runs beside tests · runner: how they run · quality: lint, types.

own: weighlock's configuration · manifest: dependencies and tool tables in one file.
support: among the product, and works for tests; a path alone does not tell it.
"""

CODE = frozenset(
    [
        "py",
        "pyi",
        "js",
        "cjs",
        "mjs",
        "jsx",
        "ts",
        "cts",
        "mts",
        "tsx",
        "rs",
        "go",
        "java",
        "kt",
        "kts",
        "scala",
        "rb",
        "php",
        "cs",
        "c",
        "h",
        "cc",
        "cpp",
        "hpp",
        "swift",
        "sh",
        "bash",
        "vue",
        "svelte",
        "ex",
        "exs",
    ]
)
_FIXTURES = frozenset(
    {"fixtures", "__fixtures__", "testdata", "__snapshots__", "snapshots", "golden"}
)
_NAMES: tuple[tuple[Role, str], ...] = (
    (
        "harness",
        (
            "conftest.py sitecustomize.py usercustomize.py *.pth setupTests.* "
            "jest.setup.* vitest.setup.* test-setup.* build.rs "
            "*.egg-info/entry_points.txt *.dist-info/entry_points.txt"
        ),
    ),
    (
        "runner",
        (
            "pytest.ini .pytest.ini pytest.toml .pytest.toml "
            "tox.ini noxfile.py .coveragerc jest.config.* "
            "vitest.config.* vitest.workspace.* vite.config.* karma.conf.* "
            "playwright.config.* cypress.config.* .mocharc* .npmrc .yarnrc* .nycrc* "
            "babel.config.* .babelrc* .cargo/config .cargo/config.toml rust-toolchain* "
            "Makefile makefile GNUmakefile *.mk justfile Justfile .justfile "
            "Taskfile.y*ml "
            ".node-version .nvmrc .python-version "
            ".mvn/* mvnw mvnw.cmd gradlew gradlew.bat gradle/wrapper/* go.work "
            ".config/nextest.toml"
        ),
    ),
    (
        "quality",
        (
            ".eslintrc* eslint.config.* .eslintignore .prettierrc* prettier.config.* "
            ".prettierignore biome.json* .stylelintrc* ruff.toml .ruff.toml .flake8 "
            ".pylintrc mypy.ini .mypy.ini pyrightconfig.json .golangci.* clippy.toml "
            ".clippy.toml rustfmt.toml .rustfmt.toml tsconfig*.json jsconfig.json "
            "codecov.yml .codecov.yml sonar-project.properties deny.toml"
        ),
    ),
    (
        "ci",
        (
            ".github/workflows/* .github/actions/* .gitlab-ci.yml .circleci/* "
            "azure-pipelines.yml Jenkinsfile .travis.yml .buildkite/* .woodpecker* "
            ".pre-commit-config.yaml .husky/* lefthook.y*ml .githooks/* .ci/*"
        ),
    ),
    (
        "lock",
        (
            "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock* "
            "Cargo.lock poetry.lock uv.lock pdm.lock Pipfile.lock go.sum composer.lock "
            "Gemfile.lock requirements*.lock flake.lock deno.lock pylock*.toml"
        ),
    ),
    ("own", "weighlock.toml .weighlock/*"),
    (
        "manifest",
        (
            "pyproject.toml setup.cfg package.json Cargo.toml pom.xml go.mod "
            "build.gradle build.gradle.kts settings.gradle settings.gradle.kts"
        ),
    ),
)
_DOCUMENT = re.compile(
    r"\.(md|mdx|rst|txt|adoc|org|svg|png|jpe?g|gif|pdf|puml|mmd|drawio)$"
    r"|(^|/)(CHANGE(LOG|S)|HISTORY|NEWS|README|LICEN[CS]E|AUTHORS|NOTICE"
    r"|CONTRIBUTING|CODEOWNERS)[^/]*$",
    re.IGNORECASE,
)
_NOT_DOCUMENTS = re.compile(r"(^|/)(requirements|constraints|CMakeLists)[^/]*\.txt$")
_EMPTY_IS_FINE = frozenset(
    {"__init__.py", ".gitkeep", ".keep", "py.typed", ".nojekyll", ".gitignore"}
)


def role(path: str) -> Role:
    """Say what a file is for; what is nothing else is product."""
    pure = PurePosixPath(path)
    for name, globs in _NAMES:
        if any(_named(pure, glob) for glob in globs.split()):
            return name
    folders = {part.lower() for part in pure.parts[:-1]}
    if folders & _FIXTURES or pure.suffix in {".snap", ".golden"}:
        return "fixture"
    words = pure.suffix in {".md", ".mdx", ".rst", ".adoc"}
    if is_document(path) and (words or not folders & TEST_FOLDERS):
        return "document"
    code = pure.suffix.removeprefix(".") in CODE
    if code and (named_as_test(pure.name) or folders & TEST_FOLDERS):
        return "test"
    return "fixture" if folders & TEST_FOLDERS else "product"


def _named(path: PurePosixPath, glob: str) -> bool:
    if "/" in glob:
        return any(
            fnmatch.fnmatchcase("/".join(path.parts[i:]), glob)
            for i in range(len(path.parts))
        )
    return fnmatch.fnmatchcase(path.name, glob)


def runs_at_start(path: str) -> bool:
    """Say whether an interpreter runs a file of this name before any program."""
    name = PurePosixPath(path).name
    starts = name in {"sitecustomize.py", "usercustomize.py", "entry_points.txt"}
    return starts or name.endswith(".pth")


def is_document(path: str) -> bool:
    """Say whether a file is text or a picture for people."""
    return bool(_DOCUMENT.search(path)) and not _NOT_DOCUMENTS.search(path)


def is_test(path: str) -> bool:
    """Say whether a file holds tests."""
    return role(path) == "test"


def is_claim(path: str) -> bool:
    """Say whether a file only says that something is done: ``.completed/P05.md``."""
    return ".completed" in PurePosixPath(path).parts


def may_be_empty(path: str) -> bool:
    """Say whether an empty file of this name is what people mean to write."""
    return PurePosixPath(path).name in _EMPTY_IS_FINE


def is_concrete(path: str) -> bool:
    """Say whether a planned path can be looked up, and is no placeholder."""
    return bool(path.strip()) and not re.search(r"<[^>]*>|\.\.\.|\{[^,}]*\}|…", path)


def covers(planned: str, path: str) -> bool:
    """Say whether a planned path, folder or glob means this path."""
    planned = planned.removeprefix("./")
    if planned == path:
        return True
    if planned.endswith("/"):
        return path.startswith(planned)
    if any(char in planned for char in "*?["):
        return glob_matches(planned, path)
    return path.startswith(f"{planned}/")


def glob_matches(glob: str, path: str) -> bool:
    """Match a path: ``*`` stays inside one folder, ``**`` crosses them."""
    parts = re.split(r"(\*\*/?|\*|\?|\[[^\]]+\])", glob.removeprefix("./"))
    table = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pattern = "".join(
        table.get(p, p if p.startswith("[") and p.endswith("]") else re.escape(p))
        for p in parts
    )
    return re.fullmatch(pattern, path) is not None
