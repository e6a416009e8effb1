"""Layer 7: added lines that accuse. They send to a person and never fail a phase."""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.markers import numbered
from weighlock.checks.reading import language, paths
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence

_AROUND = (
    r"(?:\bprocess\.(?:env|argv|execArgv|title)|\bimport\.meta|\bglobalThis"
    r"|\bos\.(?:Args|Getenv|LookupEnv|environ|getenv)|\bsys\.(?:argv|modules)"
    r"|\benv::(?:vars?|args)|\bcurrent_exe|\bSystem\.get(?:env|Property)"
    r"|[sS]tackTrace|StackWalker)"
)
"""Where a program looks to learn who has started it."""
_RUNNER = r"(?:vitest|jest|mocha|pytest|junit|surefire|\.test['\"`])"

_RULES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "env-gate",
        "the product asks whether it is being tested",
        re.compile(
            r"PYTEST_\w+|sys\.modules\b[^\n]*(?:py\.?test|unittest)"
            r"|['\"](?:_?pytest|unittest|hypothesis)['\"]\s+(?:not\s+)?in\s+sys"
            r"|JEST_WORKER_ID|process\.env\.VITEST|import\.meta\.vitest"
            r"|(?:NODE_ENV|MODE)\W{1,8}test\b|NODE_TEST_CONTEXT|CARGO_TARGET_TMPDIR"
            r"|startswith\(['\"]PYT|sys\._getframe|inspect\.(stack|currentframe)"
            r"|cfg!\([^)]*\b(test|debug_assertions)\b|#\[cfg\(not\(test\)"
            r"|testing\.Testing\(|flag\.Lookup\(\"test\."
            r"|\.stack\??\.(?:includes|indexOf|match|search)\("
            rf"|{_AROUND}[^\n]*{_RUNNER}|{_RUNNER}[^\n]*{_AROUND}"
        ),
    ),
    (
        "env-gate",
        "the product asks whether a certain day has come",
        re.compile(
            r"(\btime\.time\(\)|Date\.now\(\)|\b(?:now|utcnow|today)\([^)\n]*\)|time\.Now"
            r"|SystemTime::now)[^\n]*?[<>]=?\s*([\w.]*\(?['\"]?20\d\d\b|1\d{9})"
        ),
    ),
    (
        "suppression-added",
        "a rule of the checkers is switched off here",
        re.compile(
            r"eslint-disable|@ts-(ignore|nocheck|expect-error)|\bas any\b|#\s*noqa"
            r"|#\s*type:\s*ignore|#\s*pylint:\s*disable|#\s*pyright:\s*ignore"
            r"|#!?\[allow\(|//\s*nolint|@SuppressWarnings|pragma:\s*no cover"
            r"|istanbul ignore|c8 ignore|v8 ignore|biome-ignore|prettier-ignore"
        ),
    ),
    (
        "report-forged",
        "the product reaches into a test runner",
        re.compile(r"_pytest\b|junitxml|TestReport\b|node:internal/test"),
    ),
)


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether a line that was added to the product is one to look at."""
    del rules
    seen = [
        f
        for change in subject.work()
        if change.status != "D" and _is_product(change.path)
        for f in _lines(subject, change.path)
    ]
    fine = "no added line switches checks off or looks for the tests"
    return weigh("smells", "smell", seen, fine=fine, decides=False)


def _is_product(path: str) -> bool:
    return language.is_program(path) and paths.role(path) == "product"


_QUOTED = re.compile(r"[\"'`]([\w./*-]*test[\w./*-]*)[\"'`]")
_ANY = re.compile(r"\*?[._-]?tests?[._-]?\*?(?:\.\w+)*|conftest\.py")
"""Names that fit the tests of any project: a runner or a linter may look for them."""


def _test_named(text: str, tests: Iterable[str]) -> str | None:
    """Return a test of this very repository that a literal of a line means."""
    for literal in _QUOTED.findall(text):
        name = literal.rpartition("/")[2]
        if "." in name and not _ANY.fullmatch(name):
            for test in tests:
                if fnmatch.fnmatchcase(test, name):
                    return test
    return None


def _lines(subject: Subject, path: str) -> Iterator[Found]:
    tests = {PurePosixPath(p).name for p in subject.old.paths if paths.is_test(p)}
    for line, text in numbered(subject, path):
        if named := _test_named(text, tests):
            message = f"the product names {named}, a test"
            yield found("review", "env-gate", message, path=path, line=line)
        for code, message, pattern in _RULES:
            smell = pattern.search(text)
            if smell and not _was_there(subject, text):
                mild = code == "suppression-added"
                asked = mild and _is_asked(subject, path, smell[0])
                weight: Weight = "note" if asked else "review"
                yield found(weight, code, message, path=path, line=line)


def _was_there(subject: Subject, text: str) -> bool:
    """Say whether a line only moved: it stood in a file that changed or is gone."""
    return any(
        text.strip() in map(str.strip, subject.old.text(change.path).splitlines())
        for change in subject.work()
        if change.status != "A" and _is_product(change.path)
    )


def _is_asked(subject: Subject, path: str, smell: str) -> bool:
    """Say whether the plan asks for these words in this file."""
    word, name = smell.strip("#/ ").lower(), path.rpartition("/")[2].lower()
    return any(
        word in line and name in line and not _FORBIDS.search(line)
        for line in subject.phase.text.lower().splitlines()
    )


_FORBIDS = re.compile(
    r"\b(?:no|not|never|without|avoid|zero|forbid\w*|remov\w*)\b(?!-)|n't"
)
