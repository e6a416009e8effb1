"""Keep the record: people's decisions, blocking issues, remediations, lessons."""

from collections.abc import Callable, Iterable
from typing import Any

from weighlock.run import events as ev
from weighlock.views.report.blocks import (
    Block,
    Heading,
    Items,
    Para,
    Span,
    Table,
    Words,
)
from weighlock.views.report.lessons import Lesson, lessons
from weighlock.views.report.material import Material, phase_link, verdict_words
from weighlock.views.text import brief, stamp

_DECISIONS: dict[type, str] = {
    ev.PhaseWaived: "waived",
    ev.PhaseApproved: "approved",
    ev.PhaseRejected: "sent back",
    ev.PhaseRetried: "fresh attempts",
    ev.QuestionAnswered: "answered",
    ev.RunStopped: "stopped the run",
    ev.BranchRestored: "restored the branch",
    ev.TraceAccepted: "accepted what changed later",
    ev.PlanChanged: "took in a changed plan",
}


def decisions(m: Material) -> Iterable[Block]:
    """Return what people decided: waivers, approvals, answers, restores."""
    found = [e for e in m.events if type(e) in _DECISIONS]
    if not found:
        return
    yield Heading(level=2, text="People's decisions", anchor="decisions")
    yield Table(
        columns=("When", "Who", "Phase", "Decision", "Reason"),
        rows=tuple(_decision(e) for e in found),
        label="What people decided",
    )


def _decision(e: ev.AnyEvent) -> tuple[Words, ...]:
    key = getattr(e, "phase", "")
    said = (getattr(e, name, "") for name in ("reason", "answer", "why"))
    reason = next((text for text in said if text), "no reason given")
    if isinstance(e, ev.PlanChanged):
        reason = _revision(e)
    about = getattr(e, "id", "")
    return (
        (stamp(e.at),),
        (Span(getattr(e, "by", ""), "strong"),),
        (phase_link(key),) if key else (about,),
        (_DECISIONS[type(e)],),
        (reason,),
    )


def _revision(e: ev.PlanChanged) -> str:
    """Say which phases a changed plan touched."""
    again = (f"{k}: {why}" for k, why in zip(e.reopened, e.why, strict=False))
    kept = [k for k in e.changed if k not in e.reopened]
    parts = [
        *again,
        f"kept though changed: {', '.join(kept)}" if kept else "",
        f"added: {', '.join(e.added)}" if e.added else "",
        f"removed: {', '.join(e.removed)}" if e.removed else "",
        f"renumbered: {', '.join(m.replace('=', ' → ') for m in e.moved)}"
        if e.moved
        else "",
    ]
    return "; ".join(p for p in parts if p) or "no phase touched"


def issues(m: Material) -> Iterable[Block]:
    """Return every stop for a person, and how it was resolved."""
    found = [
        (e, _resolution(m.events[i + 1 :], e.phase))
        for i, e in enumerate(m.events)
        if isinstance(e, ev.PhaseBlocked)
    ]
    yield Heading(level=2, text="Blocking issues", anchor="issues")
    if not found:
        yield Para(("None.",), "soft")
        return
    yield Table(
        columns=("When", "Phase", "Issue", "Resolution", "Resolved"),
        rows=tuple(
            (
                (stamp(e.at),),
                (phase_link(e.phase),),
                (Span(e.state, "strong"), f": {e.why}"),
                (said or e.hint,),
                (Span("yes", "good") if said else Span("no", "bad"),),
            )
            for e, said in found
        ),
        label="Blocking issues",
    )


_RESOLVED: dict[type, Callable[[Any], str]] = {
    ev.PhaseWaived: lambda e: f"waived by {e.by}: {e.reason}",
    ev.PhaseApproved: lambda e: f"approved by {e.by}: {e.reason}",
    ev.PhaseRejected: lambda e: f"sent back by {e.by}: {e.reason}",
    ev.QuestionAnswered: lambda e: f"answered by {e.by}: {e.answer}",
    ev.PhaseRetried: lambda e: f"fresh attempts, asked for by {e.by} {e.reason}",
    ev.PhasePassed: lambda e: f"passed in attempt {e.attempt}",
}


def _resolution(later: Iterable[ev.AnyEvent], key: str) -> str:
    for e in later:
        tell = _RESOLVED.get(type(e))
        if tell is not None and getattr(e, "phase", "") == key:
            return tell(e).strip(": ")
    return ""


def remediations(m: Material) -> Iterable[Block]:
    """Return the remediation log, and the lessons it suggests."""
    found = lessons(m)
    yield Heading(level=2, text="Remediations and lesson candidates", anchor="lessons")
    if not found:
        yield Para(("No attempt had to be repeated.",), "soft")
        return
    yield Table(
        columns=(
            "When",
            "Phase",
            "What failed",
            "What the next attempt changed",
            "Then",
        ),
        rows=tuple(_remediation(lesson) for lesson in found),
        label="Remediations",
    )
    candidates = tuple(_candidate(x) for x in found if x.advice)
    if candidates:
        yield Para((Span("Lesson candidates", "strong"),))
        yield Items(tuple(dict.fromkeys(candidates)))


def _remediation(lesson: Lesson) -> tuple[Words, ...]:
    lied: Words = (Span("phantom", "phantom"), " ") if lesson.phantom else ()
    codes = ", ".join(lesson.codes)
    changed: list[str | Span] = [lesson.actions or "see the two commits"]
    if all(lesson.heads) and lesson.heads[0] != lesson.heads[1]:
        heads = " ".join(h[:12] for h in lesson.heads)
        changed += [" ", Span(f"git diff {heads}", "code")]
    return (
        (stamp(lesson.at),),
        (phase_link(lesson.phase), f" attempt {lesson.attempt}"),
        (*lied, f"{brief(lesson.failed)}{f' [{codes}]' if codes else ''}"),
        tuple(changed),
        verdict_words(lesson.outcome),
    )


def _candidate(lesson: Lesson) -> Words:
    return (
        phase_link(lesson.phase),
        (
            f": {brief(lesson.failed)} ({', '.join(lesson.codes)}). To prevent it, "
            f"{lesson.advice}."
        ),
    )
