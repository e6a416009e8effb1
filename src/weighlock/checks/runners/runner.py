"""What a test runner is to the gate: a few small functions and a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from weighlock.process import Finished

Result = Literal["passed", "failed", "skipped", "error"]
"""error: the test was never really run (collection, fixture, compiler)."""

REPORT_LIMIT = 64 * 1024 * 1024
"""Bytes of a report that are read; a longer one is no report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test by id, and how it ended."""

    id: str
    result: Result
    file: str = ""
    """Relative to the checkout, when the runner tells."""
    error: str = ""
    """Type of what went wrong: ``AssertionError``."""
    message: str = ""
    frame: str = ""
    """File of the project that was deepest in the stack when it went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is left of one run of a suite."""

    tree: Path
    report: bytes | None
    done: Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A test that must fail, under a name that nobody can foresee."""

    name: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Runner:
    """One test runner."""

    name: str
    recognises: Callable[[Sequence[str]], bool]
    """Whether the words of a command start it."""
    reporting: Callable[[Sequence[str], Path], list[str]]
    """The words, with a per-test report asked for at a path."""
    read: Callable[[Output], tuple[Case, ...] | None]
    """The cases; None when there is no report or it cannot be read."""
    canary: Callable[[str, str, Sequence[str]], Canary | None]
    """From a random name, an existing test file, and product files to load."""
    nothing_ran: str
    """Pattern of the output when not a single test ran."""
    suffixes: tuple[str, ...]
    """Endings of the files that hold its tests."""
    broken: str = r"(?!)"
    """Pattern of the output when the code could not even be built."""
    only: Callable[[Sequence[str], Sequence[str]], list[str]] | None = None
    """The words, for these ids alone; None when the runner cannot do that."""


def numbered(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Tell cases of one id apart by their place: ``x``, ``x#2``."""
    seen: dict[str, int] = {}
    found: list[Case] = []
    for case in cases:
        seen[case.id] = seen.get(case.id, 0) + 1
        if seen[case.id] == 1:
            found.append(case)
            continue
        found.append(
            Case(
                id=f"{case.id}#{seen[case.id]}",
                result=case.result,
                file=case.file,
                error=case.error,
                message=case.message,
                frame=case.frame,
            )
        )
    return tuple(found)
