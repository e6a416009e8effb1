"""Show one phase: the claim beside our verdict, and everything it rests on."""

from collections.abc import Iterable, Sequence

from weighlock.plan.model import Phase
from weighlock.run.evidence import Verdict
from weighlock.run.phase import AttemptState, PhaseState
from weighlock.views.cause import attempt_ending
from weighlock.views.report.blocks import (
    Beside,
    Block,
    Fold,
    Heading,
    Look,
    Para,
    Said,
    Span,
    Table,
    Words,
)
from weighlock.views.report.material import (
    VERDICTS,
    Material,
    anchor,
    digest_words,
    lied,
    state_words,
    verdict_words,
)
from weighlock.views.report.weighing import checks, reasons, tests
from weighlock.views.state import Row
from weighlock.views.text import brief, count, duration, label, stamp

_CLAIM = 2000
"""Characters of a claim that are shown; the log holds the rest."""


def phases(m: Material) -> Iterable[Block]:
    """Return a part for every phase that something happened to."""
    yield Heading(level=2, text="Phase by phase", anchor="details")
    idle = []
    for phase, row in zip(m.plan.phases, m.rows, strict=True):
        at = m.state.phase(phase.key)
        if at.attempts or at.why:
            yield _fold(m, phase, row, at)
        else:
            idle.append(row)
    if idle:
        yield Table(
            columns=("Not begun", "State", "Why"),
            rows=tuple(
                ((_here(r.key), f" {r.title}"), state_words(r.word), (r.note,))
                for r in idle
            ),
            label="Phases that nothing happened to",
        )


def _here(key: str) -> Span:
    return Span(label(key), "strong", place=anchor(key))


def _fold(m: Material, phase: Phase, row: Row, at: PhaseState) -> Fold:
    caught = any(lied(a) for a in at.attempts)
    tried = count(len(at.attempts), "attempt")
    title: Words = (
        *state_words(row.word),
        f" {label(phase.key)} {phase.title} ",
        Span(tried, "soft"),
        *((" ", Span("phantom", "phantom")) if caught else ()),
    )
    return Fold(
        title=title,
        anchor=anchor(phase.key),
        open=caught or row.word not in {"passed", "skipped"},
        tone=_tone(row),
        blocks=tuple(_parts(m, phase, row, at)),
    )


def _tone(row: Row) -> Look:
    tones: dict[str, Look] = {
        "passed": "good",
        "failed": "bad",
        "timeout": "bad",
        "needs-input": "you",
    }
    return tones.get(row.word, "you" if row.asks else "")


def _parts(m: Material, phase: Phase, row: Row, at: PhaseState) -> Iterable[Block]:
    yield from _standing(phase, row, at)
    last = next((a for a in reversed(at.attempts) if a.judged), at.last)
    verdict = m.settled(phase.key)
    for attempt in at.attempts:
        if attempt is not last and lied(attempt):
            yield _beside(attempt, m.judged(attempt))
    if last is not None:
        yield _beside(last, verdict)
    if verdict is not None:
        yield from checks(verdict)
        if verdict.tests is not None:
            yield from tests(verdict.tests)
    yield from criteria(phase, verdict)
    if len(at.attempts) > 1 or any(map(lied, at.attempts)):
        yield _attempts(at.attempts)


def _standing(phase: Phase, row: Row, at: PhaseState) -> Iterable[Block]:
    yield Para(_facts(phase, at), "soft")
    if at.why or row.note:
        yield Para((Span(row.word, "strong"), f": {row.note or at.why}"))
    if at.hint and row.word not in {"passed", "skipped"}:
        yield Para(("Next: ", Span(at.hint, "strong")))


def _facts(phase: Phase, at: PhaseState) -> Words:
    words: list[str | Span] = [phase.kind]
    last = at.last
    for name, value in (
        ("owner", phase.owner),
        ("agent", last.agent if last else None),
        ("model", last.model if last else None),
        ("needs", ", ".join(map(label, phase.needs))),
        ("requirements", ", ".join(phase.requirements)),
        ("estimate", phase.estimate),
    ):
        words += [f" · {name} {value}"] if value else []
    if at.commit:
        words += [" · commit ", Span(at.commit[:12], "code")]
        words += [" · tree ", Span(at.tree[:12], "code")]
    if at.commit and at.by:
        words.append(f" · approved by {at.by}")
    return tuple(words)


