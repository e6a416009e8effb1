"""unittest of Python's library, run by a program of ours that reports each test."""

import json
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from weighlock.checks.runners import junit
from weighlock.checks.runners.runner import (
    CASE_LIMIT,
    Beside,
    Canary,
    Case,
    Output,
    Result,
    Runner,
    first_line,
    numbered,
)

_PROGRAM = Path(__file__).with_name("inside") / "unittest_run.py"
_LOADER = "unittest.loader._FailedTest."
_FIXTURE = re.compile(r"(?:setUp|tearDown)\w+ \((.+)\)$")


def _recognises(words: Sequence[str]) -> bool:
    return "unittest" in words[:3] and "-m" in words[:2]


def _reporting(words: Sequence[str], report: Path) -> list[str]:
    at = list(words).index("-m")
    rest = [w for w in words[at + 2 :] if w not in {"-v", "--verbose", "-q", "-f"}]
    ours = [str(_PROGRAM), str(report)]
    return [*words[:at], *ours, *(rest or ["discover"])]


def _read(output: Output) -> tuple[Case, ...] | None:
    """Read line by line; without a last line the run did not come to its end."""
    try:
        told = (output.report or b"").splitlines()
        lines = [json.loads(line) for line in told[: CASE_LIMIT + 1]]
        if not lines or len(told) > len(lines) or "ran" not in lines[-1]:
            return None
        cases = list(_worst(_case(line, output.tree) for line in lines[:-1]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return numbered(cases)


def _worst(cases: Iterator[Case]) -> Iterator[Case]:
    """Keep one case of an id: parts of a test fail one by one."""
    found: dict[str, Case] = {}
    for case in cases:
        if case.id not in found or found[case.id].result == "passed":
            found[case.id] = case
    return iter(found.values())


def _case(line: dict[str, object], tree: Path) -> Case:
    name, result = str(line["id"]), _result(line["result"])
    frames = line.get("frames", [])
    files = frames if isinstance(frames, list) else []
    told = [junit.relative(str(file), tree) for file in files]
    own = [frame for frame in told if not frame.startswith(("/", "<"))]
    around = _FIXTURE.match(name)
    broken = around or name.startswith(_LOADER)
    name = around[1] if around else name.removeprefix(_LOADER)
    return Case(
        id=name,
        result="error" if broken else result,
        file=_file(name, tree),
        error=str(line.get("error", "")),
        message=first_line(str(line.get("message", ""))),
        frame=own[-1] if own else "",
    )


def _result(told: object) -> Result:
    return next(result for result in get_args(Result) if result == told)


def _file(name: str, tree: Path) -> str:
    """Return the file of a dotted name: its longest beginning that is a module.

    Discovery in a folder that is no package names modules from there.
    """
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        path = f"{'/'.join(parts[:end])}.py"
        for folder in ("", "tests/", "test/"):
            if (tree / folder / path).is_file():
                return folder + path
    return ""


def _canary(name: str, beside: Beside) -> Canary:
    body = "import unittest\n\n\nclass C(unittest.TestCase):\n"
    return Canary(
        name=f"test_{name}",
        path=posixpath.join(posixpath.dirname(beside.path), f"test_{name}.py"),
        text=f"{body}    def test_{name}(self):\n        self.assertEqual(1, 2)\n",
    )


def _only(words: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Ask by the last name: what stands before it depends on where one discovers."""
    names = dict.fromkeys(re.sub(r"#\d+$", "", i).rpartition(".")[2] for i in ids)
    at = list(words).index("unittest") + 1
    rest = list(words[at:]) or ["discover"]
    return [*words[:at], *rest, *(part for name in names for part in ("-k", name))]


RUNNER = Runner(
    name="unittest",
    recognises=_recognises,
    reporting=_reporting,
    read=_read,
    canary=_canary,
    nothing_ran=r"Ran 0 tests|NO TESTS RAN",
    suffixes=(".py",),
    only=_only,
)
