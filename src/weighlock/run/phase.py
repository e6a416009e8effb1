"""Where one phase stands: its attempts, and what is known of each."""

from dataclasses import dataclass
from typing import Literal

from weighlock.run import events as ev
from weighlock.run.evidence import Outcome

Stage = Literal[
    "pending",
    "running",
    "verifying",
    "review",
    "passed",
    "failed",
    "error",
    "timed-out",
    "waived",
    "parked",
    "blocked",
]
"""Where a phase stands; ``ready`` follows from the plan (schedule). ``blocked``: its
agent says that it cannot be done, and the gate found no reason to doubt that."""

OPEN: frozenset[Stage] = frozenset({"running", "verifying"})
STUCK: frozenset[Stage] = frozenset(
    {"review", "failed", "error", "timed-out", "blocked"}
)
DONE: frozenset[Stage] = frozenset({"passed", "waived"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptState:
    """One try of one agent at one phase, as far as the journal tells."""

    number: int
    """No other attempt under the same key has it, whatever the plan became."""
    agent: str
    base: str
    started: float
    phase: str = ""
    """The key that its phase had then: its log is named after it."""
    model: str | None = None
    effort: str | None = None
    remediation: bool = False
    sessions: tuple[ev.SessionEnded, ...] = ()
    pid: int = 0
    pid_started: float = 0.0
    ended: float | None = None
    ending: ev.Ending | None = None
    detail: str = ""
    claim: str = ""
    judged: ev.PhaseJudged | None = None
    conflicts: tuple[str, ...] = ()
    rejected: str = ""
    """A person's reason for sending the work back."""
    answered: str = ""
    """What a person said when its agent called the phase impossible."""
    landed: bool = False
    """Whether its work is on the branch."""
    parked: ev.PhaseParked | None = None
    abandoned: str = ""
    """Why it counts for nothing: the process died, the run was stopped or restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseState:
    """Where one phase stands."""

    stage: Stage = "pending"
    attempts: tuple[AttemptState, ...] = ()
    tries: int = 0
    """Attempts that count against the cap since the last retry."""
    commit: str = ""
    tree: str = ""
    evidence: str = ""
    """Digest of the verdict it passed on."""
    passed_at: float | None = None
    why: str = ""
    """Root cause, when it is stuck; reason, when it is waived."""
    hint: str = ""
    blocks: tuple[str, ...] = ()
    """Every reason why it was stuck, oldest first."""
    by: str = ""
    """Who waived or approved."""
    approved: bool = False
    """A person accepts the reviewed work; it is to be merged."""
    reweigh: bool = False
    """Weigh the last delivery again instead of asking an agent for a new one."""
    reopened: str = ""
    """Digest of the verification verdict that sent a passed phase back."""
    question: str = ""
    """What a running attempt waits for."""
    calls: tuple[ev.CallsCounted | ev.BucketLeft, ...] = ()
    """What the gateway told of it, oldest first."""
    counted: int = 0
    """The highest number of an attempt under this key before the plan changed."""

    @property
    def last(self) -> AttemptState | None:
        """Return the newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def next_number(self) -> int:
        """Return the number of the attempt to come."""
        return max(self.counted, self.last.number if self.last else 0) + 1

    @property
    def verdict(self) -> Outcome | None:
        """Return the newest verdict; a waiver does not change it."""
        judged = (a.judged for a in reversed(self.attempts) if not a.abandoned)
        return next((j.verdict for j in judged if j is not None), None)

    @property
    def began_on(self) -> str | None:
        """Return the commit on which its work began that is on the branch."""
        landed = (a.judged for a in self.attempts if a.landed and not a.abandoned)
        return next((judged.base for judged in landed if judged), None)


FRESH = PhaseState()
