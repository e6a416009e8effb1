"""Tell one event in one line: for logs, pipes and agents."""

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from weighlock.run import events as ev
from weighlock.run.state import RunState
from weighlock.views.claims import phantom
from weighlock.views.text import Style, brief, clean, duration, label, plain, stamp

Fact: TypeAlias = tuple[str, str]

LOUD = frozenset({"bad", "you"})
"""Tones of lines that are never held back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What happened, to whom, in one word and some facts."""

    at: float
    who: str
    """A phase as people say it, or ``run``, ``plan``, ``preflight``."""
    word: str
    facts: tuple[Fact, ...] = ()
    said: str = ""
    tone: str = ""
    """bad, you, good; empty for what goes as it should."""

    def text(self, style: Style) -> str:
        """Return ``2026-11-21T09:31:02Z P11 verifying attempt=2 "…"``."""
        facts = [f"{name}={_value(value)}" for name, value in self.facts if value]
        said = (
            [json.dumps(clean(brief(self.said)), ensure_ascii=False)]
            if self.said
            else []
        )
        word = style.paint(self.word, self.tone)
        whole = " ".join([stamp(self.at), self.who, word, *facts, *said])
        return plain(whole, style)

    def loud(self, style: Style) -> str:
        """Return the same for a person: sign, phase, why, what to type; wrapped."""
        facts = dict(self.facts)
        again = f", attempt {facts['attempt']}" if "attempt" in facts else ""
        lied = " - phantom: it said it was done" if "phantom" in facts.values() else ""
        said = f" - {clean(brief(self.said))}" if self.said else ""
        codes = f" [{facts['codes']}]" if facts.get("codes") else ""
        rest = plain(f"{again}{lied}{said}{codes}", style)
        if facts.get("next"):
            rest += f" - {facts['next']}"
        sign = "!" if self.tone == "you" else "x" if style.ascii else "✗"
        first = f"{sign} {self.who} {self.word}"
        lines = textwrap.wrap(
            first + rest,
            max(40, style.width),
            subsequent_indent="    ",
            break_on_hyphens=False,
        )
        lines[0] = lines[0].replace(first, style.paint(first, self.tone), 1)
        return "\n".join(lines)


def _value(value: str) -> str:
    value = clean(value)
    return json.dumps(value, ensure_ascii=False) if " " in value else value


def line(event: ev.AnyEvent, state: RunState) -> Line | None:
    """Return an event's line, or None for what only machines care about.

    Args:
        event: The event.
        state: The fold of the journal with this event in it.
    """
    tell = _LINES.get(type(event))
    return tell(event, state) if tell else None


def _run_started(e: ev.RunStarted, state: RunState) -> Line:
    del state
    facts = (("run", e.run), ("plan", e.plan), ("phases", str(len(e.selected))))
    return Line(
        at=e.at, who="run", word="started", facts=(*facts, ("branch", e.branch))
    )


def _run_resumed(e: ev.RunResumed, state: RunState) -> Line:
    return Line(at=e.at, who="run", word="resumed", facts=(("run", state.run),))


def _preflight(e: ev.PreflightChecked, state: RunState) -> Line:
    del state
    tone = "" if e.verdict == "pass" else "you"
    facts = (("hint", e.hint),) if tone else ()
    said, word = e.summary, f"{e.name} {e.verdict}"
    return Line(at=e.at, who="preflight", word=word, facts=facts, said=said, tone=tone)


def _started(e: ev.AttemptStarted, state: RunState) -> Line:
    del state
    facts = (
        ("attempt", str(e.attempt)),
        ("agent", e.agent),
        ("model", e.model or ""),
        ("remediation", "yes" if e.remediation else ""),
    )
    return Line(at=e.at, who=label(e.phase), word="running", facts=facts)


def _ended(e: ev.AgentEnded, state: RunState) -> Line:
    del state
    well = e.ending == "ended"
    facts = (
        ("attempt", str(e.attempt)),
        ("took", duration(e.duration_s).replace(" ", "")),
        ("ending", "" if well else e.ending),
    )
    said = "" if well else e.detail
    return Line(at=e.at, who=label(e.phase), word="verifying", facts=facts, said=said)


def _judged(e: ev.PhaseJudged, state: RunState) -> Line:
    last = state.phase(e.phase).last
    lied = last is not None and phantom(last.claim, e.verdict, e.codes)
    facts = (
        ("attempt", str(e.attempt)),
        ("checks", f"{e.passed}/{e.checks}"),
        ("tests", e.after),
        ("codes", ",".join(e.codes)),
        ("claim", "phantom" if lied else ""),
    )
    return Line(
        at=e.at,
        who=label(e.phase),
        word=e.verdict,
        facts=facts,
        said="" if e.verdict == "pass" else e.summary,
        # review and error are told when the phase stops for a person
        tone="bad" if e.verdict == "fail" else "",
    )


_TONES = {"pass": "good", "fail": "bad", "error": "you", "review": "you"}


def _conflicted(e: ev.MergeConflicted, state: RunState) -> Line:
    del state
    facts = (("attempt", str(e.attempt)), ("paths", ",".join(e.paths)))
    return Line(at=e.at, who=label(e.phase), word="conflict", facts=facts, tone="bad")


