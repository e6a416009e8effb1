"""What a check found: the only thing a verdict is made of."""

from dataclasses import dataclass, field
from typing import Literal

Outcome = Literal["pass", "fail", "review", "error"]
"""pass: merge · fail: the product is wrong · error: could not be checked · review."""

CODES: frozenset[str] = frozenset(
    (
        "no-change",
        "comment-only",
        "file-missing",
        "file-empty",
        "out-of-scope",
        "protected-changed",
        "test-removed",
        "test-skipped",
        "test-weakened",
        "base-test-fails",
        "tests-fail",
        "no-report",
        "ids-missing",
        "harness-tampered",
        "report-forged",
        "config-weakened",
        "suppression-added",
        "command-changed",
        "command-failed",
        "expectation-unmet",
        "not-red",
        "red-wrong-reason",
        "reverse-test",
        "tautology",
        "mock-subject",
        "mock-theatre",
        "uncovered-change",
        "mutants-survive",
        "stub-left",
        "partial",
        "requirement-uncovered",
        "marker-missing",
        "marker-orphan",
        "marker-stale",
        "not-wired",
        "parallel-copy",
        "probe-failed",
        "property-failed",
        "env-gate",
        "base-rewritten",
        "git-hidden",
        "late-write",
        "state-tampered",
        "dependency-missing",
        "dependency-shadowed",
        "claim-contradicted",
        "unsafe-path",
        "vacuous-check",
        "zero-tests",
        "tool-missing",
        "timed-out",
        "unsandboxed",
        "plan-changed",
        "reviewer-objects",
        "not-reviewed",
        "merge-conflict",
        "unplanned-deletion",
        "old-failure",
        "flaky",
        "unreadable",
        "blocked",
    )
)
"""The stable reason codes of DESIGN 4.4, and those that were added since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a check did not simply pass, or something worth knowing about it."""

    code: str
    """One of ``CODES``."""
    message: str
    """One sentence: what is wrong, and where it matters what to do."""
    check: str = ""
    """Id of the check that says so."""
    path: str | None = None
    """Relative to the repository root."""
    line: int | None = None
    evidence: str | None = None
    """``sha256:…`` of a stored blob."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCounts:
    """How many test ids ended how."""

    __test__ = False  # not a test class, whatever its name

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    error: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TestChange:
    """Tests by id, before (base) and after (delivered tree)."""

    __test__ = False

    runner: str
    before: TestCounts
    after: TestCounts
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    newly_failing: tuple[str, ...] = ()
    newly_passing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the agent said it did. Shown beside the verdict, never part of it."""

    text: str
    files: tuple[str, ...] = ()
    tests: int | None = None
    """How many tests the agent says pass, when it says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One check's finding about one delivered tree."""

    check: str
    """Id, unique within a gate: ``effect``, ``tests``, ``command:2``."""
    kind: str
    """Family of the check: git, effect, scope, tests, command, marker, ..."""
    verdict: Outcome
    summary: str
    """One line for a person: ``2 of 2 planned files changed``."""
    layer: int = 0
    """Place in the gate's order, 1 (freeze) to 9 (review); 10 is the final gate."""
    decides: bool = True
    """Whether a pass here says that the phase is done; a clean history does not."""
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    command: str | None = None
    exit_code: int | None = None
    duration_s: float = 0.0
    evidence: str | None = None
    """``sha256:…`` of the stored output."""
    tests: TestChange | None = None
    criteria: tuple[int, ...] = field(default=())
    """Indexes into ``Phase.criteria`` that a pass of this check supports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the evidence of one gate amounts to (schema ``weighlock/verdict/1``)."""

    plan: str
    phase: str
    base: str
    head: str
    tree: str
    verdict: Outcome
    reasons: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()
    checks: tuple[Evidence, ...] = ()
    tests: TestChange | None = None
    claim: Claim | None = None
    sandbox: Literal["bubblewrap", "landlock", "none"] = "none"
    duration_s: float = 0.0
