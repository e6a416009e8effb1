"""unittest of Python's library, by what ``-v`` prints: it has no report of its own."""

import posixpath
import re
from collections.abc import Sequence
from pathlib import Path

from weighlock.checks.runners.runner import (
    Canary,
    Case,
    Output,
    Result,
    Runner,
    numbered,
)

_LINE = re.compile(
    r"^(?P<name>\S+) \((?P<where>[\w.]+)\)(?:\n.*?)? \.\.\. "
    r"(?P<end>ok|FAIL|ERROR|skipped|expected failure|unexpected success)",
    re.MULTILINE,
)
_ENDS: dict[str, Result] = {
    "ok": "passed",
    "FAIL": "failed",
    "ERROR": "failed",
    "skipped": "skipped",
    "expected failure": "passed",
    "unexpected success": "failed",
}


def _recognises(words: Sequence[str]) -> bool:
    return "unittest" in words[:3] and "-m" in words[:2]


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    del report
    at = list(words).index("unittest") + 1
    rest = list(words[at:])
    return [*words[:at], *(rest or ["discover"]), "-v"]


def _read(output: Output) -> tuple[Case, ...] | None:
    text = output.done.stderr.decode(errors="replace")
    if output.done.timed_out or not re.search(
        r"^Ran \d+ tests? in", text, re.MULTILINE
    ):
        return None
    return numbered([_case(found, text, output.tree) for found in _LINE.finditer(text)])


def _file(name: str, tree: Path) -> str:
    """Return the file of a dotted name: its longest beginning that is a module."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        path = f"{'/'.join(parts[:end])}.py"
        if (tree / path).is_file():
            return path
    return ""


def _case(found: re.Match[str], text: str, tree: Path) -> Case:
    where = found["where"]
    name = where if where.endswith(f".{found['name']}") else f"{where}.{found['name']}"
    failed = where.startswith("unittest.loader._FailedTest")
    told = _told(text, found["name"], where)
    raised = re.findall(
        r"^(?:[\w.]*\.)?(\w+(?:Error|Exception|Exit))\b", told, re.MULTILINE
    )
    frames = re.findall(r'^  File "([^"]+)", line \d+', told, re.MULTILINE)
    return Case(
        id=name,
        file=_file(where, tree),
        result="error" if failed else _ENDS[found["end"]],
        error=raised[-1] if raised else "",
        message=told.strip().splitlines()[-1][:300] if told.strip() else "",
        frame=posixpath.basename(frames[-1]) if frames else "",
    )


def _told(text: str, name: str, where: str) -> str:
    """Return the traceback that is printed for a test further down."""
    head = re.compile(
        rf"^=+\n(?:FAIL|ERROR): {re.escape(name)} \({re.escape(where)}\).*?\n-+\n(.*?)"
        r"\n(?======|-----)",
        re.MULTILINE | re.DOTALL,
    )
    found = head.search(text)
    return found[1] if found else ""


def _canary(name: str, beside: str, product: Sequence[str]) -> Canary | None:
    del product
    body = "import unittest\n\n\nclass C(unittest.TestCase):\n"
    return Canary(
        name=f"test_{name}",
        path=posixpath.join(posixpath.dirname(beside), f"test_{name}.py"),
        text=f"{body}    def test_{name}(self):\n        self.assertEqual(1, 2)\n",
    )


RUNNER = Runner(
    name="unittest",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"Ran 0 tests|NO TESTS RAN",
    suffixes=(".py",),
)
