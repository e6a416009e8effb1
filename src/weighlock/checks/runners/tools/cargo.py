"""``cargo test``, by what it prints, and ``cargo nextest``, by its JUnit report."""

import posixpath
import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    Beside,
    Canary,
    Case,
    Output,
    Result,
    Runner,
    before_dashes,
    few,
    numbered,
    text_of,
)

_SUITE = re.compile(
    r"^\s*(?:Running (?:unittests )?(\S+) \(\S*?([\w-]+)-\w+(?:\.exe)?\)"
    r"|Doc-tests (\S+))"
)
_TEST = re.compile(r"^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)")
_PANIC = re.compile(
    r"^---- (?P<name>.+?) stdout ----\n(?P<text>.*?)(?=^---- |^failures:|\Z)",
    re.MULTILINE | re.DOTALL,
)
_AT = re.compile(r"panicked at (?:'.*?', )?(\S+?):\d+:\d+")
_SUITES = 2000
"""Test programs of one run; more are not cargo's words."""
_ENDS: dict[str, Result] = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}
_BROKEN = r"error: could not compile|^error\[E\d+\]"
_MARKS = r"#\[(?:\w+::)*(?:test|rstest|quickcheck)\b"
_NEXTEST = "[profile.default]\nfail-fast = false\n[profile.default.junit]\npath = '@'\n"


def _starts(*verbs: str) -> Callable[[Sequence[str]], bool]:
    def recognises(words: Sequence[str]) -> bool:
        rest = [w for w in words[1:] if not w.startswith("+")]
        known = bool(words) and PurePosixPath(words[0]).name == "cargo"
        return known and rest[:1] in [[verb] for verb in verbs]

    return recognises


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    return before_dashes(words, "--no-fail-fast", "--color=never")


def _read(output: Output) -> tuple[Case, ...] | None:
    done = output.done
    text = done.stdout.decode(errors="replace")
    if done.timed_out or not re.search(r"^running \d+ tests?$", text, re.MULTILINE):
        return None
    lines = done.stderr.decode(errors="replace").splitlines()
    suites = [found for line in lines if (found := _SUITE.match(line))]
    if len(suites) > _SUITES:
        return None
    names = [_suite(found, output.tree) for found in suites]
    cases = _cases(text, names)
    return numbered(cases) if few(cases) else None


def _suite(found: re.Match[str], tree: Path) -> str:
    """Return a suite's file; cargo names it from the crate's folder, not from ours."""
    name = found[1] or found[3]
    places = _places(tree, name) if found[1] else []
    if len(places) > 1:
        places = [p for p in places if _crate(tree / p) == found[2].replace("-", "_")]
    return posixpath.join(places[0], name) if len(places) == 1 else name


def _places(tree: Path, name: str) -> list[str]:
    """Return the folders of crates that have such a file."""
    folders = (tree, *tree.glob("*/"), *tree.glob("*/*/"))
    return [
        "" if folder == tree else folder.relative_to(tree).as_posix()
        for folder in folders
        if (folder / name).is_file() and (folder / "Cargo.toml").is_file()
    ]


def _crate(folder: Path) -> str:
    text = text_of(folder / "Cargo.toml")
    named = re.search(r'^name\s*=\s*"([^"]+)"', text, re.MULTILINE)
    return named[1].replace("-", "_") if named else ""


def _cases(text: str, names: Sequence[str]) -> list[Case]:
    """Read suite by suite: headings go to stderr, results to stdout, in one order."""
    parts = re.split(r"^running \d+ tests?$", text, flags=re.MULTILINE)[1:]
    named = zip(parts, [*names, *[""] * len(parts)], strict=False)
    return [case for part, name in named for case in _run(part, name)]


def _run(part: str, suite: str) -> list[Case]:
    """Read one suite.

    It runs each test once: of one that is said to end twice the worse is true.
    """
    told = {found["name"]: found["text"] for found in _PANIC.finditer(part)}
    ends: dict[str, Result] = {}
    for found in filter(None, map(_TEST.match, part.splitlines())):
        now = _ENDS[found[2]]
        was = ends.get(found[1], now)
        ends[found[1]] = now if was in {now, "passed"} else was
    return [_case(name, result, suite, told) for name, result in ends.items()]


def _case(name: str, result: Result, suite: str, told: dict[str, str]) -> Case:
    text = told.get(name, "")
    return Case(
        id=f"{suite}::{name}" if suite else name,
        result=result,
        file=suite if suite.endswith(".rs") else "",
        error=_error(text),
        message=_message(text),
        frame=_frame(text),
    )


def _error(text: str) -> str:
    if "assertion" in text or "did not panic" in text:
        return "AssertionError"
    return "panic" if text else ""


def _message(text: str) -> str:
    return " ".join([line for line in text.strip().splitlines() if line][:2])[:300]


def _frame(text: str) -> str:
    at = _AT.search(text)
    return at[1] if at else ""


def _read_nextest(output: Output) -> tuple[Case, ...] | None:
    found = junit.entries(output.report)
    if found is None:
        return None
    return numbered([_entry(entry, output.tree) for entry in found])


def _entry(entry: junit.Entry, tree: Path) -> Case:
    crate, _, binary = entry.classname.partition("::")
    file = f"tests/{binary}.rs"
    places = _places(tree, file) if binary else []
    if len(places) > 1:
        places = [p for p in places if _crate(tree / p) == crate.replace("-", "_")]
    return Case(
        id=f"{entry.classname}::{entry.name}",
        result=entry.result,
        file=posixpath.join(places[0], file) if len(places) == 1 else "",
        error=_error(entry.text),
        message=_message(entry.text),
        frame=_frame(entry.text),
    )


def _canary(name: str, beside: Beside) -> Canary:
    """Add a test of the crate's own, which is a program of its own."""
    crate = re.match(r"(.*?)(?:tests|src|benches|examples)/", beside.path)
    return Canary(
        name=name,
        path=posixpath.join(crate[1] if crate else "", f"tests/{name}.rs"),
        text=f"#[test]\nfn {name}() {{\n    assert_eq!(1, 2);\n}}\n",
    )


def _bare(ids: Sequence[str]) -> list[str]:
    """Return what the harness calls them: without the suite in front."""
    return [re.sub(r"#\d+$", "", i).partition("::")[2] or i for i in ids]


def _only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    at = list(words).index("--") if "--" in words else len(words)
    return [*words[:at], "--", *words[at + 1 :], "--exact", *_bare(ids)]


def _nextest_reporting(words: Sequence[str], report: Path) -> list[str]:
    options = ("--tool-config-file", f"weighlock:{report.with_suffix('.toml')}")
    return before_dashes(words, *options, "--no-fail-fast")


def _nextest_only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    names = [re.escape(name.rpartition("::")[2]) for name in _bare(ids)]
    return before_dashes(words, "-E", f"test(/(^|::)({'|'.join(names)})$/)")


CARGO = Runner(
    name="cargo test",
    recognises=_starts("test", "t"),
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"(?s)\A(?!.*running [1-9]).*running 0 tests",
    suffixes=(".rs",),
    broken=_BROKEN,
    builds=True,
    only=_only,
    marks=_MARKS,
)
NEXTEST = Runner(
    name="cargo nextest",
    recognises=_starts("nextest"),
    reporting=_nextest_reporting,
    read=_read_nextest,
    canary=_canary,
    nothing_ran=r"no tests to run|Starting 0 tests",
    suffixes=(".rs",),
    broken=_BROKEN,
    builds=True,
    only=_nextest_only,
    config=_NEXTEST,
    marks=_MARKS,
)
