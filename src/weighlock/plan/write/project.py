"""What a repository is like, as far as a plan must know: folders, names, tests."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a language names its files and how its code is shown to be sound.

    ``{snake}``, ``{kebab}`` and ``{pascal}`` stand for a component's name.
    """

    product: str
    test: str
    tests: str
    """The folder of tests where a project has none yet; empty: beside the product."""
    fence: str
    comment: str
    """Opens a line of comment."""
    stub: str
    """What a stub does, in a few words."""


LANGUAGES: Mapping[str, Language] = {
    "python": Language(
        product="{snake}.py",
        test="test_{snake}.py",
        tests="tests",
        fence="python",
        comment="#",
        stub="raises NotImplementedError",
    ),
    "javascript": Language(
        product="{kebab}.js",
        test="{kebab}.test.js",
        tests="test",
        fence="javascript",
        comment="//",
        stub="throws new Error('not implemented')",
    ),
    "typescript": Language(
        product="{kebab}.ts",
        test="{kebab}.test.ts",
        tests="test",
        fence="typescript",
        comment="//",
        stub="throws new Error('not implemented')",
    ),
    "rust": Language(
        product="{snake}.rs",
        test="{snake}.rs",
        tests="tests",
        fence="rust",
        comment="//",
        stub="calls todo!()",
    ),
    "go": Language(
        product="{snake}.go",
        test="{snake}_test.go",
        tests="",
        fence="go",
        comment="//",
        stub='panics with "not implemented"',
    ),
    "java": Language(
        product="{pascal}.java",
        test="{pascal}Test.java",
        tests="",
        fence="java",
        comment="//",
        stub="throws UnsupportedOperationException",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A repository as a plan sees it; the default knows nothing."""

    language: str | None = None
    source: str = ""
    """The folder that new product files go to; empty is the root."""
    tests: str | None = None
    """The folder that new test files go to; None: the language's own way."""
    test_name: str = ""
    """How test files are named here, where that differs from the language's way."""
    suite: str = ""
    """How all tests are started; empty when nobody knows."""
    one: str = ""
    """How one test file is started, ``{test}`` for its path; empty: as the suite."""
    sound: str = ""
    """Shows that ``{product}`` compiles or loads; empty when nothing does."""
    beside: tuple[str, ...] = ()
    """Files that have to name every new product file: ``src/lib.rs``."""
    tested: bool = False
    """Whether there are tests to keep green."""
    paths: frozenset[str] = frozenset()
    """Every path there is."""

    @property
    def ways(self) -> Language | None:
        """Return the ways of its language, if it is known."""
        return LANGUAGES.get(self.language or "")

    def product_path(self, name: str) -> str | None:
        """Return where a component's code goes, or None when nobody can say."""
        if self.ways is None:
            return None
        return posixpath.join(self.source, spelled(self.ways.product, name))

    def test_path(self, name: str) -> str | None:
        """Return where a component's tests go, or None when nobody can say."""
        if self.ways is None:
            return None
        folder = self.tests
        if folder is None:
            folder = self.ways.tests or self.source
        return posixpath.join(folder, spelled(self.test_name or self.ways.test, name))


def words(name: str) -> list[str]:
    """Return the words of a name, lower case, letters and digits of ASCII only."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.findall(r"[a-z0-9]+", split.lower())


def kebab(name: str) -> str:
    """Return a name as file names have it: ``word-count``; may be empty."""
    return "-".join(words(name))


def spelled(pattern: str, name: str) -> str:
    """Fill a pattern of file names with a component's name."""
    parts = words(name) or ["part"]
    if parts[0][0].isdigit():
        parts = ["n", *parts]
    return (
        pattern.replace("{snake}", "_".join(parts))
        .replace("{kebab}", "-".join(parts))
        .replace("{pascal}", "".join(p.capitalize() for p in parts))
    )
