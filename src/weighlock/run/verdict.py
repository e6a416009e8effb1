"""Judge evidence: a pure function from findings to one of four verdicts."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from weighlock.run.evidence import (
    Claim,
    Evidence,
    Outcome,
    Reason,
    TestChange,
    TestCounts,
    Verdict,
)

_RANK: dict[Outcome, int] = {"fail": 0, "error": 1, "review": 2, "pass": 3}


def outcome(evidence: Iterable[Evidence]) -> Outcome:
    """Weigh findings: fail before error before review before pass.

    A wrong product outranks what could not be checked, since it can be mended at
    once.  Without a single decisive pass the answer is ``error``: no evidence is
    neither negative evidence nor a pass.  The order of the findings never matters.
    """
    found = tuple(evidence)
    verdicts: list[Outcome] = [e.verdict for e in found]
    worst: Outcome = min(verdicts, key=_RANK.__getitem__, default="error")
    if worst == "pass" and not any(e.decides for e in found):
        return "error"
    return worst


def judge(  # noqa: PLR0913 - the fields of the verdict, all named
    evidence: Iterable[Evidence],
    *,
    plan: str,
    phase: str,
    base: str,
    head: str,
    tree: str,
    claim: Claim | None = None,
    duration_s: float = 0.0,
) -> Verdict:
    """Make the verdict of one gate from what its checks found."""
    found = tuple(sorted(evidence, key=lambda e: (e.layer, e.check)))
    result = outcome(found)
    reasons = tuple(r for e in found for r in _reasons(e))
    if result == "error" and not reasons:
        reasons = (_nothing_checked(phase),)
    return Verdict(
        plan=plan,
        phase=phase,
        base=base,
        head=head,
        tree=tree,
        verdict=result,
        reasons=() if result == "pass" else reasons,
        notes=tuple(n for e in found for n in e.notes),
        checks=found,
        tests=_tests(found),
        claim=claim,
        duration_s=duration_s,
    )


def document(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON-ready data, schema ``weighlock/verdict/1``."""
    shown = asdict(verdict)
    kept = ("id", "kind", "verdict", "summary", *_CHECK_FIELDS)
    checks = [{**c, "id": c["check"]} for c in shown.pop("checks")]
    head = {k: shown.pop(k) for k in ("plan", "phase", "base", "head", "tree")}
    return {
        "schema": "weighlock/verdict/1",
        **head,
        **shown,
        "reasons": [_reason(r) for r in shown["reasons"]],
        "notes": [_reason(n) for n in shown["notes"]],
        "checks": [{k: c[k] for k in kept} for c in checks],
    }


def read_document(data: dict[str, Any]) -> Verdict:
    """Make a verdict from ``document``'s data.

    What a document says once, for the whole gate, is not given back to the single
    checks: their reasons, notes and tests.
    """
    tests, claim = data.get("tests"), data.get("claim")
    return Verdict(
        **{k: data[k] for k in _PLAIN},
        reasons=_read_reasons(data["reasons"]),
        notes=_read_reasons(data["notes"]),
        checks=tuple(_read_check(c) for c in data["checks"]),
        tests=_read_tests(tests) if tests else None,
        claim=Claim(**{**claim, "files": tuple(claim["files"])}) if claim else None,
    )


def _read_reasons(found: list[dict[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(**r) for r in found)


def _read_check(data: dict[str, Any]) -> Evidence:
    rest = {k: data[k] for k in ("kind", "verdict", "summary", *_CHECK_FIELDS)}
    return Evidence(check=data["id"], **{**rest, "criteria": tuple(rest["criteria"])})


def _read_tests(data: dict[str, Any]) -> TestChange:
    return TestChange(
        runner=data["runner"],
        before=TestCounts(**data["before"]),
        after=TestCounts(**data["after"]),
        **{k: tuple(v) for k, v in data.items() if isinstance(v, list)},
    )


_PLAIN = ("plan", "phase", "base", "head", "tree", "verdict", "sandbox", "duration_s")
_CHECK_FIELDS = (
    "command",
    "exit_code",
    "duration_s",
    "evidence",
    "layer",
    "decides",
    "criteria",
)


def _reason(fields: dict[str, Any]) -> dict[str, Any]:
    order = ("code", "check", "message", "path", "line", "evidence")
    return {k: fields[k] for k in order}


def _reasons(finding: Evidence) -> tuple[Reason, ...]:
    return () if finding.verdict == "pass" else finding.reasons


def _tests(found: tuple[Evidence, ...]) -> TestChange | None:
    return next((e.tests for e in found if e.tests is not None), None)


def _nothing_checked(phase: str) -> Reason:
    return Reason(
        code="vacuous-check",
        check="gate",
        message=(
            f"nothing shows that phase {phase} works: no command, no probe and no test "
            "speaks of it, and that files changed is not enough; write a line such as "
            "'Run: `pytest -q tests/test_it.py`' below the phase or bring a test, or "
            "look at the work yourself and waive the phase"
        ),
    )
