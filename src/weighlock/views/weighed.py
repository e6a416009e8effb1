"""Read a stored verdict back into a value, however little of it is there."""

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from weighlock.run.evidence import (
    Claim,
    Evidence,
    Outcome,
    Reason,
    TestChange,
    TestCounts,
    Verdict,
)

Verdicts = Callable[[str], Verdict | None]
"""Digest of a stored verdict → the verdict, or None when it is gone."""

T = TypeVar("T")
Sandbox = Literal["bubblewrap", "landlock", "none"]
Data = Mapping[str, object]

_OUTCOMES: dict[object, Outcome] = {
    "pass": "pass",
    "fail": "fail",
    "review": "review",
    "error": "error",
}


def no_verdicts(digest: str) -> Verdict | None:
    """Know no verdict; for callers without an evidence store."""
    del digest
    return None


def read(document: Data) -> Verdict:
    """Make a Verdict of its JSON (schema ``weighlock/verdict/1``).

    Nothing is required: what is missing or of another type is left at its default,
    and a verdict that is not one of the four is ``error``.
    """
    checks = _each(document, "checks", _check)
    tests = document.get("tests")
    claim = document.get("claim")
    return Verdict(
        plan=_text(document, "plan"),
        phase=_text(document, "phase"),
        base=_text(document, "base"),
        head=_text(document, "head"),
        tree=_text(document, "tree"),
        verdict=_OUTCOMES.get(document.get("verdict"), "error"),
        reasons=_each(document, "reasons", _reason),
        notes=_each(document, "notes", _reason),
        checks=checks,
        tests=_tests(tests) if isinstance(tests, Mapping) else None,
        claim=_claim(claim) if isinstance(claim, Mapping) else None,
        sandbox=_sandbox(document.get("sandbox")),
        duration_s=_number(document, "duration_s"),
    )


def _each(data: Data, name: str, make: Callable[[Data], T]) -> tuple[T, ...]:
    found = data.get(name)
    if not isinstance(found, (list, tuple)):
        return ()
    return tuple(make(item) for item in found if isinstance(item, Mapping))


def _check(data: Data) -> Evidence:
    code = data.get("exit_code")
    return Evidence(
        check=_text(data, "id"),
        kind=_text(data, "kind"),
        verdict=_OUTCOMES.get(data.get("verdict"), "error"),
        summary=_text(data, "summary"),
        command=_text(data, "command") or None,
        exit_code=code if isinstance(code, int) else None,
        duration_s=_number(data, "duration_s"),
        evidence=_text(data, "evidence") or None,
        criteria=_whole(data, "criteria"),
    )


def _reason(data: Data) -> Reason:
    line = data.get("line")
    return Reason(
        code=_text(data, "code"),
        message=_text(data, "message"),
        check=_text(data, "check"),
        path=_text(data, "path") or None,
        line=line if isinstance(line, int) else None,
        evidence=_text(data, "evidence") or None,
    )


def _tests(data: Data) -> TestChange:
    return TestChange(
        runner=_text(data, "runner"),
        before=_counts(data.get("before")),
        after=_counts(data.get("after")),
        added=_texts(data, "added"),
        removed=_texts(data, "removed"),
        newly_failing=_texts(data, "newly_failing"),
        newly_passing=_texts(data, "newly_passing"),
    )


def _counts(data: object) -> TestCounts:
    if not isinstance(data, Mapping):
        return TestCounts()
    found = {name: int(_number(data, name)) for name in _COUNTS}
    return TestCounts(**found)


_COUNTS = ("passed", "failed", "skipped", "error")


def _claim(data: Data) -> Claim:
    tests = data.get("tests")
    return Claim(
        text=_text(data, "text"),
        files=_texts(data, "files"),
        tests=tests if isinstance(tests, int) else None,
    )


def _sandbox(value: object) -> Sandbox:
    if value == "bubblewrap":
        return "bubblewrap"
    return "landlock" if value == "landlock" else "none"


def _text(data: Data, name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _texts(data: Data, name: str) -> tuple[str, ...]:
    found = data.get(name)
    listed = found if isinstance(found, (list, tuple)) else ()
    return tuple(item for item in listed if isinstance(item, str))


def _whole(data: Data, name: str) -> tuple[int, ...]:
    found = data.get(name)
    listed = found if isinstance(found, (list, tuple)) else ()
    return tuple(item for item in listed if isinstance(item, int))


def _number(data: Data, name: str) -> float:
    value = data.get(name)
    return float(value) if isinstance(value, (int, float)) else 0.0
