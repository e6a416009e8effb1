"""A verdict as a person understands it at once: checks, reasons, what to do next."""

from collections.abc import Iterator, Mapping
from typing import Any

from weighlock.run.evidence import Evidence, Outcome, Reason, Verdict
from weighlock.run.verdict import document
from weighlock.views.claims import contradictions
from weighlock.views.text import Style, clean, clip, count, duration, label, pad

_TONES: Mapping[Outcome, str] = {
    "pass": "good",
    "fail": "bad strong",
    "error": "bad",
    "review": "you",
}
_MEANS: Mapping[Outcome, str] = {
    "pass": "it is done, on evidence",
    "fail": "the work is wrong or missing",
    "error": "it could not be checked",
    "review": "a person has to look",
}
_NEXT: Mapping[Outcome, str] = {
    "fail": "mend what is named above and weigh again; nothing was merged",
    "error": "mend the environment or the plan, not the work, and weigh again",
    "review": "look at the places above, then accept the work or send it back",
}
_HINTS: Mapping[str, str] = {
    "tool-missing": "install the tool, or name another command in [gate] test",
    "no-report": "let [gate] test write JUnit XML to {report}",
    "zero-tests": "make the suite find tests in a clean checkout: [gate] setup, test",
    "dependency-missing": "name what a clean checkout needs in [gate] setup",
    "timed-out": "raise [gate] command_s, or split the phase",
    "vacuous-check": "add a command, a test or a probe to the phase that can fail",
    "base-rewritten": "work on top of the base; do not amend or rebase it",
    "out-of-scope": "name the file in the phase, or leave it as it was",
    "marker-missing": "put the marker on what the phase changed",
    "report-forged": "look at the product for code that reaches into the test runner",
    "plan-changed": "change plans by a commit of your own, before the phase",
}
_SHOWN = 12
"""Reasons or notes of one verdict that are listed; the rest is counted."""


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as DESIGN 4.4 has it (schema ``weighlock/verdict/1``)."""
    return document(verdict)


def as_text(verdict: Verdict, style: Style | None = None) -> str:
    """Show the verdict, each check in a row, reasons with their place, what next."""
    style = style or Style()
    lines = [
        _headline(verdict, style),
        *_contradicted(verdict, style),
        "",
        *_checks(verdict, style),
        *_reasons(verdict, style),
        *_notes(verdict, style),
        *_claim(verdict, style),
        *_next(verdict, style),
    ]
    return "\n".join(lines) + "\n"


def _headline(verdict: Verdict, style: Style) -> str:
    word = style.paint(verdict.verdict.upper(), _TONES[verdict.verdict])
    what = f"phase {label(verdict.phase)}" if verdict.phase else "the whole plan"
    took = duration(verdict.duration_s)
    place = f"{verdict.base[:10]}..{verdict.head[:10]}"
    line = f"{what} of {clean(verdict.plan)}: {_MEANS[verdict.verdict]}"
    return f"{word}  {line}  ({place}, {took})"


def _checks(verdict: Verdict, style: Style) -> Iterator[str]:
    wide = max((len(c.check) for c in verdict.checks), default=0) + 2
    for check in verdict.checks:
        word = style.paint(f"{_word(check):<7}", _tone(check))
        summary = clip(check.summary, style.width - wide - 11, style)
        yield f"  {word}  {pad(check.check, wide, style)}{summary}"


def _word(check: Evidence) -> str:
    """A pass that decides nothing is shown as ``ok``: it is needed, not enough."""
    return "ok" if check.verdict == "pass" and not check.decides else check.verdict


def _tone(check: Evidence) -> str:
    return "dim" if _word(check) == "ok" else _TONES[check.verdict]


def _reasons(verdict: Verdict, style: Style) -> Iterator[str]:
    if not verdict.reasons:
        return
    yield ""
    yield "Because:"
    yield from _list(verdict.reasons, style)


def _contradicted(verdict: Verdict, style: Style) -> Iterator[str]:
    """Show before all else where the agent says what is not so."""
    lies, _ = contradictions(verdict)
    if lies:
        yield ""
        yield "What the agent says is not so:"
        yield from _list(lies, style)


def _notes(verdict: Verdict, style: Style) -> Iterator[str]:
    _, notes = contradictions(verdict)
    if notes:
        yield ""
        yield "Worth knowing:"
        yield from _list(notes, style)


def _list(reasons: tuple[Reason, ...], style: Style) -> Iterator[str]:
    for reason in reasons[:_SHOWN]:
        told = reason.path is None or reason.message.startswith(reason.path)
        where = "" if told else f"{place(reason)}: "
        code = style.paint(reason.code, "strong")
        yield f"  {code}  {clean(where + reason.message)}"
    more = len(reasons) - _SHOWN
    if more > 0:
        yield f"  and {count(more, 'more', 'more')}; see --json"


def place(reason: Reason) -> str:
    """Return ``path:line``, as editors and terminals open it."""
    line = f":{reason.line}" if reason.line else ""
    return f"{reason.path or ''}{line}"


def _claim(verdict: Verdict, style: Style) -> Iterator[str]:
    claim = verdict.claim
    if claim is None or not claim.text.strip():
        return
    yield ""
    yield "The agent's claim, which no check has read:"
    said = claim.text.strip().splitlines()
    yield f"  {style.paint(clip(said[0], style.width - 2, style), 'dim')}"


def _next(verdict: Verdict, style: Style) -> Iterator[str]:
    del style
    told = _NEXT.get(verdict.verdict)
    if told is None:
        return
    if any(note.code == "blocked" for note in verdict.notes):
        told = "decide: mend the plan or what contradicts it, or send the work back"
    yield ""
    yield f"Next: {told}"
    codes = dict.fromkeys(r.code for r in verdict.reasons)
    yield from (f"  {code}: {_HINTS[code]}" for code in codes if code in _HINTS)
