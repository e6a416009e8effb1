"""Red: a tdd phase's tests fail on the base product, through its behaviour."""

import re
from collections.abc import Iterator

from weighlock.checks import paths
from weighlock.checks.compare import RED, Cases, Difference
from weighlock.checks.finding import Found, found
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject

_LOADING = frozenset(
    {
        "ImportError",
        "ModuleNotFoundError",
        "SyntaxError",
        "IndentationError",
        "NameError",
        "ReferenceError",
        "LoadError",
    }
)
_EXPECTS_STUB = re.compile(
    r"(raises|assertRaises|toThrow|throws|rejects)\w*\W[^\n]{0,40}"
    r"(NotImplemented|NotYetImplemented|not (yet )?implemented)"
    r"|should_panic[^\n]*(not (yet )?implemented)",
    re.IGNORECASE,
)


def judge(subject: Subject, after: Cases, seen: Difference) -> Iterator[Found]:
    """Judge the tests that a tdd phase added, or changed so that they fail now."""
    touched = {c.path for c in subject.changes}
    changed = [i for i in seen.newly_failing if after[i].file in touched]
    new = [after[i] for i in (*seen.added, *changed)]
    ran = [case for case in new if case.result != "skipped"]
    if not ran:
        yield found("fail", "not-red", "no new test was collected")
        return
    red = [case for case in ran if case.result in RED]
    for case in red:
        yield from _wrong_reason(case)
    if not red:
        yield found(
            "fail",
            "not-red",
            f"all {len(ran)} new tests pass before anything was implemented",
            path=ran[0].file or None,
        )
    yield from _already_green(subject, [c for c in ran if c.result == "passed"])


def is_red(case: Case) -> bool:
    """Say whether a test fails the way a test should before its implementation."""
    return case.result in RED and not list(_wrong_reason(case))


def _wrong_reason(case: Case) -> Iterator[Found]:
    if case.result == "error":
        why = "it could not be collected or set up"
    elif case.error in _LOADING and (not case.frame or _in_test(case)):
        why = f"{case.error} in the test itself"
    else:
        return
    yield found(
        "fail",
        "red-wrong-reason",
        f"{case.id} is red for the wrong reason: {why}: {case.message}",
        path=case.file or None,
    )


def _in_test(case: Case) -> bool:
    return case.frame == case.file or paths.role(case.frame) in {"test", "harness"}


def _already_green(subject: Subject, green: list[Case]) -> Iterator[Found]:
    for case in green:
        if _EXPECTS_STUB.search(_body(subject, case)):
            yield found(
                "fail",
                "reverse-test",
                f"{case.id} expects the stub: it will fail once the work is done",
                path=case.file or None,
            )
        else:
            yield found(
                "note",
                "not-red",
                f"{case.id} passes already, before anything was implemented",
                path=case.file or None,
            )


def _body(subject: Subject, case: Case) -> str:
    """Return the lines of a test, from its name to the next test."""
    lines = subject.new.text(case.file).splitlines() if case.file else []
    title = re.sub(r"\[.*\]$", "", re.split(r"::| > ", case.id)[-1])
    at = next((i for i, line in enumerate(lines) if title and title in line), None)
    if at is None:
        return ""
    end = next(
        (
            i
            for i in range(at + 1, len(lines))
            if re.match(r"\s*(async )?(def|it|test|fn|func)\b", lines[i])
        ),
        len(lines),
    )
    return "\n".join(lines[max(0, at - 2) : end])
