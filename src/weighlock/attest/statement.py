"""A verdict as in-toto statements, and back.

Two statements say the same thing about the same commit: one in the words that policy
engines know (test-result), one with everything that was found (ours).
https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from weighlock.errors import TamperedError
from weighlock.run.evidence import Evidence, Outcome, Verdict
from weighlock.run.verdict import document, read_document

STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
VERDICT = "urn:weighlock:attestation:verdict:1"

_RESULTS: Mapping[Outcome, str] = {
    "pass": "PASSED",
    "fail": "FAILED",
    "review": "FAILED",
    "error": "FAILED",
}
"""WARNED would let a policy accept what a person has yet to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is attested: a verdict, and what a run made of it."""

    verdict: Verdict
    plan: str
    """``sha256:…`` of the plan's files."""
    run: str = ""
    """Empty when ``verify`` weighed it, outside any run."""
    attempt: int = 0
    landed: str = ""
    """The commit on ``weighlock/<plan>`` that took the work; empty when none did."""
    approved_by: str = ""
    """Who accepted work that was sent to review."""
    waived_by: str = ""
    """Who let later phases go on without it."""
    version: str = ""
    """Of the weighlock that says so."""


def statements(weighed: Weighed) -> tuple[dict[str, Any], ...]:
    """Return the test result and our own verdict, as JSON-ready statements."""
    predicates = {TEST_RESULT: _test_result(weighed), VERDICT: _verdict(weighed)}
    subject = _subject(weighed.verdict)
    return tuple(
        {
            "_type": STATEMENT,
            "subject": subject,
            "predicateType": kind,
            "predicate": predicate,
        }
        for kind, predicate in predicates.items()
    )


def read(found: Iterable[Mapping[str, Any]]) -> Weighed:
    """Return what statements say; every one of them says the same, or none counts.

    Raises:
        TamperedError: They contradict themselves or each other, or ours is missing.
    """
    known = list(found)
    mine = [s for s in known if s.get("predicateType") == VERDICT]
    if len(mine) != 1:
        raise TamperedError(
            f"{len(mine)} statements hold a verdict of weighlock, and one is needed"
        )
    try:
        weighed = _weighed(mine[0]["predicate"])
        wanted = {s["predicateType"]: s for s in statements(weighed)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TamperedError(f"the verdict cannot be read: {error!r}") from error
    for statement in known:
        _same(statement, wanted.get(str(statement.get("predicateType"))))
    return weighed


def _same(statement: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> None:
    """Compare a statement with the one that its verdict leads to, part by part."""
    if wanted is None:
        kind = statement.get("predicateType")
        raise TamperedError(f"it holds a statement of a kind that is not ours: {kind}")
    for part in ("_type", "subject", "predicate"):
        if statement.get(part) != wanted[part]:
            what = "verdict" if wanted["predicateType"] == VERDICT else "test result"
            raise TamperedError(
                f"the {part} of the {what} does not fit the verdict that it carries",
                hint="it was changed after it was written; ask for a new one",
            )


def digest(verdict: Verdict) -> str:
    """Return the digest under which a run keeps this verdict as evidence."""
    return hashlib.sha256(_text(verdict).encode()).hexdigest()


def _text(verdict: Verdict) -> str:
    return json.dumps(document(verdict), ensure_ascii=False, sort_keys=True)


def _subject(verdict: Verdict) -> list[dict[str, Any]]:
    return [
        {"name": "commit", "digest": {"gitCommit": verdict.head}},
        {"name": "tree", "digest": {"gitTree": verdict.tree}},
    ]


def _test_result(weighed: Weighed) -> dict[str, Any]:
    verdict = weighed.verdict
    return {
        "result": _RESULTS[verdict.verdict],
        "configuration": [
            {"name": f"plan {verdict.plan}", "digest": _sha256(weighed.plan)},
            {"name": "base", "digest": {"gitCommit": verdict.base}},
        ],
        "passedTests": _named(verdict, {"pass"}),
        "warnedTests": _named(verdict, {"review"}),
        "failedTests": _named(verdict, {"fail", "error"}),
    }


def _named(verdict: Verdict, outcomes: set[str]) -> list[str]:
    return [_name(c) for c in verdict.checks if c.verdict in outcomes]


def _name(check: Evidence) -> str:
    return f"{check.check}: {check.command}" if check.command else check.check


def _verdict(weighed: Weighed) -> dict[str, Any]:
    landed = {"gitCommit": weighed.landed} if weighed.landed else None
    return {
        "verdict": json.loads(_text(weighed.verdict)),
        "digest": {"sha256": digest(weighed.verdict)},
        "plan": _sha256(weighed.plan),
        "run": weighed.run or None,
        "attempt": weighed.attempt or None,
        "landed": landed,
        "approved_by": weighed.approved_by or None,
        "waived_by": weighed.waived_by or None,
        "weighlock": weighed.version,
    }


def _weighed(predicate: Mapping[str, Any]) -> Weighed:
    return Weighed(
        verdict=read_document(predicate["verdict"]),
        plan=f"sha256:{predicate['plan']['sha256']}",
        run=predicate["run"] or "",
        attempt=predicate["attempt"] or 0,
        landed=(predicate["landed"] or {}).get("gitCommit", ""),
        approved_by=predicate["approved_by"] or "",
        waived_by=predicate["waived_by"] or "",
        version=predicate["weighlock"],
    )


def _sha256(named: str) -> dict[str, str]:
    return {"sha256": named.removeprefix("sha256:")}
