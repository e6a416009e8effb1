"""Two runs of a suite, test by test: what is gone, skipped, broken, mended, new."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from weighlock.checks.runners.runner import Case, Result
from weighlock.run.evidence import TestChange, TestCounts

Cases = Mapping[str, Case]
RED: frozenset[Result] = frozenset({"failed", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of every test id; tuples are sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[str, ...]
    """Ran at base, and was skipped in what was delivered."""
    newly_failing: tuple[str, ...]
    newly_passing: tuple[str, ...]
    still_failing: tuple[str, ...]


def compare(before: Cases, after: Cases) -> Difference:
    """Compare by id; a test that only changed its parameters is not gone."""
    both = sorted(before.keys() & after.keys())
    removed = _really_removed(
        before.keys() - after.keys(), after.keys() - before.keys()
    )
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=removed,
        skipped=_where(both, before, after, {"passed", "failed", "error"}, {"skipped"}),
        newly_failing=_where(both, before, after, {"passed", "skipped"}, RED),
        newly_passing=_where(both, before, after, RED, {"passed"}),
        still_failing=_where(both, before, after, RED, RED),
    )


def _where(
    ids: Iterable[str],
    before: Cases,
    after: Cases,
    was: Iterable[Result],
    now: Iterable[Result],
) -> tuple[str, ...]:
    return tuple(i for i in ids if before[i].result in was and after[i].result in now)


def _really_removed(gone: Iterable[str], came: Iterable[str]) -> tuple[str, ...]:
    """Leave out ids whose test has as many new ids: parameters may hold a time."""
    lost, won = list(gone), Counter(_bare(i) for i in came if _bare(i) != i)
    named = Counter(_bare(i) for i in lost)
    return tuple(
        sorted(i for i in lost if _bare(i) == i or won[_bare(i)] < named[_bare(i)])
    )


def _bare(name: str) -> str:
    return re.sub(r"\[.*\]$", "", name, flags=re.DOTALL)


def counts(cases: Cases) -> TestCounts:
    """Count how many ended how."""
    number = Counter(c.result for c in cases.values())
    return TestCounts(
        passed=number["passed"],
        failed=number["failed"],
        skipped=number["skipped"],
        error=number["error"],
    )


def change(runner: str, before: Cases, after: Cases, seen: Difference) -> TestChange:
    """Return the difference as the verdict shows it."""
    return TestChange(
        runner=runner,
        before=counts(before),
        after=counts(after),
        added=seen.added,
        removed=seen.removed,
        newly_failing=seen.newly_failing,
        newly_passing=seen.newly_passing,
    )
