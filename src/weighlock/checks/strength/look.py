"""Layer 7, the way in: what the tests are worth, where somebody asks."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.place.clean import Clean
from weighlock.checks.strength import (
    bench,
    changed,
    coverage,
    mutation,
    properties,
    stryker,
    survivors,
)
from weighlock.checks.strength.asked import Asked, asked
from weighlock.checks.strength.deaf import look as deaf
from weighlock.checks.strength.deaf import pleased
from weighlock.checks.strength.mutation import Trials
from weighlock.checks.strength.stryker import Score
from weighlock.checks.subject import Subject
from weighlock.checks.suite.tests import Tests
from weighlock.errors import UncheckableError
from weighlock.plan.model import Phase
from weighlock.run.evidence import Evidence

_MEASURED = frozenset({"impl", "integration"})
"""Kinds whose product is weighed by its tests; others have none, or change none."""


async def look(
    subject: Subject, phases: Iterable[Phase], rules: Rules, clean: Clean, tests: Tests
) -> list[Evidence]:
    """Weigh the tests themselves; without a question and a doubt nothing is run.

    Args:
        subject: What was delivered.
        phases: Those that may ask: the phase, and the one that verifies it.
        rules: Of the phase's kind.
        clean: Where checkouts come from.
        tests: What the suite said.
    """
    found_checks: list[Evidence] = []
    wanted = asked(subject.settings, phases)
    if not tests.pairs:
        return list(_no_suite(subject, wanted, tests))
    try:
        seen = await deaf.look(subject, rules, clean, tests.pairs)
        seen += await pleased.look(subject, rules, clean, tests.pairs)
        if seen:
            found_checks.append(_evidence("test-effect", seen, ""))
        if wanted.properties is not None and rules.tests in {"red", "green"}:
            found_checks.append(_properties(subject, wanted.properties))
        if subject.phase.kind in _MEASURED:
            found_checks += await _measure(subject, rules, clean, tests, wanted)
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        found_checks.append(_evidence("strength", [trouble], ""))
    return found_checks


def _no_suite(subject: Subject, wanted: Asked, tests: Tests) -> Iterator[Evidence]:
    """Say that what was asked for cannot be measured."""
    measured = wanted.mutation is not None or wanted.coverage is not None
    changed_files = changed.files(subject)
    fine = tests.evidence.verdict == "pass"
    if measured and fine and subject.phase.kind in _MEASURED and changed_files:
        seen = [coverage.outside(changed_files, measured=False)]
        yield _evidence("strength", seen, "")


def _evidence(check: str, seen: Sequence[Found], fine: str) -> Evidence:
    return weigh(check, "strength", seen, fine=fine, decides=False)


def _properties(subject: Subject, percent: float) -> Evidence:
    share = properties.count(subject)
    seen = list(properties.judge(share, percent))
    fine = f"{share.properties} of {share.tests} new tests state a property"
    return _evidence("property-tests", seen, fine)


async def _measure(
    subject: Subject, rules: Rules, clean: Clean, tests: Tests, wanted: Asked
) -> list[Evidence]:
    """Measure what was asked for, where the suite is green enough to tell."""
    if tests.evidence.verdict in {"fail", "error"}:
        return []
    found_checks: list[Evidence] = []
    if wanted.coverage is not None:
        found_checks.append(
            await _coverage(subject, rules, clean, tests, wanted.coverage)
        )
    if wanted.mutation is not None:
        found_checks.append(await _mutation(subject, rules, clean, tests, wanted))
    return found_checks


async def _coverage(
    subject: Subject, rules: Rules, clean: Clean, tests: Tests, floor: float
) -> Evidence:
    began = time.monotonic()
    share = await coverage.measure(subject, rules, clean, tests.pairs)
    seen = list(coverage.judge(share, floor))
    fine = f"tests run {share.percent:.0f} % of {share.could} changed lines"
    evidence = _evidence("coverage", seen, fine)
    return replace(evidence, duration_s=time.monotonic() - began)


async def _mutation(
    subject: Subject, rules: Rules, clean: Clean, tests: Tests, wanted: Asked
) -> Evidence:
    functions = changed.functions(subject)
    every = {f.path for f in functions}
    far = every - {f for pair in tests.pairs for f in bench.about(pair, every)}
    seen = [coverage.outside(sorted(far), measured=far < every)] if far else []
    tried, left = Trials(), clean.settings.mutation_s
    for pair in tests.pairs:
        mine = set(bench.about(pair, every))
        queue = mutation.plan(subject, [f for f in functions if f.path in mine])
        if not queue:
            continue
        ground = await bench.set_up(subject, rules, clean, pair, mine)
        if ground is None:
            seen.append(_unready(pair.call.text))
            continue
        tried = await mutation.run(ground, queue, left - tried.duration_s, tried)
        if wanted.mutation:
            told = await stryker.score(ground, functions, left / 2)
            seen += survivors.counted(told, wanted)
            if isinstance(told, Score):
                wanted = replace(wanted, mutation=0.0)  # the tool has counted
    near = [f for f in functions if f.path not in far]
    seen += survivors.judge(tried, near, wanted)
    killed = sum(t.end == "killed" for t in tried.done)
    fine = (
        f"tests notice {killed} of {len(tried.done)} faults in {len(near)} "
        "changed functions"
    )
    evidence = weigh("mutation", "strength", seen, fine=fine, decides=killed > 0)
    return replace(evidence, duration_s=tried.duration_s)


def _unready(text: str) -> Found:
    message = (
        f"{text}: its tests do not stay green by themselves, or read the program's "
        "text; what they notice cannot be told"
    )
    return found("error", "no-report", message)
