"""``node --test``, by its JUnit reporter."""

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import Canary, Case, Output, Runner, numbered

_CAUSE = re.compile(r"cause: \[?(\w*Error)\b|\bcause: '(test failed)'")


def _recognises(words: Sequence[str]) -> bool:
    return (
        bool(words) and PurePosixPath(words[0]).name == "node" and "--test" in words[1:]
    )


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    at = list(words).index("--test") + 1
    options = ["--test-reporter=junit", f"--test-reporter-destination={report}"]
    return [*words[:at], *options, *words[at:]]


def _read(output: Output) -> tuple[Case, ...] | None:
    found = junit.entries(output.report)
    if found is None:
        return None
    return numbered([_case(entry, output.tree) for entry in found])


def _case(entry: junit.Entry, tree: Path) -> Case:
    whole = entry.name.startswith("/")
    name = junit.relative(entry.name, tree)
    cause = _CAUSE.search(entry.text)
    broken = whole and entry.result == "failed"
    return Case(
        id=" > ".join([*entry.suites, name]),
        result="error" if broken else entry.result,
        file=name if whole else _file(entry, tree),
        error=(cause[1] or "LoadError") if cause else entry.kind,
        message=entry.message.splitlines()[0][:300] if entry.message else "",
        frame=junit.frame(entry.text, tree),
    )


def _file(entry: junit.Entry, tree: Path) -> str:
    """Return the test's file: told by newer versions, else the stack's outer end."""
    if entry.file:
        return junit.relative(entry.file, tree)
    own = junit.frames(entry.text, tree)
    return own[-1] if own else ""


def _canary(name: str, beside: str, product: Sequence[str]) -> Canary | None:
    """Load what changed first: it would have to forge the report from there."""
    folder = posixpath.dirname(beside)
    loads = [
        f"await import('./{posixpath.relpath(p, folder or '.')}').catch(() => 0);"
        for p in product
        if p.endswith((".js", ".mjs", ".cjs"))
    ]
    lines = ["import { test } from 'node:test';", *loads]
    lines.append(f"test('{name}', () => {{ throw new Error('{name}'); }});")
    return Canary(
        name=name,
        path=posixpath.join(folder, f"{name}.test.mjs"),
        text="\n".join(lines) + "\n",
    )


RUNNER = Runner(
    name="node --test",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"(?m)^(?:#|ℹ) tests 0$",
    suffixes=(".js", ".mjs", ".cjs"),
)
