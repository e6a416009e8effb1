"""vitest, by its JUnit reporter."""

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import Canary, Case, Output, Runner, numbered

_SUFFIX = re.compile(r"(\.(?:test|spec)\.[cm]?[jt]sx?)$")


def _recognises(words: Sequence[str]) -> bool:
    return any(PurePosixPath(word).name == "vitest" for word in words[:4])


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    kept = [w for w in words if w not in {"watch", "dev", "--watch", "-w"}]
    at = next(i for i, w in enumerate(kept) if PurePosixPath(w).name == "vitest") + 1
    rest = kept[at:]
    run = [] if rest[:1] == ["run"] else ["run"]
    options = ["--reporter=junit", f"--outputFile={report}", "--passWithNoTests=false"]
    return [*kept[:at], *run, *rest, *options]


def _read(output: Output) -> tuple[Case, ...] | None:
    found = junit.entries(output.report)
    if found is None:
        return None
    return numbered([_case(entry, output.tree) for entry in found])


def _case(entry: junit.Entry, tree: Path) -> Case:
    file = junit.relative(entry.classname or entry.file, tree)
    broken = entry.result != "passed" and entry.name == file
    return Case(
        id=file if broken else f"{file} > {entry.name}",
        result="error" if broken else entry.result,
        file=file,
        error=entry.kind,
        message=entry.message.splitlines()[0][:300] if entry.message else "",
        frame=junit.frame(entry.text, tree),
    )


def _canary(name: str, beside: str, product: Sequence[str]) -> Canary | None:
    suffix = _SUFFIX.search(beside)
    if suffix is None:
        return None
    folder = posixpath.dirname(beside)
    loads = [
        f"await import('./{posixpath.relpath(p, folder or '.')}').catch(() => 0);"
        for p in product
        if re.search(r"\.[cm]?[jt]sx?$", p)
    ]
    lines = ["import { expect, test } from 'vitest';", *loads]
    lines.append(f"test('{name}', () => {{ expect(1).toBe(2); }});")
    return Canary(
        name=name,
        path=posixpath.join(folder, f"{name}{suffix[1]}"),
        text="\n".join(lines) + "\n",
    )


RUNNER = Runner(
    name="vitest",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"No test files found|No test suite found",
    suffixes=(".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"),
)
