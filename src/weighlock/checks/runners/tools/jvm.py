"""Maven's Surefire and Gradle: both leave one JUnit file for each test class."""

import functools
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    Beside,
    Canary,
    Case,
    Output,
    Runner,
    before_dashes,
    few,
    first_line,
    numbered,
)

_PHASES = frozenset({"test", "verify", "package", "install", "integration-test"})
_ASSERTION = re.compile(r"Assertion\w*Error|AssertionFailed|ComparisonFailure")
_FRAME = re.compile(r"^\s*at (?:[\w.$/@-]+/)?([\w.$]+)\.[\w$<>]+\((\w+\.\w+):\d+\)")
_LOADS = frozenset({"initializationError", "executionError", "classMethod"})
_SOURCES = (".java", ".kt", ".groovy", ".scala")
_REPOSITORY = ".m2/repository"
_IMPORTS = (
    ("org.junit.jupiter", "org.junit.jupiter.api.Test"),
    ("org.testng", "org.testng.annotations.Test"),
    ("org.junit", "org.junit.Test"),
)
"""What a test file speaks of → what its tests are marked with; the first that fits."""


def _starts(
    names: frozenset[str], tasks: Callable[[str], bool]
) -> Callable[[Sequence[str]], bool]:
    def recognises(words: Sequence[str]) -> bool:
        known = bool(words) and PurePosixPath(words[0]).name in names
        return known and any(tasks(word) for word in words[1:])

    return recognises


def _read(output: Output) -> tuple[Case, ...] | None:
    if output.done.timed_out or not output.left:
        return None
    cases: list[Case] = []
    for data in output.left:
        found = junit.entries(data)
        if found is None:
            return None
        cases += [_case(entry, output.tree) for entry in found]
        if not few(cases):
            return None
    return numbered(cases)


def _case(entry: junit.Entry, tree: Path) -> Case:
    name = entry.name.removesuffix("()")
    whole = not name or name == entry.classname or name in _LOADS
    red = entry.result in {"failed", "error"}
    asserted = _ASSERTION.search(entry.kind)
    return Case(
        id=f"{entry.classname}::{name}" if name else entry.classname,
        result=("error" if whole else "failed") if red else entry.result,
        file=_file(entry.classname, tree),
        error="AssertionError" if asserted else entry.kind.rpartition(".")[2],
        message=first_line(entry.message or entry.text),
        frame=_frame(entry.text, tree) if red else "",
    )


def _file(name: str, tree: Path) -> str:
    """Return the source of a class, wherever the project keeps its sources."""
    return _sources(tree).get(name.partition("$")[0].replace(".", "/"), "")


@functools.lru_cache(maxsize=4)
def _sources(tree: Path) -> Mapping[str, str]:
    """Return the source files of a tree by the path that their class has."""
    found: dict[str, str] = {}
    for module in ("", "*/", "*/*/"):
        for place in sorted(tree.glob(f"{module}src/*/*/")):
            for file in sorted(p for p in place.rglob("*") if p.suffix in _SOURCES):
                name = file.relative_to(place).with_suffix("").as_posix()
                found.setdefault(name, file.relative_to(tree).as_posix())
    return found


def _frame(text: str, tree: Path) -> str:
    for line in text.splitlines():
        at = _FRAME.match(line)
        own = _file(at[1], tree) if at else ""
        if own:
            return own
    return ""


def _canary(name: str, beside: Beside) -> Canary | None:
    mark = next((full for word, full in _IMPORTS if word in beside.text), None)
    if mark is None or not beside.path.endswith(".java"):
        return None
    package = re.search(r"^package ([\w.]+);", beside.text, re.MULTILINE)
    test = f"{name.title().replace('_', '')}Test"
    lines = [
        f"package {package[1]};" if package else "",
        f"public class {test} {{",
        f"    @{mark} public void fails() {{ throw new AssertionError(1); }}",
        "}",
    ]
    path = posixpath.join(posixpath.dirname(beside.path), f"{test}.java")
    return Canary(name=test, path=path, text="\n".join(lines) + "\n")


def _classes(ids: Sequence[str]) -> dict[str, list[str]]:
    """Group ids by class; the parameters of a test are no part of its name."""
    found: dict[str, list[str]] = {}
    for name in ids:
        owner, _, test = name.partition("::")
        bare = re.match(r"\w+", test)
        found.setdefault(owner, []).append(bare[0] if bare else "*")
    return found


def _maven_reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    more = [
        "-B",
        "-fae",
        "-Dsurefire.skipAfterFailureCount=0",
        "-DtrimStackTrace=false",
    ]
    own = Path.home() / _REPOSITORY
    if own.is_dir():
        more.append(f"-Dmaven.repo.local={own}")
    return before_dashes(words, *more)


def _maven_only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    asked = [f"{c}#{'+'.join(dict.fromkeys(t))}" for c, t in _classes(ids).items()]
    more = (f"-Dtest={','.join(asked)}", "-Dsurefire.failIfNoSpecifiedTests=false")
    return before_dashes(words, *more)


def _gradle_reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    return [*words, "--continue", "--console=plain", "--no-daemon", "--no-build-cache"]


def _gradle_only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    asked = [
        part
        for owner, tests in _classes(ids).items()
        for test in dict.fromkeys(tests)
        for part in ("--tests", f"{owner}.{test}")
    ]
    return [*words, *asked]


MAVEN = Runner(
    name="Maven Surefire",
    recognises=_starts(frozenset({"mvn", "mvnw", "mvnd"}), _PHASES.__contains__),
    reporting=_maven_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=(
        r"(?s)\A(?!.*Tests run: [1-9]).*(?:No tests to run|No tests were executed)"
    ),
    suffixes=_SOURCES,
    broken=r"COMPILATION ERROR",
    builds=True,
    only=_maven_only,
    reads=(_REPOSITORY,),
    leaves=(
        "**/target/surefire-reports/TEST-*.xml",
        "**/target/failsafe-reports/TEST-*.xml",
    ),
)
GRADLE = Runner(
    name="Gradle",
    recognises=_starts(
        frozenset({"gradle", "gradlew"}),
        lambda word: (
            re.search(r"^:?(?:[\w:-]+:)?(?:test|check|build)$", word) is not None
        ),
    ),
    reporting=_gradle_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=(
        r"(?ms)\A(?!.*^> Task :[\w:.-]*test(?: UP-TO-DATE| FROM-CACHE)?\s*$)"
        r".*> Task :[\w:.-]*test NO-SOURCE|No tests found for given includes"
    ),
    suffixes=_SOURCES,
    broken=r"> Compilation failed|Compilation error\. See log",
    builds=True,
    only=_gradle_only,
    leaves=("**/build/test-results/**/TEST-*.xml",),
)