def _passed(e: ev.PhasePassed, state: RunState) -> Line:
    del state
    facts = (
        ("attempt", str(e.attempt)),
        ("commit", e.commit[:12]),
        ("approved_by", e.approved_by),
    )
    return Line(at=e.at, who=label(e.phase), word="passed", facts=facts, tone="good")


def _abandoned(e: ev.AttemptAbandoned, state: RunState) -> Line:
    del state
    facts = (("attempt", str(e.attempt)),)
    return Line(at=e.at, who=label(e.phase), word="abandoned", facts=facts, said=e.why)


def _blocked(e: ev.PhaseBlocked, state: RunState) -> Line:
    del state
    word = {"review": "needs-input", "error": "needs-input", "timed-out": "timeout"}
    return Line(
        at=e.at,
        who=label(e.phase),
        word=word.get(e.state, e.state),
        facts=(("next", e.hint),),
        said=e.why,
        tone="you" if e.state in {"review", "error", "blocked"} else "bad",
    )


def _left(e: ev.BucketLeft, state: RunState) -> Line:
    del state
    why = f"{e.reason}/{e.detail}".rstrip("/")
    again = stamp(e.retry_at) if e.retry_at is not None else ""
    facts = (("bucket", e.bucket), ("why", why), ("again", again))
    return Line(at=e.at, who=label(e.phase), word="bucket-left", facts=facts)


def _parked(e: ev.PhaseParked, state: RunState) -> Line:
    del state
    facts = (("attempt", str(e.attempt)), ("until", stamp(e.until)))
    return Line(at=e.at, who=label(e.phase), word="parked", facts=facts, said=e.why)


def _unparked(e: ev.PhaseUnparked, state: RunState) -> Line:
    del state
    return Line(at=e.at, who=label(e.phase), word="unparked")


def _by_a_person(word: str) -> "_Tell":
    def tell(e: Any, state: RunState) -> Line:  # noqa: ANN401 - four kinds of event
        del state
        said = getattr(e, "reason", "") or getattr(e, "answer", "")
        facts = (("by", e.by),)
        return Line(at=e.at, who=label(e.phase), word=word, facts=facts, said=said)

    return tell


def _asked(e: ev.QuestionAsked, state: RunState) -> Line:
    del state
    facts = (("next", f'weighlock answer {label(e.phase)} "..."'),)
    return Line(
        at=e.at,
        who=label(e.phase),
        word="needs-input",
        facts=facts,
        said=e.question,
        tone="you",
    )


def _refused(e: ev.RequestRefused, state: RunState) -> Line:
    del state
    who = label(e.phase) if e.phase else "run"
    return Line(at=e.at, who=who, word=f"{e.verb} refused", said=e.why, tone="you")


def _restored(e: ev.BranchRestored, state: RunState) -> Line:
    del state
    facts = (("to", label(e.phase) if e.phase else "base"), ("commit", e.commit[:12]))
    return Line(at=e.at, who="run", word="restored", facts=(*facts, ("by", e.by)))


def _accepted(e: ev.TraceAccepted, state: RunState) -> Line:
    del state
    return Line(
        at=e.at, who=e.id, word="accepted", facts=(("by", e.by),), said=e.reason
    )


def _plan_judged(e: ev.PlanJudged, state: RunState) -> Line:
    del state
    tone = _TONES[e.verdict]
    facts = (("codes", ",".join(e.codes)),)
    word, said = e.verdict, e.summary
    return Line(at=e.at, who="plan", word=word, facts=facts, said=said, tone=tone)


def _stopped(e: ev.RunStopped, state: RunState) -> Line:
    del state
    facts = (("by", e.by), ("next", "weighlock resume"))
    return Line(at=e.at, who="run", word="stopped", facts=facts, said=e.why, tone="you")


def _run_ended(e: ev.RunEnded, state: RunState) -> Line:
    tone = {"passed": "good", "failed": "bad"}.get(e.state, "you")
    facts = (("took", duration(e.at - state.started).replace(" ", "")),)
    return Line(at=e.at, who="run", word=e.state, facts=facts, tone=tone)


_Tell: TypeAlias = Callable[[Any, RunState], Line]

_LINES: dict[type, _Tell] = {
    ev.RunStarted: _run_started,
    ev.RunResumed: _run_resumed,
    ev.PreflightChecked: _preflight,
    ev.AttemptStarted: _started,
    ev.AgentEnded: _ended,
    ev.PhaseJudged: _judged,
    ev.MergeConflicted: _conflicted,
    ev.PhasePassed: _passed,
    ev.AttemptAbandoned: _abandoned,
    ev.PhaseBlocked: _blocked,
    ev.BucketLeft: _left,
    ev.PhaseParked: _parked,
    ev.PhaseUnparked: _unparked,
    ev.PhaseWaived: _by_a_person("skipped"),
    ev.PhaseApproved: _by_a_person("approved"),
    ev.PhaseRejected: _by_a_person("rejected"),
    ev.PhaseRetried: _by_a_person("retried"),
    ev.PhaseReopened: _by_a_person("reopened"),
    ev.QuestionAsked: _asked,
    ev.QuestionAnswered: _by_a_person("answered"),
    ev.RequestRefused: _refused,
    ev.BranchRestored: _restored,
    ev.PlanJudged: _plan_judged,
    ev.TraceAccepted: _accepted,
    ev.RunStopped: _stopped,
    ev.RunEnded: _run_ended,
}
