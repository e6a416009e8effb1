"""Collect lesson candidates: what failed, and what mended it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from weighlock.run.evidence import Verdict
from weighlock.run.phase import AttemptState
from weighlock.views.report.material import Material, lied

_ADVICE: Mapping[str, str] = {
    "no-change": "name in the phase which files must differ afterwards",
    "file-missing": "name in the phase which files must exist afterwards",
    "out-of-scope": "list every file the phase may change, or split it",
    "tests-fail": "give the phase the command that shows the failing test",
    "base-test-fails": "state the blast radius: the tests that must stay green",
    "not-red": "say which behaviour the new tests must find missing",
    "red-wrong-reason": "let the stub phase make what the tests import",
    "test-weakened": "say that existing assertions stay, and why they matter",
    "test-removed": "say that existing tests stay, or plan their removal",
    "marker-missing": "show one marker as it must look in the phase's text",
    "stub-left": "list the symbols that must be finished in this phase",
    "not-wired": "name the caller from which the new code must be reached",
    "merge-conflict": "let phases that change the same files wait for each other",
    "timed-out": "split the phase, or raise limits.phase_minutes",
    "tool-missing": "name the tool in the preflight phase",
    "expectation-unmet": "check that the command's expectation is what is meant",
}
"""Reason code → what a plan's author can write to prevent it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One failed attempt, and what the next one did about it."""

    at: float
    phase: str
    attempt: int
    codes: tuple[str, ...]
    failed: str
    phantom: bool
    actions: str
    """What differs in the next attempt's evidence."""
    outcome: str
    """What became of the next attempt; ``open`` without one."""
    heads: tuple[str, str] = ("", "")
    """The two delivered commits."""

    @property
    def advice(self) -> str:
        """Return what would prevent it, where a code says so."""
        return next((_ADVICE[c] for c in self.codes if c in _ADVICE), "")


def lessons(m: Material) -> tuple[Lesson, ...]:
    """Return every attempt that was not enough, oldest first."""
    found: list[Lesson] = []
    for row in m.rows:
        tries = [a for a in m.state.phase(row.key).attempts if not a.abandoned]
        found += [_lesson(m, row.key, a, b) for a, b in pairwise(tries) if _fell(a)]
    return tuple(sorted(found, key=lambda lesson: lesson.at))


def _fell(a: AttemptState) -> bool:
    short = a.judged is not None and a.judged.verdict != "pass"
    return short or bool(a.conflicts or a.rejected)


def _lesson(m: Material, key: str, a: AttemptState, b: AttemptState) -> Lesson:
    first, then = a.judged, b.judged
    codes = first.codes if first else ()
    return Lesson(
        at=first.at if first else a.started,
        phase=key,
        attempt=a.number,
        codes=("merge-conflict", *codes) if a.conflicts else codes,
        failed=a.rejected or (first.summary if first else "it was sent back"),
        phantom=lied(a),
        actions=_actions(m.judged(a), m.judged(b)),
        outcome=then.verdict if then else "open",
        heads=(first.head if first else "", then.head if then else ""),
    )


def _actions(before: Verdict | None, after: Verdict | None) -> str:
    """Say what the second verdict saw that the first did not."""
    if before is None or after is None:
        return ""
    bad = {c.check for c in before.checks if c.verdict != "pass"}
    good = [c for c in after.checks if c.check in bad and c.verdict == "pass"]
    parts = [f"{c.check}: {c.summary}" for c in good]
    return "; ".join([*parts, *_tests(before, after)])


def _tests(before: Verdict, after: Verdict) -> Iterable[str]:
    if before.tests is None or after.tests is None:
        return
    passed = after.tests.after.passed - before.tests.after.passed
    failed = before.tests.after.failed - after.tests.after.failed
    if passed > 0:
        yield f"{passed} more tests pass"
    if failed > 0:
        yield f"{failed} fewer tests fail"
