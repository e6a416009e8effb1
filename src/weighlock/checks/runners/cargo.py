"""``cargo test``, by what it prints: it has no report of its own."""

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners.runner import (
    Canary,
    Case,
    Output,
    Result,
    Runner,
    numbered,
)

_SUITE = re.compile(r"^\s*(?:Running (?:unittests )?(\S+)|Doc-tests (\S+))")
_TEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)")
_PANIC = re.compile(
    r"^---- (?P<name>.+?) stdout ----\n(?P<text>.*?)(?=^---- |^failures:|\Z)",
    re.MULTILINE | re.DOTALL,
)
_AT = re.compile(r"panicked at (?:'.*?', )?(\S+?):\d+:\d+")
_ENDS: dict[str, Result] = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}


def _recognises(words: Sequence[str]) -> bool:
    rest = [w for w in words[1:] if not w.startswith("+")]
    return (
        bool(words)
        and PurePosixPath(words[0]).name == "cargo"
        and (rest[:1] in (["test"], ["t"]))
    )


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    at = list(words).index("--") if "--" in words else len(words)
    return [*words[:at], "--no-fail-fast", "--color=never", *words[at:]]


def _read(output: Output) -> tuple[Case, ...] | None:
    done = output.done
    text = done.stdout.decode(errors="replace")
    if done.timed_out or not re.search(r"^running \d+ tests?$", text, re.MULTILINE):
        return None
    names = [
        (found[1] or found[2])
        for line in done.stderr.decode(errors="replace").splitlines()
        if (found := _SUITE.match(line))
    ]
    return numbered(_cases(text, names))


def _cases(text: str, names: list[str]) -> list[Case]:
    """Read suite by suite: headings go to stderr, results to stdout, in one order."""
    told = {found["name"]: found["text"] for found in _PANIC.finditer(text)}
    suite, index, cases = "", 0, []
    for line in text.splitlines():
        if re.fullmatch(r"running \d+ tests?", line):
            suite = names[index] if index < len(names) else ""
            index += 1
        elif found := _TEST.match(line):
            cases.append(_case(found[1], _ENDS[found[2]], suite, told))
    return cases


def _case(name: str, result: Result, suite: str, told: dict[str, str]) -> Case:
    text = told.get(name, "")
    at = _AT.search(text)
    lines = [line for line in text.strip().splitlines() if line]
    asserted = "assertion" in text or "did not panic" in text
    return Case(
        id=f"{suite}::{name}" if suite else name,
        result=result,
        file=suite if suite.endswith(".rs") else "",
        error="AssertionError" if asserted else ("panic" if text else ""),
        message=" ".join(lines[:2])[:300],
        frame=at[1] if at else "",
    )


def _canary(name: str, beside: str, product: Sequence[str]) -> Canary | None:
    del product
    crate = beside.partition("tests/")[0] if "tests/" in beside else ""
    if not crate and "src/" in beside:
        crate = beside.partition("src/")[0]
    return Canary(
        name=name,
        path=posixpath.join(crate, f"tests/{name}.rs"),
        text=f"#[test]\nfn {name}() {{\n    assert_eq!(1, 2);\n}}\n",
    )


def _only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    names = [name.partition("::")[2] or name for name in ids]
    at = list(words).index("--") if "--" in words else len(words)
    return [*words[:at], "--", *words[at + 1 :], "--exact", *names]


RUNNER = Runner(
    name="cargo test",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"(?s)\A(?!.*running [1-9]).*running 0 tests",
    suffixes=(".rs",),
    broken=r"error: could not compile|^error\[E\d+\]",
    only=_only,
)
