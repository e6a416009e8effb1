"""Layer 8: what the agent said, beside what was found. It moves no verdict."""

from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence


def look(subject: Subject, tests: Evidence) -> Evidence:
    """List the contradictions between the agent's report and the evidence."""
    claim = subject.delivery.claim
    seen = [*_files(subject), *_tests(subject, tests)] if claim else []
    fine = f"{len(seen)} contradictions" if claim else "nothing was claimed"
    return weigh("claim", "claim", seen, fine=fine, decides=False)


def _files(subject: Subject) -> Iterator[Found]:
    changed = {c.path for c in subject.changes}
    claim = subject.delivery.claim
    for path in claim.files if claim else ():
        name = path.removeprefix("./")
        if name not in changed:
            yield found(
                "note",
                "claim-contradicted",
                "the agent says that it changed this file; it did not",
                path=name,
            )


def _tests(subject: Subject, tests: Evidence) -> Iterator[Found]:
    claim = subject.delivery.claim
    said = claim.tests if claim else None
    if said is None:
        return
    counted = tests.tests.after.passed if tests.tests else 0
    known = {counted} | ({len(tests.tests.added)} if tests.tests else set())
    if said not in known:
        yield found(
            "note",
            "claim-contradicted",
            f"the agent says that {said} tests pass; {counted} do",
        )
