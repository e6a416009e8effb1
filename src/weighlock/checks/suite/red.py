"""Red: a tdd phase's tests fail on the base product, through its behaviour."""

import re
from collections.abc import Iterable, Iterator

from weighlock.checks.accusers import weak
from weighlock.checks.finding import Found, found
from weighlock.checks.reading import paths
from weighlock.checks.runners.compare import RED, Cases, Difference
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
_FAILS_ITSELF = re.compile(
    r"""\A[^{;]*?(?:=>\s*\{?|\{)\s*(?://[^\n]*\s*)*
    (?:throw\s+new\s+\w+\([^()]*\)|(?:assert|expect|t)\.fail\w*\([^()]*\)
      |expect\(\s*(?:true|false)\s*\)\.to\w+\(\s*(?:true|false)?\s*\)
      |(?:panic|todo|unimplemented|unreachable)!\([^()]*\)|assert!\(\s*false\b[^;]*)
    [;,\s})]*\Z""",
    re.VERBOSE,
)
"""After its title, a test whose whole body is that it fails."""
_KEEPS = re.compile(
    r"characteri[sz]ation|golden[ -]master|approval tests?"
    r"|\b(?:pin|freeze|capture|record)\w*\s+(?:down\s+)?(?:the\s+)?(?:existing|current|present)"
    r"\s+behaviou?r",
    re.IGNORECASE,
)
"""Words of a phase whose tests hold on to what there is: green from the first."""
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
        yield from _fails_itself(subject, case)
    if not red:
        yield found(
            "note"
            if _KEEPS.search(f"{subject.phase.title}\n{subject.phase.text}")
            else "fail",
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


def _fails_itself(subject: Subject, case: Case) -> Iterator[Found]:
    """Find a test that fails whatever the product does: a note to do it later."""
    if case.result == "failed" and _holds_a_failure(subject, case):
        yield found(
            "fail",
            "red-wrong-reason",
            f"{case.id} fails whatever the product does: it ends in a failure of "
            "its own",
            path=case.file or None,
        )


def _holds_a_failure(subject: Subject, case: Case) -> bool:
    title = re.split(r"::|\.| > ", re.sub(r"\[.*\]$", "", case.id))[-1]
    if case.file.endswith(".py"):
        return title in weak.failing(subject.new.text(case.file))
    lines = body(subject, case).rstrip().splitlines()
    while lines and re.match(r"\s*(#\[|//|$)", lines[-1]):
        lines.pop()
    return bool(_FAILS_ITSELF.match("\n".join(lines).partition(title)[2]))


def _in_test(case: Case) -> bool:
    return case.frame == case.file or paths.role(case.frame) in {"test", "harness"}


def _already_green(subject: Subject, green: list[Case]) -> Iterator[Found]:
    yield from reverse(subject, green)
    for case in green:
        if not _EXPECTS_STUB.search(body(subject, case)):
            yield found(
                "note",
                "not-red",
                f"{case.id} passes already, before anything was implemented",
                path=case.file or None,
            )


def reverse(subject: Subject, green: Iterable[Case]) -> Iterator[Found]:
    """Find the tests that pass because nothing is done yet."""
    for case in green:
        if case.result == "passed" and _EXPECTS_STUB.search(body(subject, case)):
            yield found(
                "fail",
                "reverse-test",
                f"{case.id} expects the stub: it will fail once the work is done",
                path=case.file or None,
            )


def body(subject: Subject, case: Case) -> str:
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
