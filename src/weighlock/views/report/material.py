"""What a report is written from, and the questions every part of it asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from weighlock.plan.model import Plan
from weighlock.run.events import AnyEvent
from weighlock.run.evidence import Verdict
from weighlock.run.phase import AttemptState, PhaseState
from weighlock.run.state import RunState
from weighlock.views.claims import phantom
from weighlock.views.report.blocks import Look, Span, Words
from weighlock.views.signs import sign
from weighlock.views.state import GROUPS, Row, Seen, Word, rows
from weighlock.views.text import label

TONES: Mapping[str, Look] = {
    "you": "you",
    "bad": "bad",
    "live": "live",
    "strong": "strong",
    "dim": "soft",
    "good": "good",
}
VERDICTS: Mapping[str, Look] = {
    "pass": "good",
    "fail": "bad",
    "review": "you",
    "error": "you",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report needs; nothing is looked up while it is written."""

    plan: Plan
    state: RunState
    events: tuple[AnyEvent, ...]
    """The whole journal, oldest first."""
    verdict: Callable[[str], Verdict | None]
    """Digest of a stored verdict → the verdict, or None when it is gone."""
    now: float
    """When the report is written, seconds since the epoch, UTC."""
    head: str = ""
    """SHA-256 of the journal's last line, as hex digits."""
    version: str = ""
    graph: str = ""
    """The plan's order as SVG."""
    alive: bool | None = None
    """Whether a process works on the run."""
    _rows: tuple[Row, ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        seen = Seen(now=self.now, alive=self.alive)
        object.__setattr__(self, "_rows", rows(self.plan, self.state, seen))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return every phase as all surfaces show it, in plan order."""
        return self._rows

    def judged(self, attempt: AttemptState) -> Verdict | None:
        """Return the stored verdict about one attempt."""
        return self.verdict(attempt.judged.evidence) if attempt.judged else None

    def settled(self, key: str) -> Verdict | None:
        """Return the verdict a phase passed on, or the newest about it."""
        at = self.state.phase(key)
        if at.evidence:
            return self.verdict(at.evidence)
        last = next((a for a in reversed(at.attempts) if a.judged), None)
        return self.judged(last) if last else None


def lied(attempt: AttemptState) -> bool:
    """Say whether an attempt's claim is contradicted by its verdict."""
    judged = attempt.judged
    return judged is not None and phantom(attempt.claim, judged.verdict, judged.codes)


def phantoms(at: PhaseState) -> int:
    """Count the attempts of a phase that claimed what was not there."""
    return sum(lied(a) for a in at.attempts)


def state_words(word: Word) -> Words:
    """Return a state's sign and word."""
    tone = TONES[GROUPS[word][1]]
    return (Span(f"{sign(word).glyph} {word}", tone),)


def verdict_words(verdict: str) -> Words:
    """Return a verdict's word."""
    return (Span(verdict, VERDICTS.get(verdict, "")),) if verdict else ()


def phase_link(key: str) -> Span:
    """Return a phase's name, linked to its part of the report."""
    return Span(label(key), "strong", anchor(key))


def anchor(key: str) -> str:
    """Return the anchor of a phase's part."""
    return "phase-" + "".join(c if c.isalnum() else "-" for c in key)


def digest_words(digest: str | None) -> Words:
    """Return a digest, shortened to what a person compares."""
    if not digest:
        return ("",)
    return (Span(digest.removeprefix("sha256:")[:12], "code"),)
