"""Put faults into changed functions, one at a time, and see which tests notice."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from weighlock.checks.strength.bench import Bench
from weighlock.checks.strength.changed import Function
from weighlock.checks.strength.mutators import bodies, grammar, python
from weighlock.checks.strength.mutators.mutant import Mutant
from weighlock.checks.subject import Subject
from weighlock.syntax.language import language

LIMIT = 120
"""Mutants that are tried at most in one gate; each costs a run of some tests."""

End = Literal["killed", "survived", "unviable"]
"""unviable: the program could not even be built with it; it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One mutant of one function, and what became of it."""

    function: Function
    mutant: Mutant
    end: End
    red: tuple[str, ...] = ()
    """The tests that noticed it."""
    crashed: bool = False
    """Whether all that was noticed is a hang, or the language itself complaining."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Everything that was tried, and what there was no time for."""

    done: tuple[Trial, ...] = ()
    left: frozenset[Function] = frozenset()
    """Functions with mutants that were not tried."""
    duration_s: float = 0.0


def plan(
    subject: Subject, functions: Iterable[Function]
) -> list[tuple[Function, Mutant]]:
    """Return the mutants of changed functions, in the order they are to be tried.

    Every function has its turn before one has its second.  A new function loses its
    whole body first; of a changed one only the lines that are new are touched: what
    was there before does not count against a phase.
    """
    each = [(f, _of(subject, f)) for f in functions]
    turns = max((len(found) for _, found in each), default=0)
    return [
        (function, found[turn])
        for turn in range(turns)
        for function, found in each
        if turn < len(found)
    ]


def _of(subject: Subject, function: Function) -> list[Mutant]:
    data = subject.new.read(function.path) or b""
    small = [m for m in _small(function, data) if m.line in function.fresh]
    whole = [
        m for m in _whole(function, data) if _inside(function, m) and function.is_new
    ]
    distinct = {(m.start, m.end, m.text): m for m in (*whole, *small)}
    return sorted(distinct.values(), key=lambda m: (not m.hollow, _lot(function, m)))


def _small(function: Function, data: bytes) -> Iterator[Mutant]:
    known = language(function.path)
    if known == "python":
        yield from python.mutants(data)
    elif known is not None:
        yield from grammar.mutants(known, data)


def _whole(function: Function, data: bytes) -> Iterator[Mutant]:
    known = language(function.path)
    if known == "python":
        yield from python.hollows(data)
    elif known is not None:
        yield from bodies.hollows(known, data)


def _inside(function: Function, mutant: Mutant) -> bool:
    return function.line <= mutant.line <= function.end_line


def _lot(function: Function, mutant: Mutant) -> str:
    """Draw lots that fall the same every time, so that kinds and lines are mixed."""
    text = f"{function.name}\0{mutant.start}\0{mutant.what}"
    return hashlib.sha256(text.encode()).hexdigest()


async def run(
    bench: Bench,
    queue: Sequence[tuple[Function, Mutant]],
    seconds: float,
    before: Trials,
) -> Trials:
    """Try mutants until there are no more, or the time is over.

    Args:
        bench: Where they are tried.
        queue: All there are.
        seconds: Time that is left.
        before: What the tests of other suites noticed; that is not tried again.
    """
    began = time.monotonic()
    done = {(t.function, t.mutant): t for t in before.done}
    todo = [q for q in queue if q not in done or done[q].end != "killed"]
    for function, mutant in todo[:LIMIT]:
        if time.monotonic() - began > seconds:
            break
        done[function, mutant] = await _try(bench, function, mutant)
    return Trials(
        done=tuple(done.values()),
        left=before.left | {q[0] for q in queue if q not in done},
        duration_s=before.duration_s + time.monotonic() - began,
    )


async def _try(bench: Bench, function: Function, mutant: Mutant) -> Trial:
    data = bench.subject.new.read(function.path) or b""
    seen = await bench.run({function.path: mutant.of(data)})
    if seen.trouble == "broken":
        return Trial(function=function, mutant=mutant, end="unviable")
    red = bench.red(seen)
    errors = {seen.cases[i].error if i in seen.cases else "" for i in red}
    return Trial(
        function=function,
        mutant=mutant,
        end="killed" if red else "survived",
        red=red,
        crashed=bool(seen.trouble) or errors <= _COMPLAINTS,
    )


_COMPLAINTS = frozenset(
    {"TypeError", "AttributeError", "NameError", "UnboundLocalError", "ReferenceError"}
)
"""Errors that no test has to look for: a call is enough to meet them."""
