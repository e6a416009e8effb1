"""What happened, for somebody who does not look: one sentence, and what to type."""

from collections.abc import Mapping
from dataclasses import dataclass

from weighlock.config.notify import Moment
from weighlock.run import events as ev
from weighlock.run.state import RunState
from weighlock.views.line import line
from weighlock.views.text import brief, clean, stamp

_MOMENTS: Mapping[type, Moment] = {
    ev.PhaseBlocked: "blocked",
    ev.QuestionAsked: "question",
    ev.PhaseParked: "parked",
    ev.RunEnded: "ended",
}
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that a person may want to know at once."""

    what: Moment
    state: str
    """In one word: failed, review, needs-input, parked, passed."""
    text: str
    """One sentence; it names the phase, the run or the bucket."""
    next: str = ""
    """What to type, or what to do."""
    run: str = ""
    plan: str = ""
    phase: str = ""
    bucket: str = ""

    def document(self, at: float) -> dict[str, object]:
        """Return it as the program reads it."""
        return {
            "schema": "weighlock/notice/1",
            "at": stamp(at),
            "what": self.what,
            "state": self.state,
            "text": self.text,
            "next": self.next,
            "run": self.run,
            "plan": self.plan,
            "phase": self.phase,
            "bucket": self.bucket,
        }


def of_event(event: ev.AnyEvent, state: RunState) -> Message | None:
    """Return what an event of a run is worth telling, if it is."""
    what, told = _MOMENTS.get(type(event)), line(event, state)
    if what is None or told is None:
        return None
    facts = dict(told.facts)
    who = f"run {state.run} of {state.plan}" if what == "ended" else told.who
    until = f" until {facts['until']}" if "until" in facts else ""
    said = f": {clean(brief(told.said, _LONGEST))}" if told.said else ""
    return Message(
        what=what,
        state=told.word,
        text=f"{who} {told.word}{until}{said}",
        next=facts.get("next", "weighlock status" if what == "ended" else ""),
        run=state.run,
        plan=state.plan,
        phase=getattr(event, "phase", ""),
    )


def of_bucket(bucket: str) -> Message:
    """Return that a bucket is of no use until a person logs in."""
    return Message(
        what="login",
        state="reauth-required",
        text=f"bucket {bucket} needs a login",
        next=f"weighlock bucket login {bucket}",
        bucket=bucket,
    )


def of_error(error: Exception, run: str, plan: str) -> Message:
    """Return that a run broke off."""
    why = clean(brief(str(error), _LONGEST))
    return Message(
        what="ended",
        state="broken",
        text=f"run {run} of {plan} broke off: {why}",
        next=f"weighlock resume {run}",
        run=run,
        plan=plan,
    )
