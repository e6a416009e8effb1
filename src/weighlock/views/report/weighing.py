"""Show what a verdict is made of: reasons, checks, tests before and after."""

from collections.abc import Iterable

from weighlock.run.evidence import Evidence, Reason, TestChange, TestCounts, Verdict
from weighlock.views.claims import contradictions
from weighlock.views.report.blocks import Block, Items, Para, Span, Table, Words
from weighlock.views.report.material import digest_words, verdict_words
from weighlock.views.text import count, duration

_REASONS = 40
_IDS = 30
"""Test ids that are listed of one kind; the rest is counted."""


def reasons(verdict: Verdict) -> Iterable[Block]:
    """Return contradictions, reasons and notes, each with its place."""
    lies, notes = contradictions(verdict)
    if lies:
        yield Para((Span("What the agent says is not so", "phantom"),))
        yield Items(_listed(lies, "bad"))
    if verdict.reasons:
        yield Items(_listed(verdict.reasons, "bad"))
    if notes:
        yield Para((Span("Worth knowing", "strong"),))
        yield Items(_listed(notes, "soft"))


def _listed(found: tuple[Reason, ...], look: str) -> tuple[Words, ...]:
    shown = tuple(reason(r, strong=look == "bad") for r in found[:_REASONS])
    more = len(found) - _REASONS
    return (*shown, (f"and {count(more, 'more')}",)) if more > 0 else shown


def reason(r: Reason, *, strong: bool = True) -> Words:
    """Return a reason's code, message, place and evidence."""
    place = f"{r.path}:{r.line}" if r.path and r.line else r.path or ""
    words: list[str | Span] = [Span(r.code, "bad" if strong else "tag")]
    words.append(f" {r.message}")
    if place:
        words += [" ", Span(place, "code")]
    if r.evidence:
        words += [" evidence ", *digest_words(r.evidence)]
    return tuple(words)


def checks(verdict: Verdict) -> Iterable[Block]:
    """Return one row for each check."""
    if not verdict.checks:
        yield Para(("No check could be made.",), "soft")
        return
    yield Table(
        columns=("Check", "Verdict", "Found", "Command", "Exit", "Time", "Evidence"),
        rows=tuple(_check(c) for c in verdict.checks),
        label=f"Checks of phase {verdict.phase}" if verdict.phase else "Checks",
    )


def _check(c: Evidence) -> tuple[Words, ...]:
    return (
        (Span(c.check, "strong"),),
        verdict_words(c.verdict),
        (c.summary,),
        (Span(c.command, "code"),) if c.command else (),
        ("" if c.exit_code is None else str(c.exit_code),),
        (_short(c.duration_s),),
        digest_words(c.evidence) if c.evidence else (),
    )


def _short(seconds: float) -> str:
    return f"{seconds:.1f}s" if seconds < 10 else duration(seconds)  # noqa: PLR2004


def tests(change: TestChange) -> Iterable[Block]:
    """Return tests before and after, and which ids differ."""
    yield Table(
        columns=("Tests", "Passed", "Failed", "Skipped", "Error"),
        rows=(
            _counts(f"before ({change.runner})", change.before),
            _counts("after", change.after),
        ),
        label="Tests before and after",
    )
    for what, ids in (
        ("added", change.added),
        ("removed", change.removed),
        ("newly failing", change.newly_failing),
        ("newly passing", change.newly_passing),
    ):
        if ids:
            yield _ids(what, ids)


def _counts(name: str, c: TestCounts) -> tuple[Words, ...]:
    return (
        (name,),
        (str(c.passed),),
        (str(c.failed),),
        (str(c.skipped),),
        (str(c.error),),
    )


def _ids(what: str, ids: tuple[str, ...]) -> Para:
    tone: Words = (Span(f"{len(ids)} {what}", "strong"), ": ")
    listed: list[str | Span] = []
    for one in ids[:_IDS]:
        listed += [", ", Span(one, "code")] if listed else [Span(one, "code")]
    more = len(ids) - _IDS
    rest = (f", and {more} more",) if more > 0 else ()
    return Para((*tone, *listed, *rest))
