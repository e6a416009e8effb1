"""Layers 4 and 5: the suite by test id, on base and on what was delivered."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.place.clean import Clean
from weighlock.checks.reading import paths
from weighlock.checks.runners import compare
from weighlock.checks.runners.call import Call, detect, has_tests
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject
from weighlock.checks.suite import awaited, green, red
from weighlock.checks.suite.pair import Pair, both
from weighlock.errors import UncheckableError
from weighlock.ports import Store
from weighlock.run.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Tests:
    """Everything the suite said, for the checks that come after."""

    evidence: Evidence
    pairs: tuple[Pair, ...] = ()
    forgiven: frozenset[str] = frozenset()
    """Ids that were red at base and that this phase need not mend."""
    written: frozenset[str] = frozenset()
    """Ids that a tdd phase wrote, red as they must be."""


async def look(subject: Subject, rules: Rules, clean: Clean, store: Store) -> Tests:
    """Run the suite before and after, and judge the difference by test id."""
    calls = _calls(subject)
    if rules.tests == "none" or not calls:
        return Tests(evidence=_nothing(rules))
    try:
        pairs = [await both(subject, rules, clean, call) for call in calls]
    except UncheckableError as error:
        trouble = found("error", "dependency-missing", str(error))
        return Tests(
            evidence=weigh("tests", "tests", [trouble], fine="", decides=False)
        )
    return await asyncio.to_thread(_judge, subject, rules, pairs, store)


def _calls(subject: Subject) -> list[Call]:
    """Return the calls that base knows, else those that the delivery brings."""
    given = subject.settings.test
    calls = detect(subject.old, given) or detect(subject.new, given)
    return [
        c
        for c in calls
        if given or has_tests(c, subject.old) or has_tests(c, subject.new)
    ]


def _nothing(rules: Rules) -> Evidence:
    """There is nothing to run: that is no evidence, and no fault either."""
    none = rules.tests == "none"
    seen = (
        [] if none else [found("note", "zero-tests", "this project has no tests yet")]
    )
    fine = "not asked of this kind of phase" if none else "no tests in this project"
    return weigh("tests", "tests", seen, fine=fine, decides=False)


def _judge(
    subject: Subject, rules: Rules, pairs: Sequence[Pair], store: Store
) -> Tests:
    before: dict[str, Case] = {}
    after: dict[str, Case] = {}
    seen: list[Found] = []
    for pair in pairs:
        trouble = list(_trouble(pair, rules))
        seen += [*trouble, *_canary(pair), *_flakes(pair), *pair.more]
        if not any(weight != "note" for weight, _ in trouble):
            before |= pair.before.cases
            after |= pair.after.cases
    wanted = awaited.awaited(subject, before)
    difference = compare.compare(before, after)
    seen += green.keep(subject, before, after, difference)
    if rules.tests == "red":
        seen += red.judge(subject, after, difference)
    else:
        mend = wanted if rules.tests == "green" else frozenset[str]()
        seen += green.turn(subject, rules, after, difference, mend)
    if rules.stubs:
        seen += red.reverse(subject, [after[name] for name in difference.added])
    fine = _fine(pairs, before, after)
    decides = _decides(subject, rules, after, difference, wanted)
    evidence = replace(
        weigh("tests", "tests", _brief(seen), fine=fine, decides=decides),
        command=" ; ".join(pair.call.text for pair in pairs),
        duration_s=sum(p.before.duration_s + p.after.duration_s for p in pairs),
        evidence=store.put(b"\n".join(pair.after.output for pair in pairs)),
        tests=compare.change(
            " + ".join(p.after.runner for p in pairs), before, after, difference
        ),
    )
    written = _red(after) - before.keys() if rules.tests == "red" else frozenset()
    return Tests(
        evidence=evidence,
        pairs=tuple(pairs),
        forgiven=_red(before) - wanted,
        written=written,
    )


def _red(cases: compare.Cases) -> frozenset[str]:
    return frozenset(i for i, c in cases.items() if c.result in compare.RED)


def _decides(
    subject: Subject,
    rules: Rules,
    after: compare.Cases,
    seen: compare.Difference,
    wanted: frozenset[str],
) -> bool:
    """Say whether green tests show anything about this phase, not only about others."""
    if rules.tests == "red":
        return True
    if not any(c.result == "passed" for c in after.values()):
        return False
    if rules.tests == "same" or wanted or seen.added or seen.newly_passing:
        return True
    files = {c.file for c in after.values() if c.file}
    subject.old.fetch(files)
    if subject.planned and all(paths.is_test(a.path) for a in subject.planned):
        # It is about tests: what they ask is held against what they asked at base.
        return any(subject.action(file) for file in files)
    if awaited.only_adds(subject):
        return False  # no test of base can say anything of what is all new
    return any(awaited.speaks_of(subject, file) for file in files)


def _trouble(pair: Pair, rules: Rules) -> Iterator[Found]:
    """Tell what kept a suite from reporting: the machine, the project, the work."""
    after, before = pair.after, pair.before
    code = after.trouble
    if not code:
        return
    fine_before = bool(before.cases) and not before.trouble
    said = after.said.splitlines()[-1:] or [""]
    detail = f"{pair.call.text}: {said[0]}"
    if code == "broken":
        name = "red-wrong-reason" if rules.tests == "red" else "tests-fail"
        was = before.trouble == "broken" and rules.tests != "red"
        message = f"the code cannot be built: {detail}"
        yield found("note" if was else "fail", "old-failure" if was else name, message)
    elif code in {"no-report", "zero-tests", "timed-out"} and fine_before:
        name = "ids-missing" if code == "zero-tests" else code
        yield found("fail", name, f"{_WHY[code]}, and the run at base did: {detail}")
    else:
        yield found("error", code, f"{_WHY[code]}: {detail}")


_WHY = {
    "no-report": "the run left no report that can be read",
    "zero-tests": "not one test ran",
    "timed-out": "the run did not end in time",
    "tool-missing": "the test runner is not installed",
}


def _canary(pair: Pair) -> Iterator[Found]:
    """A test that must fail was added under a random name."""
    sign, at_base = pair.after.sign, pair.before.sign
    if sign == "passed":
        yield found(
            "fail",
            "report-forged",
            "a test that must fail was reported as passed: the report is not true",
        )
    elif sign == "absent" and at_base == "failed" and not pair.after.trouble:
        yield found(
            "fail",
            "report-forged",
            "a test that must fail is not in the report, though it is at base",
        )


def _flakes(pair: Pair) -> Iterator[Found]:
    for name in pair.flaky:
        yield found("note", "flaky", f"{name} failed once and passed on the same tree")


def _brief(seen: Sequence[Found]) -> list[Found]:
    """List at most a few reasons of one code; say how many more there are."""
    kept: list[Found] = []
    number: dict[tuple[Weight, str], int] = {}
    for weight, reason in seen:
        key = (weight, reason.code)
        number[key] = number.get(key, 0) + 1
        if number[key] <= green.SHOWN:
            kept.append((weight, reason))
    kept += [
        found(weight, code, f"and {count - green.SHOWN} more")
        for (weight, code), count in number.items()
        if count > green.SHOWN
    ]
    return kept


def _fine(pairs: Sequence[Pair], before: compare.Cases, after: compare.Cases) -> str:
    was, now = compare.counts(before), compare.counts(after)
    names = " + ".join(pair.after.runner for pair in pairs)
    return (
        f"{names}: {now.passed} pass, {now.failed + now.error} fail "
        f"(at base {was.passed} pass, {was.failed + was.error} fail)"
    )
