"""Name the state of every phase in one vocabulary, for all surfaces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from weighlock.plan.model import Kind, Phase, Plan
from weighlock.plan.order import needs_of, topological
from weighlock.run.evidence import Outcome
from weighlock.run.phase import DONE, OPEN, STUCK, PhaseState, Stage
from weighlock.run.state import RunState
from weighlock.views.signs import sign
from weighlock.views.text import Style, label, stamp

Word = Literal[
    "needs-input",
    "failed",
    "timeout",
    "running",
    "verifying",
    "parked",
    "ready",
    "blocked",
    "pending",
    "stale",
    "skipped",
    "passed",
]
"""The states a person sees, what needs a person first."""

Liveness = Literal["", "active", "quiet", "silent"]

ACTIVE_S = 60
SILENT_S = 600


GROUPS: dict[Word, tuple[str, str]] = {
    "needs-input": ("needs you", "you"),
    "failed": ("failed", "bad"),
    "timeout": ("timeout", "bad"),
    "running": ("running", "live"),
    "verifying": ("verifying", "live"),
    "parked": ("parked", "dim"),
    "ready": ("ready", "strong"),
    "blocked": ("blocked", "bad"),
    "pending": ("pending", "dim"),
    "stale": ("stale", "you"),
    "skipped": ("skipped", "dim"),
    "passed": ("passed", "good"),
}
"""State → (heading of its group, tone), in the order of every list."""

_WORDS: dict[Stage, Word] = {
    "running": "running",
    "verifying": "verifying",
    "review": "needs-input",
    "error": "needs-input",
    "failed": "failed",
    "timed-out": "timeout",
    "passed": "passed",
    "waived": "skipped",
    "parked": "parked",
    "blocked": "blocked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The last sign of life of a running phase."""

    phase: str
    what: str
    """What it did, in a few words."""
    ago_s: float

    @property
    def liveness(self) -> Liveness:
        """Return active (under a minute), quiet, or silent (over ten minutes)."""
        if self.ago_s < ACTIVE_S:
            return "active"
        return "quiet" if self.ago_s <= SILENT_S else "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the journal does not hold: the time, signs of life, what was looked up."""

    now: float
    pulses: tuple[Pulse, ...] = ()
    alive: bool | None = None
    """Whether a process works on the run; None when nobody looked."""
    ends: str = ""
    """When it will be over, in words of the forecast."""
    stale: frozenset[str] = frozenset()
    """Passed phases whose evidence no longer matches the tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One phase as every surface shows it."""

    key: str
    title: str
    kind: Kind
    word: Word
    attempt: int = 0
    """Number of the newest attempt; 0 before the first."""
    elapsed_s: float | None = None
    """Running: time of this attempt; else first start to the end."""
    verdict: Outcome | None = None
    pulse: Pulse | None = None
    note: str = ""
    """Why it stands where it stands, one sentence."""
    commands: tuple[str, ...] = field(default=())
    """What a person may type about it, the likeliest first."""

    @property
    def asks(self) -> bool:
        """Say whether it waits for a person's word, and not for another phase."""
        at_a_loss = self.word == "blocked" and bool(self.commands)
        return at_a_loss or self.word in {"needs-input", "failed", "timeout"}


def mark(word: Word, style: Style) -> str:
    """Return the sign of a state that a terminal can show."""
    known = sign(word)
    return known.plain if style.ascii else known.glyph


def rows(plan: Plan, state: RunState, seen: Seen) -> tuple[Row, ...]:
    """Return a row for every phase, in plan order."""
    found = words(plan, state, seen.stale)
    needs = needs_of(plan.phases)
    pulses = {p.phase: p for p in seen.pulses}
    out = []
    for phase in plan.phases:
        at = state.phase(phase.key)
        word = found[phase.key]
        out.append(
            Row(
                key=phase.key,
                title=phase.title,
                kind=phase.kind,
                word=word,
                attempt=at.last.number if at.last else 0,
                elapsed_s=_elapsed(at, seen.now),
                verdict=at.verdict,
                pulse=pulses.get(phase.key) if at.stage in OPEN else None,
                note=_note(phase, at, word, {n: found[n] for n in needs[phase.key]}),
                commands=commands(phase.key, at),
            )
        )
    return tuple(out)


