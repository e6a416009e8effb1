"""Say in sentences why one phase stands where it stands, its needs aside."""

from collections.abc import Callable

from weighlock.run.evidence import Reason, Verdict
from weighlock.run.phase import AttemptState, PhaseState
from weighlock.run.schedule import Blocker
from weighlock.views.state import Row, Word
from weighlock.views.text import count, duration, label

Verdicts = Callable[[str], Verdict | None]
"""Digest of a stored verdict → the verdict, or None when it is gone."""

_REASONS = 6
"""Reasons of one verdict that are told; the rest is counted."""

TIMEOUT_ADVICE = (
    "split the phase into smaller ones",
    "or give it longer: limits.phase_minutes in weighlock.toml",
    "or look why it takes so long: weighlock logs {}",
)


def no_verdicts(digest: str) -> Verdict | None:
    """Know no verdict; for callers without an evidence store."""
    del digest
    return None


def cause(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    """Return the sentences, the most telling first.

    Args:
        row: The phase as every surface shows it.
        at: What the journal says of it.
        blockers: What keeps it from starting though its needs have passed.
        verdicts: Looks up the verdict whose reasons are told.
    """
    tell = _given_up if at.stage == "blocked" else _CAUSES.get(row.word, _nothing)
    return tell(row, at, blockers, verdicts)


def advice(row: Row) -> tuple[str, ...]:
    """Return what helps a phase in this state, beside the commands to type."""
    if row.word != "timeout":
        return ()
    return tuple(line.format(label(row.key)) for line in TIMEOUT_ADVICE)


def reasons(at: PhaseState, verdicts: Verdicts) -> tuple[str, ...]:
    """Return the reasons of the newest verdict, or its summary."""
    judged = at.last.judged if at.last else None
    if judged is None:
        return (at.why,) if at.why else ()
    verdict = verdicts(judged.evidence)
    if verdict is None or not verdict.reasons:
        codes = ", ".join(judged.codes)
        return (f"{codes}: {judged.summary}" if codes else judged.summary,)
    told = [reason_line(r) for r in verdict.reasons[:_REASONS]]
    more = len(verdict.reasons) - _REASONS
    return (*told, f"... and {count(more, 'more reason')}") if more > 0 else (*told,)


def reason_line(reason: Reason) -> str:
    """Write a reason with its code and its place: ``no-change: … (src/a.py:3)``."""
    place = reason.path or ""
    if reason.path and reason.line:
        place = f"{reason.path}:{reason.line}"
    said = reason.message
    shown = "" if not place or place in said else f" ({place})"
    return f"{reason.code}: {said}{shown}"


def attempt_line(attempt: AttemptState) -> str:
    """Say how one attempt ended, in one sentence."""
    return f"attempt {attempt.number}: {attempt_ending(attempt)}"


def attempt_ending(attempt: AttemptState) -> str:
    """Say in a few words what became of an attempt."""
    if attempt.abandoned:
        return f"abandoned, {attempt.abandoned}"
    if attempt.parked is not None:
        return f"parked, {attempt.parked.why}"
    if attempt.rejected:
        return f"sent back: {attempt.rejected}"
    if attempt.conflicts:
        return f"merge conflict in {', '.join(attempt.conflicts[:3])}"
    if attempt.judged is not None:
        return f"{attempt.judged.verdict}, {attempt.judged.summary}"
    return attempt.ending or "under way"


def _asks(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del row, blockers
    if at.question:
        return (f"it asks: {at.question}",)
    if at.stage == "error":
        said = reasons(at, verdicts)
        why = (at.why,) if at.why and not any(at.why in s for s in said) else ()
        refused = at.last is not None and at.last.ending == "declined"
        unseen = "it could not be checked; this says nothing against it"
        first = "it needs more budget than it was given" if refused else unseen
        return (first, *why, *said)
    return ("its gate sent it to review", *reasons(at, verdicts))


def _failed(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del row, blockers
    tried = count(len(at.attempts), "attempt")
    return (f"its attempts are used up ({tried})", *reasons(at, verdicts))


def _given_up(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del row, blockers
    seen = [f"the gate found: {said}" for said in reasons(at, verdicts)]
    return (at.why, *seen, "what the agent says is a claim; nothing was passed on it")


def _timed_out(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del row, blockers, verdicts
    return (at.why or "it ran out of time",)


def _running(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del blockers, verdicts
    lines = [attempt_line(a) for a in at.attempts[:-1]]
    if row.pulse:
        ago = duration(row.pulse.ago_s)
        lines.insert(0, f"{row.pulse.liveness}, {ago} ago: {row.pulse.what}")
    return tuple(lines)


def _verifying(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    said = _running(row, at, blockers, verdicts)
    return ("the agent has stopped; its work is being weighed", *said)


def _waiting(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del verdicts
    held = [f"held back: {b.text}" for b in blockers if b.kind not in {"need", "stuck"}]
    tried = [attempt_line(at.last)] if at.last else []
    ready = ["it may start now"] if row.word == "ready" and not held else []
    return (*ready, *held, *tried)


def _nothing(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del blockers, verdicts
    if row.word == "skipped":
        return (row.note,)
    by = f", approved by {at.by}" if at.by else ""
    return (f"commit {at.commit[:12]}{by}", f"on evidence {at.evidence}")


def _parked(
    row: Row, at: PhaseState, blockers: tuple[Blocker, ...], verdicts: Verdicts
) -> tuple[str, ...]:
    del blockers, verdicts
    before = [attempt_line(a) for a in at.attempts[:-1]]
    return (f"parked {row.note}", "it goes on by itself then", *before)


_Telling = Callable[[Row, PhaseState, tuple[Blocker, ...], Verdicts], tuple[str, ...]]

_CAUSES: dict[Word, _Telling] = {
    "needs-input": _asks,
    "failed": _failed,
    "timeout": _timed_out,
    "running": _running,
    "verifying": _verifying,
    "parked": _parked,
    "ready": _waiting,
    "pending": _waiting,
    "blocked": _waiting,
}