def _beside(attempt: AttemptState, verdict: Verdict | None) -> Beside:
    judged = attempt.judged
    caught = lied(attempt)
    claim = (verdict.claim.text if verdict and verdict.claim else "") or attempt.claim
    left = tuple(_claimed(claim, verdict))
    right: list[Block] = []
    if judged is not None:
        word = verdict_words(judged.verdict)
        again: Words = (" ", Span("phantom", "phantom")) if caught else ()
        found = len(verdict.reasons) if verdict else 0
        why = f", {count(found, 'reason')}:" if found else f": {judged.summary}"
        right.append(Para((*word, why, *again)))
        right += list(reasons(verdict)) if verdict else [_lost(judged.evidence)]
    else:
        right.append(Para((f"Not weighed: {attempt_ending(attempt)}.",), "soft"))
    tone = "phantom" if caught else VERDICTS.get(judged.verdict, "") if judged else ""
    number = attempt.number
    return Beside(
        left=(f"The agent said (attempt {number})", left),
        right=(f"We found (attempt {number})", tuple(right)),
        tone=tone,
    )


def _claimed(claim: str, verdict: Verdict | None) -> Iterable[Block]:
    if not claim.strip():
        yield Para(("Nothing.",), "soft")
        return
    cut = claim[:_CLAIM]
    yield Said(cut)
    if len(claim) > len(cut):
        yield Para((f"{len(claim) - len(cut)} more characters in the log.",), "soft")
    made = verdict.claim if verdict else None
    if made is None or not (made.files or made.tests is not None):
        return
    words: list[str | Span] = ["It names "]
    if made.files:
        words.append(count(len(made.files), "file"))
    if made.tests is not None:
        words += [" and " if made.files else "", count(made.tests, "passing test")]
    yield Para((*words, "."), "soft")


def _lost(digest: str) -> Para:
    said = "The stored verdict is missing; weighlock cannot vouch for this: "
    return Para((Span(said, "bad"), Span(digest, "code")))


def _attempts(attempts: Sequence[AttemptState]) -> Table:
    return Table(
        columns=("Attempt", "Agent", "Began", "Worked", "Ended", "Verdict", "Why"),
        rows=tuple(_attempt(a) for a in attempts),
        label="Attempts",
    )


def _attempt(a: AttemptState) -> tuple[Words, ...]:
    judged = a.judged
    caught: Words = (" ", Span("phantom", "phantom")) if lied(a) else ()
    agent = f"{a.agent} {a.model or ''}".strip()
    return (
        (f"attempt {a.number}{' (remediation)' if a.remediation else ''}",),
        (agent,),
        (stamp(a.started),),
        ("" if a.ended is None else duration(a.ended - a.started),),
        (a.ending or "", f" {a.detail}" if a.detail else ""),
        (*verdict_words(judged.verdict if judged else ""), *caught),
        _why(a),
    )


def _why(a: AttemptState) -> Words:
    if a.judged is None or a.abandoned or a.rejected or a.conflicts:
        return (attempt_ending(a),)
    codes = ", ".join(a.judged.codes)
    return (
        brief(a.judged.summary),
        f" [{codes}]" if codes else "",
        " ",
        *digest_words(a.judged.evidence),
    )


def criteria(phase: Phase, verdict: Verdict | None) -> Iterable[Block]:
    """Return each acceptance criterion with the check that supports it."""
    if not phase.criteria:
        return
    yield Table(
        columns=("Acceptance criterion", "Evidence", "Ticked in the plan"),
        rows=tuple(
            ((c.text,), _support(i, verdict), ("yes, a claim" if c.done else "no",))
            for i, c in enumerate(phase.criteria)
        ),
        label=f"Acceptance criteria of phase {phase.key}",
    )


def _support(index: int, verdict: Verdict | None) -> Words:
    found = [c for c in verdict.checks if index in c.criteria] if verdict else []
    if not found:
        return (Span("no evidence", "you"),)
    words: list[str | Span] = []
    for check in found:
        gap = [", "] if words else []
        words += [*gap, Span(check.check, "strong"), " ", *verdict_words(check.verdict)]
    return tuple(words)
