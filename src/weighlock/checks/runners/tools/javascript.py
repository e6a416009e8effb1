"""JavaScript's runners: ``node --test`` and vitest by JUnit, jest by its JSON."""

import json
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    CASE_LIMIT,
    Beside,
    Canary,
    Case,
    Output,
    Result,
    Runner,
    before_dashes,
    few,
    first_line,
    numbered,
)

_CAUSE = re.compile(r"cause: \[?(\w*Error)\b|\bcause: '(test failed)'")
_SUFFIX = re.compile(r"(\.(?:test|spec)\.[cm]?[jt]sx?)$")
_SOURCE = re.compile(r"\.[cm]?[jt]sx?$")
_RAISED = re.compile(r"(\w*(?:Error|Exception))\b")
_WATCH = frozenset({"watch", "dev", "--watch", "-w", "--watchAll"})
_SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_ENDS: dict[object, Result] = {"passed": "passed", "failed": "failed"}


def _starts(name: str) -> Callable[[Sequence[str]], bool]:
    def recognises(words: Sequence[str]) -> bool:
        return any(PurePosixPath(word).name == name for word in words[:4])

    return recognises


def _entries(
    case: Callable[[junit.Entry, Path], Case],
) -> Callable[[Output], tuple[Case, ...] | None]:
    def read(output: Output) -> tuple[Case, ...] | None:
        found = junit.entries(output.report)
        if found is None:
            return None
        return numbered([case(entry, output.tree) for entry in found])

    return read


def _loads(beside: Beside, form: str) -> list[str]:
    """Load what changed first: it would have to forge the report from there."""
    folder = posixpath.dirname(beside.path) or "."
    own = [p for p in beside.product if _SOURCE.search(p)]
    return [form.replace("@", f"./{posixpath.relpath(p, folder)}") for p in own]


def _pattern(names: Sequence[str], start: str = "^") -> str:
    return f"{start}({'|'.join(map(re.escape, dict.fromkeys(names)))})$"


def _parts(name: str) -> list[str]:
    return re.sub(r"#\d+$", "", name).split(" > ")