def ranked(found: Iterable[Row]) -> tuple[Row, ...]:
    """Sort rows: what needs a person, running, ready, what waits for those, passed."""
    rank = {word: i for i, word in enumerate(GROUPS)}
    return tuple(sorted(found, key=lambda row: (not row.asks, rank[row.word])))


def words(
    plan: Plan, state: RunState, stale: frozenset[str] = frozenset()
) -> dict[str, Word]:
    """Return each phase's state as a word: from its stage, or from what it needs."""
    needs = needs_of(plan.phases)
    selected = frozenset(state.selected or needs)
    out: dict[str, Word] = {}
    stuck: set[str] = set()
    for key in topological(needs):
        at = state.phase(key)
        out[key] = _stands(at) or _waiting(
            needs[key], state, stuck, selected=key in selected
        )
        if at.question:
            out[key] = "needs-input"
        if at.stage in STUCK or out[key] == "blocked":
            stuck.add(key)
        if out[key] == "passed" and key in stale:
            out[key] = "stale"
    return {p.key: out[p.key] for p in plan.phases}


def _stands(at: PhaseState) -> Word | None:
    """Return the word of a stage; a phase without an agent is only ever verified."""
    ours = at.last is not None and at.last.agent == "weighlock"
    return "verifying" if at.stage == "running" and ours else _WORDS.get(at.stage)


def _waiting(
    needs: Iterable[str], state: RunState, stuck: set[str], *, selected: bool
) -> Word:
    unmet = [n for n in needs if state.phase(n).stage not in DONE]
    if any(n in stuck for n in unmet):
        return "blocked"
    return "pending" if unmet or not selected else "ready"


def commands(key: str, at: PhaseState) -> tuple[str, ...]:
    """Return what a person may type about a phase that waits for one."""
    if at.question:
        return (f'weighlock answer {label(key)} "..."',)
    reason = ' --reason "..."'
    said = {"reject": reason, "waive": reason, "answer": ' "..."'}
    verbs = _VERBS.get(at.stage, ())
    return tuple(f"weighlock {v} {label(key)}{said.get(v, '')}" for v in verbs)


_VERBS: dict[Stage, tuple[str, ...]] = {
    "review": ("approve", "reject", "diff"),
    "error": ("retry", "waive"),
    "failed": ("logs", "retry", "waive"),
    "timed-out": ("logs", "retry", "waive"),
    "parked": ("retry",),
    "blocked": ("answer", "retry", "waive"),
}


def _elapsed(at: PhaseState, now: float) -> float | None:
    if at.last is None:
        return None
    if at.stage in OPEN:
        return now - at.last.started
    end = at.passed_at or (at.last.judged.at if at.last.judged else at.last.ended)
    return None if end is None else end - at.attempts[0].started


def _note(phase: Phase, at: PhaseState, word: Word, needs: Mapping[str, Word]) -> str:
    if at.question:
        return at.question
    if word == "skipped":
        return f"waived by {at.by or 'somebody'}: {at.why or 'no reason given'}"
    if at.approved and at.stage == "pending":
        return f"approved by {at.by}, to be merged"
    if word == "parked" and at.last and at.last.parked:
        return f"until {stamp(at.last.parked.until)}: {at.why}"
    if word in {"pending", "blocked"} and at.stage != "blocked":
        return _waits(phase, needs)
    return _again(at) if word == "ready" else at.why


def _again(at: PhaseState) -> str:
    """Say what a phase that was tried before is about to be tried for."""
    if at.reopened:
        return f"sent back by {label(at.by)}"
    if at.reweigh:
        return "to be weighed again"
    if at.attempts and not at.tries and at.why:
        return f"to be done again: {at.why}"
    last = at.last
    if last is None or last.judged is None or last.judged.verdict == "pass":
        return ""
    return f"attempt {last.number} did not pass: {last.judged.summary}"


def _waits(phase: Phase, needs: Mapping[str, Word]) -> str:
    unmet = [n for n, word in needs.items() if word not in {"passed", "skipped"}]
    if not unmet:
        return "" if phase.needs else "not part of this run"
    return "after " + ", ".join(f"{label(n)} ({needs[n]})" for n in unmet)
