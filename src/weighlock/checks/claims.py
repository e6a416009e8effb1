"""Layer 8: what the agent said, beside what was found. It moves no verdict."""

import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Claim, Evidence

_I = re.IGNORECASE
_TESTS = (
    re.compile(
        r"\b(\d+)(?:\s+\w+){0,2}\s+tests?\s+(?:are\s+|now\s+)?pass", re.IGNORECASE
    ),
    re.compile(r"\b(\d+)\s+(?:tests?\s+)?(?:passed|passing)\b", re.IGNORECASE),
    re.compile(r"\ball\s+(\d+)\s+(?:\w+\s+)?tests?\b", re.IGNORECASE),
)
_FILE = re.compile(
    r"(?:creat|modif|updat|chang|add|implement|delet|remov|edit|wrote|writ)\w*\b"
    r"[^\n`]{0,40}`([\w./@\-]+\.\w{1,5})`",
    re.IGNORECASE,
)


def read_claim(data: bytes) -> Claim:
    """Read a report: the files it says were changed, the tests it says pass."""
    text = data.decode(errors="replace").strip()
    counts = [m for pattern in _TESTS for m in pattern.findall(text)]
    return Claim(
        text=text,
        files=tuple(dict.fromkeys(_FILE.findall(text))),
        tests=int(counts[0]) if counts else None,
    )


def _claim(subject: Subject) -> Claim | None:
    """Return the claim; what it says in words is read out of it here."""
    claim = subject.delivery.claim
    if claim is None or claim.files or claim.tests is not None:
        return claim
    return read_claim(claim.text.encode(errors="replace"))


def look(subject: Subject, tests: Evidence) -> Evidence:
    """List the contradictions between the agent's report and the evidence."""
    claim = _claim(subject)
    seen = [*_files(subject), *_tests(subject, tests)] if claim else []
    fine = f"{len(seen)} contradictions" if claim else "nothing was claimed"
    return weigh("claim", "claim", seen, fine=fine, decides=False)


def _files(subject: Subject) -> Iterator[Found]:
    changed = {c.path for c in subject.changes}
    claim = _claim(subject)
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
    claim = _claim(subject)
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
