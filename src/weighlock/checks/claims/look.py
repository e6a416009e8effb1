"""Layer 8: hold everything that was claimed against everything that was found.

A contradiction is a note, and the first thing that is shown.  Only what failed
contradicts: what could not be checked says nothing of the kind.
"""

from collections.abc import Iterator, Sequence

from weighlock.checks import criteria
from weighlock.checks.claims import words
from weighlock.checks.claims.marks import Mark, marks
from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject
from weighlock.plan.model import Phase
from weighlock.run.evidence import Evidence
from weighlock.run.policy import TOUCHED, blocked
from weighlock.run.prompt import blocked_by
from weighlock.run.verdict import outcome

_NAMED = 3
"""Checks that a contradiction names."""


def look(subject: Subject, rules: Rules, seen: Sequence[Evidence]) -> Evidence:
    """List the contradictions between what was claimed and the evidence.

    Args:
        subject: What was delivered, with the agent's report.
        rules: Of the phase's kind: where new tests must fail, "all pass" is no lie.
        seen: What every check before this one found.
    """
    reports = list(_reports(subject))
    marked = marks(subject)
    lies: list[Found] = []
    for text, where in reports:
        lies += _files(subject, text, where)
        lies += _tests(rules, seen, text, where)
        lies += _commands(seen, text, where)
    lies += [lie for mark in marked for lie in _mark(subject, seen, mark)]
    claimed = len(reports) + len(marked)
    fine = f"{len(lies)} contradictions" if claimed else "nothing was claimed"
    told = dict.fromkeys([*lies, *_impossible(subject, seen)])
    return weigh("claim", "claim", told, fine=fine, decides=False)


def _impossible(subject: Subject, seen: Sequence[Evidence]) -> Iterator[Found]:
    """Tell that the agent says it cannot be done, and whether that may be heard."""
    claim = subject.delivery.claim.text if subject.delivery.claim else ""
    why = blocked_by(claim)
    verdict = outcome(seen)
    codes = {r.code for e in seen if e.verdict != "pass" for r in e.reasons}
    if blocked(claim, verdict, codes):
        told = f"the agent says that it cannot be done: {why}"
        yield found("note", "blocked", told)
    elif why and verdict == "pass":
        told = f"the agent says that it cannot be done: {why}; nothing here says so"
        yield _lie(told, None)
    elif why and verdict == "fail":
        touched = ", ".join(sorted(codes & TOUCHED))
        told = (
            f"the agent says that it cannot be done: {why}; it is not heard: {touched}"
        )
        yield _lie(told, None)


def _reports(subject: Subject) -> Iterator[tuple[str, str | None]]:
    """Return the agent's last words, and what it wrote into reports of its own."""
    claim = subject.delivery.claim
    if claim is not None and claim.text.strip():
        yield claim.text, None
    for change in subject.changes:
        if change.status != "D" and paths.is_claim(change.path):
            yield subject.new.text(change.path), change.path


def _lie(message: str, where: str | None, line: int | None = None) -> Found:
    return found("note", "claim-contradicted", message, path=where, line=line)


def _files(subject: Subject, text: str, where: str | None) -> Iterator[Found]:
    for name in dict.fromkeys(words.files(text)):
        path = name.removeprefix("./")
        if _is_file(subject, path) and not _changed(subject, path):
            told = f"the agent says that it changed {path}; it did not"
            yield _lie(told, where or path)


def _is_file(subject: Subject, name: str) -> bool:
    """Say whether a name in a report is a file's: ``Greeter.greet`` is none."""
    known = subject.old.paths | subject.new.paths | {a.path for a in subject.planned}
    ending = name.rpartition(".")[2]
    return "/" in name or any(path.endswith(f".{ending}") for path in known)


def _changed(subject: Subject, name: str) -> bool:
    """Say whether a file of this name was changed; people leave folders out."""
    return any(
        c.path == name or c.path.endswith(f"/{name}") or name.endswith(f"/{c.path}")
        for c in subject.changes
    )


def _tests(
    rules: Rules, seen: Sequence[Evidence], text: str, where: str | None
) -> Iterator[Found]:
    suite = next((e for e in seen if e.kind == "tests"), None)
    if suite is None or suite.verdict == "error":
        return
    none = any(note.code == "zero-tests" for note in suite.notes)
    if suite.tests is None and not none:
        return
    after = suite.tests.after if suite.tests else None
    passed = after.passed if after else 0
    failed = after.failed + after.error if after else 0
    added = len(suite.tests.added) if suite.tests else 0
    wrong = failed and suite.verdict == "fail" and rules.tests != "red"
    for count in words.counts(text):
        if count.new and count.number > added:
            told = f"that {count.number} new tests pass; {added} were added"
        elif count.number > passed:
            told = f"that {count.number} tests pass; {passed} do"
        elif count.whole and wrong:
            told = f"that all {count.number} tests pass; {failed} fail"
        else:
            continue
        yield _lie(f"the agent says {told}", where)
    if wrong and words.all_pass(text):
        yield _lie(f"the agent says that all tests pass; {failed} fail", where)


def _commands(
    seen: Sequence[Evidence], text: str, where: str | None
) -> Iterator[Found]:
    for one in seen:
        failed = one.command is not None and one.verdict == "fail"
        if failed and words.went_well(text, one.command or ""):
            told = f"the agent says that `{one.command}` went well; {one.summary}"
            yield _lie(told, where)


def _mark(subject: Subject, seen: Sequence[Evidence], mark: Mark) -> Iterator[Found]:
    """Compare one mark with what failed; an unknown phase's with its planned files."""
    path, line = mark.where.file, mark.where.line
    if mark.criterion is not None:
        for one in seen:
            if one.verdict == "fail" and criteria.speaks(
                subject.phase, one, mark.criterion
            ):
                told = f"ticked: “{mark.criterion.text[:80]}”; {one.check} says no"
                yield _lie(f"the agent {told}: {one.summary}", path, line)
    elif mark.phase == subject.phase.key:
        against = [e.check for e in seen if e.verdict == "fail"]
        if against:
            names = ", ".join(against[:_NAMED])
            more = f" and {len(against) - _NAMED} more" if against[_NAMED:] else ""
            verb = "say" if against[1:] else "says"
            told = (
                f"the agent marked phase {mark.phase} as done; {names}{more} {verb} no"
            )
            yield _lie(told, path, line)
    elif (other := subject.plan.phase(mark.phase)) and _absent(subject, other):
        told = (
            f"the agent marked phase {mark.phase} as done; none of its files is there"
        )
        yield _lie(told, path, line)


def _absent(subject: Subject, phase: Phase) -> bool:
    new = [a.path for a in phase.files if a.action == "create"]
    concrete = [path for path in new if paths.is_concrete(path)]
    return bool(concrete) and not subject.new.paths.intersection(concrete)
