"""What a test runner is to the gate: a few small functions and a name."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from weighlock.process import Finished

_SPEECH = (
    "and any break case catch class const def else enum export false final finally "
    "fn for from func function goto import int interface let match mod module mut "
    "new none not null package pass pub public raise return self static struct super "
    "switch test tests this throw true try type use var void while with yield"
)
_RESERVED = frozenset(_SPEECH.split())
"""Words of the languages themselves: they name nothing."""

Result = Literal["passed", "failed", "skipped", "error"]
"""error: the test was never really run (collection, fixture, compiler)."""

REPORT_LIMIT = 64 * 1024 * 1024
"""Bytes of a report that are read; a longer one is no report."""

_SOURCE = 4 * 1024 * 1024
"""Bytes of a source file that are read."""

CASE_LIMIT = 200_000
"""Tests of one run that are read; a report of more is no report."""


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
    left: tuple[bytes, ...] = ()
    """The files that matched ``Runner.leaves``, in the order of their paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A test that a canary can sit beside, and what it may need to know."""

    path: str
    text: str = ""
    product: tuple[str, ...] = ()
    """Changed product files; a canary loads them where each file has a process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A test that must fail, under a name that nobody can foresee."""

    name: str
    path: str
    text: str


Builds = Sequence[Sequence[str]]
"""Commands that compile what is tested, and run nothing of the project."""


def _nothing(words: Sequence[str], env: Mapping[str, str]) -> Builds:
    del words, env
    return ()


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
    canary: Callable[[str, Beside], Canary | None]
    """From a random name and an existing test file."""
    nothing_ran: str
    """Pattern of the output when not a single test ran."""
    suffixes: tuple[str, ...]
    """Endings of the files that hold its tests."""
    broken: str = r"(?!)"
    """Pattern of the output when the code could not even be built."""
    only: Callable[[Sequence[str], Sequence[str]], list[str]] | None = None
    """The words, for these ids alone; None when the runner cannot do that.

    It may run more than was asked for.
    """
    builds: bool = False
    """Whether a new checkout is built from nothing, which takes long."""
    keeps: str = ""
    """Below its home: where it finds what it compiled, by a digest of what went in."""
    builds_only: Callable[[Sequence[str], Mapping[str, str]], Builds] = _nothing
    """From the words and what is assigned in front of them: see ``Builds``."""
    leaves: tuple[str, ...] = ()
    """Globs below the project's folder, where it leaves reports in spite of us.

    What lies there before the run is taken away.
    """
    config: str = ""
    """A file of its configuration; put beside the report, with the ending .toml."""
    reads: tuple[str, ...] = ()
    """Folders below the user's home with the dependencies it was given."""
    left: Callable[[Path, Mapping[str, Case]], list[str]] | None = None
    """From what ran: the ids that a crash kept from running, where it does that."""
    marks: str = ""
    """Pattern of a text that holds tests, where a file's name does not tell."""


def numbered(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Tell cases of one id apart by their place: ``x``, ``x#2``."""
    seen: Counter[str] = Counter()
    found: list[Case] = []
    for case in cases:
        seen[case.id] += 1
        again = seen[case.id]
        found.append(replace(case, id=f"{case.id}#{again}") if again > 1 else case)
    return tuple(found)


def before_dashes(words: Sequence[str], *options: str) -> list[str]:
    """Put options before a ``--``, or at the end where there is none."""
    at = list(words).index("--") if "--" in words else len(words)
    return [*words[:at], *options, *words[at:]]


def first_line(text: str) -> str:
    """Return what is worth showing of a message."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]


def text_of(path: Path) -> str:
    """Return the beginning of a file of the checkout; a program may have grown it."""
    try:
        with path.open("rb") as file:
            return file.read(_SOURCE).decode(errors="replace")
    except OSError:
        return ""


def few(cases: Sequence[Case]) -> bool:
    """Say whether there are not more cases than anybody could mean."""
    return len(cases) <= CASE_LIMIT


def unforeseen(text: str) -> str:
    """Make a name of words that the test beside it uses, and of chance.

    It cannot be foreseen, and by its looks it is a test like the others.
    """
    words = sorted(set(re.findall(r"\b[a-z]{3,9}(?=\b|_)", text)) - _RESERVED)
    some = [secrets.choice(words or ["case"]) for _ in range(2)]
    return (
        f"{'_'.join(some)}_{secrets.choice('bcdfghkmpqrt')}{secrets.randbelow(10**6)}"
    )