def _files_and_titles(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Ask vitest or jest for ids: titles are joined by a space, files are searched."""
    parts = [_parts(name) for name in ids]
    files = dict.fromkeys(posixpath.basename(p[0]) for p in parts)
    if any(len(p) == 1 for p in parts):  # the whole file did not load
        return before_dashes(words, *files)
    return before_dashes(
        words, "-t", _pattern([" ".join(p[1:]) for p in parts]), *files
    )


# ---- node --test


def _is_node_test(words: Sequence[str]) -> bool:
    return (
        bool(words) and PurePosixPath(words[0]).name == "node" and "--test" in words[1:]
    )


def _node_options(words: Sequence[str], *options: str) -> list[str]:
    at = list(words).index("--test") + 1
    return [*words[:at], *options, *words[at:]]


def _node_reporting(words: Sequence[str], report: Path) -> list[str]:
    where = f"--test-reporter-destination={report}"
    return _node_options(words, "--test-reporter=junit", where)


def _node_only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    titles = [_parts(name)[-1] for name in ids]
    if any(_SOURCE.search(title) for title in titles):  # the whole file did not load
        return list(words)
    return _node_options(words, f"--test-name-pattern={_pattern(titles, '(^| )')}")


def _node_case(entry: junit.Entry, tree: Path) -> Case:
    whole = entry.name.startswith("/")
    name = junit.relative(entry.name, tree)
    cause = _CAUSE.search(entry.text)
    broken = whole and entry.result == "failed"
    return Case(
        id=" > ".join([*entry.suites, name]),
        result="error" if broken else entry.result,
        file=name if whole else _node_file(entry, tree),
        error=(cause[1] or "LoadError") if cause else entry.kind,
        message=first_line(entry.message),
        frame=junit.frame(entry.text, tree),
    )


def _node_file(entry: junit.Entry, tree: Path) -> str:
    """Return the test's file: told by newer versions, else the stack's outer end."""
    if entry.file:
        return junit.relative(entry.file, tree)
    own = junit.frames(entry.text, tree)
    return own[-1] if own else ""


def _node_canary(name: str, beside: Beside) -> Canary:
    lines = [
        "import { test } from 'node:test';",
        *_loads(beside, "await import('@').catch(() => 0);"),
        f"test('{name}', () => {{ throw new Error('{name}'); }});",
    ]
    folder = posixpath.dirname(beside.path)
    path = posixpath.join(folder, f"{name}.test.mjs")
    return Canary(name=name, path=path, text="\n".join(lines) + "\n")


# ---- vitest


def _vitest_reporting(words: Sequence[str], report: Path) -> list[str]:
    kept = [w for w in words if w not in _WATCH]
    at = next(i for i, w in enumerate(kept) if PurePosixPath(w).name == "vitest") + 1
    rest = kept[at:]
    run = [] if rest[:1] == ["run"] else ["run"]
    options = ["--reporter=junit", f"--outputFile={report}", "--passWithNoTests=false"]
    return before_dashes([*kept[:at], *run, *rest], *options, "--bail=0")


def _vitest_case(entry: junit.Entry, tree: Path) -> Case:
    file = junit.relative(entry.classname or entry.file, tree)
    broken = entry.result != "passed" and entry.name == file
    return Case(
        id=file if broken else f"{file} > {entry.name}",
        result="error" if broken else entry.result,
        file=file,
        error=entry.kind,
        message=first_line(entry.message),
        frame=junit.frame(entry.text, tree),
    )


def _vitest_canary(name: str, beside: Beside) -> Canary | None:
    lines = [
        "import { expect, test } from 'vitest';",
        *_loads(beside, "await import('@').catch(() => 0);"),
        f"test('{name}', () => {{ expect(1).toBe(2); }});",
    ]
    return _suffixed(name, beside, lines)


def _suffixed(name: str, beside: Beside, lines: Sequence[str]) -> Canary | None:
    suffix = _SUFFIX.search(beside.path)
    if suffix is None:
        return None
    folder = posixpath.dirname(beside.path)
    path = posixpath.join(folder, f"{name}{suffix[1]}")
    return Canary(name=name, path=path, text="\n".join(lines) + "\n")


# ---- jest


def _jest_reporting(words: Sequence[str], report: Path) -> list[str]:
    kept = [w for w in words if w not in _WATCH]
    return before_dashes(kept, "--ci", "--bail=0", "--json", f"--outputFile={report}")


def _jest_read(output: Output) -> tuple[Case, ...] | None:
    try:
        document = json.loads(output.report or b"")
        files = document["testResults"]
        if len(files) > CASE_LIMIT:
            return None
        cases = [c for file in files for c in _jest_file(file, output.tree)]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    return numbered(cases) if few(cases) else None


def _jest_file(told: dict[str, object], tree: Path) -> Iterator[Case]:
    file = junit.relative(str(told["name"]), tree)
    results = told["assertionResults"]
    if not isinstance(results, list):
        raise TypeError(file)
    if told["status"] == "failed" and not results:
        message = re.sub(r"^\s*●[^\n]*\n", "", str(told["message"]))
        yield Case(
            id=file,
            result="error",
            file=file,
            error="LoadError",
            message=first_line(message),
        )
    for result in results:
        yield _jest_case(result, file, tree)


def _jest_case(result: dict[str, object], file: str, tree: Path) -> Case:
    above, failures = result["ancestorTitles"], result.get("failureMessages") or []
    if not isinstance(above, list) or not isinstance(failures, list):
        raise TypeError(file)
    text = str(failures[0]) if failures else ""
    return Case(
        id=" > ".join([file, *map(str, above), str(result["title"])]),
        result=_ENDS.get(result["status"], "skipped"),
        file=file,
        error=_jest_error(text),
        message=first_line(text),
        frame=junit.frame(text, tree),
    )


def _jest_error(text: str) -> str:
    if re.match(r"(?:Error: )?expect\(", text):
        return "AssertionError"
    if re.match(r"(?:Error: )?Cannot find module", text):
        return "LoadError"
    raised = _RAISED.match(text)
    return raised[1] if raised else ("Error" if text else "")


def _jest_canary(name: str, beside: Beside) -> Canary | None:
    """Load inside the test: jest has a registry of modules for each file."""
    loads = _loads(beside, "try { require('@'); } catch {}")
    lines = [f"test('{name}', () => {{", *loads, "expect(1).toBe(2);", "});"]
    return _suffixed(name, beside, lines)


NODE = Runner(
    name="node --test",
    recognises=_is_node_test,
    reporting=_node_reporting,
    read=_entries(_node_case),
    canary=_node_canary,
    nothing_ran=r"(?m)^(?:#|ℹ) tests 0$",
    suffixes=(".js", ".mjs", ".cjs"),
    only=_node_only,
)
VITEST = Runner(
    name="vitest",
    recognises=_starts("vitest"),
    reporting=_vitest_reporting,
    read=_entries(_vitest_case),
    canary=_vitest_canary,
    nothing_ran=r"No test files found|No test suite found",
    suffixes=_SOURCES,
    only=_files_and_titles,
)
JEST = Runner(
    name="jest",
    recognises=_starts("jest"),
    reporting=_jest_reporting,
    read=_jest_read,
    canary=_jest_canary,
    nothing_ran=r"No tests found",
    suffixes=_SOURCES,
    only=_files_and_titles,
)
