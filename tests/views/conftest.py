"""A run as it happens: twelve phases, a lie, a mend, a waiver, a review, a time-out."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import pytest

from weighlock.plan import model as m
from weighlock.run import events as ev
from weighlock.run.evidence import (
    Claim,
    Evidence,
    Outcome,
    Reason,
    TestChange,
    TestCounts,
    Verdict,
)
from weighlock.run.state import RunState, fold

START = 1_795_252_320.0  # 2026-11-21T09:12:00Z

PHASES = (
    ("0.5", "Preflight verification", "preflight", (), "Integration Tester"),
    ("03", "Classification stub", "stub", ("0.5",), "TypeScript Developer"),
    ("03a", "Classification stub verification", "verification", ("03",), None),
    ("04", "Classification tests first", "tdd", ("03a",), "TypeScript Developer"),
    ("05", "Classification implementation", "impl", ("04",), "TypeScript Developer"),
    ("05a", "Classification verification", "verification", ("05",), None),
    ("06", "Error reporting with detailed reasons", "impl", ("05a",), None),
    ("07", "Foreground reauthentication", "impl", ("05a",), None),
    ("08", "Proactive renewal 更新 of tokens", "impl", ("05a",), None),
    ("09", "Bucket store on disk", "impl", ("06",), None),
    ("10", "Wire the retry loop", "integration", ("08", "09"), None),
    ("11", "Remove the old handler", "deprecation", ("09",), None),
)


def span(line: int, file: str = "plan.md") -> m.Span:
    return m.Span(file=file, line=line)


def make_phase(
    key: str,
    title: str,
    kind: m.Kind = "impl",
    needs: Iterable[str] = (),
    **more: object,
) -> m.Phase:
    return m.Phase(
        key=key, title=title, kind=kind, needs=tuple(needs), source=span(10), **more
    )


def digest(word: str) -> str:
    return "sha256:" + hashlib.sha256(word.encode()).hexdigest()


@dataclass
class Story:
    """Events one after the other, and the verdicts they name."""

    plan: m.Plan
    at: float = START
    events: list[ev.AnyEvent] = field(default_factory=list)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    @property
    def state(self) -> RunState:
        return fold(self.events)

    def verdict(self, digest: str) -> Verdict | None:
        return self.verdicts.get(digest)

    def tell(
        self, kind: Callable[..., ev.AnyEvent], minutes: float = 0.0, **facts: object
    ):
        self.at += minutes * 60
        self.events.append(kind(at=self.at, **facts))

    def begin(self, **more: object) -> "Story":
        keys = tuple(p.key for p in self.plan.phases)
        facts = {
            "run": "20261121-7f3a",
            "plan": self.plan.id,
            "plan_digest": digest("plan"),
            "plan_path": "project-plans/failover/plan",
            "base": "1f3a9c0e7d" * 4,
            "branch": f"weighlock/{self.plan.id}",
            "phases": keys,
            "selected": keys,
            "version": "0.1.0",
        }
        self.tell(ev.RunStarted, **(facts | more))
        return self

    def start(self, phase: str, attempt: int = 1, minutes: float = 0.2, **more: object):
        facts = {"agent": "claude", "base": "1f3a9c0e7d" * 4}
        self.tell(
            ev.AttemptStarted, minutes, phase=phase, attempt=attempt, **(facts | more)
        )

    def work(
        self,
        phase: str,
        attempt: int,
        minutes: float,
        claim: str = "Done.",
        ending: ev.Ending = "ended",
        detail: str = "",
    ):
        self.tell(
            ev.AgentEnded,
            minutes,
            phase=phase,
            attempt=attempt,
            ending=ending,
            detail=detail,
            claim=claim,
            duration_s=minutes * 60,
        )

    def judge(
        self,
        phase: str,
        attempt: int,
        verdict: Outcome,
        summary: str,
        reasons: tuple[Reason, ...] = (),
        **more: object,
    ):
        minutes = 1.0
        name = digest(f"{phase}-{attempt}")
        self.verdicts[name] = make_verdict(phase, verdict, reasons, **more)
        checks = self.verdicts[name].checks
        self.tell(
            ev.PhaseJudged,
            minutes,
            phase=phase,
            attempt=attempt,
            verdict=verdict,
            codes=tuple(r.code for r in reasons),
            summary=summary,
            evidence=name,
            base="1f3a9c0e7d" * 4,
            head=digest(f"head {phase} {attempt}")[7:47],
            tree="77aa00ffee" * 4,
            duration_s=minutes * 60,
            checks=len(checks),
            passed=sum(c.verdict == "pass" for c in checks),
            before="41/0/2/0",
            after="49/0/2/0",
        )

    def land(self, phase: str, attempt: int, approved_by: str = ""):
        self.tell(
            ev.PhasePassed,
            0.05,
            phase=phase,
            attempt=attempt,
            commit=digest("commit" + phase)[7:47],
            tree="77aa00ffee" * 4,
            evidence=digest(f"{phase}-{attempt}"),
            approved_by=approved_by,
        )

    def passed(self, phase: str, minutes: float, **more: object):
        self.start(phase, **more)
        self.work(phase, 1, minutes)
        self.judge(phase, 1, "pass", "4 of 4 checks passed")
        self.land(phase, 1)


CHECKS = (
    ("freeze", "git", None, "tree 77aa00f frozen", 1),
    ("effect", "effect", None, "2 of 2 planned files changed", 3),
    ("tests", "tests", "npx vitest run --reporter=junit", "49 passed", 4),
    ("command:1", "command", "grep -c @plan: src/failover.ts", "3, wanted 2+", 6),
)
TESTS = TestChange(
    runner="vitest",
    before=TestCounts(passed=41, skipped=2),
    after=TestCounts(passed=49, skipped=2),
    added=tuple(f"failover.test.ts::classifies case {i}" for i in range(8)),
)


def make_verdict(
    phase: str,
    verdict: Outcome,
    reasons: tuple[Reason, ...] = (),
    claim: Claim | None = None,
    tests: TestChange = TESTS,
) -> Verdict:
    bad = {r.check: r for r in reasons}
    checks = tuple(
        Evidence(
            check=name,
            kind=kind,
            verdict=verdict if name in bad else "pass",
            summary=bad[name].message if name in bad else summary,
            layer=layer,
            command=command,
            exit_code=(1 if name in bad else 0) if command else None,
            duration_s=3.2 if command else 0.1,
            evidence=digest(name + phase),
            criteria=(0,) if name == "tests" else (),
        )
        for name, kind, command, summary, layer in CHECKS
    )
    return Verdict(
        plan="oauth-failover",
        phase=phase,
        base="1f3a9c0e7d" * 4,
        head="9b0c7a11aa" * 4,
        tree="77aa00ffee" * 4,
        verdict=verdict,
        reasons=reasons,
        checks=checks,
        tests=tests,
        claim=claim,
        sandbox="bubblewrap",
        duration_s=12.5,
    )


def reason(
    code: str,
    check: str,
    message: str,
    path: str | None = None,
    line: int | None = None,
) -> Reason:
    return Reason(
        code=code,
        check=check,
        message=message,
        path=path,
        line=line,
        evidence=digest(code),
    )


def make_plan() -> m.Plan:
    phases = tuple(
        make_phase(
            key,
            title,
            kind,
            needs,
            owner=owner,
            needs_from="stated",
            estimate="1-2 hours",
            verifies=key[:-1] if kind == "verification" else None,
            requirements=("REQ-001",) if key in {"04", "05"} else (),
            criteria=(
                m.Criterion(text="429 rotates at once", done=True, source=span(31)),
                m.Criterion(text="The reason is shown", done=False, source=span(32)),
            )
            if key == "05"
            else (),
            files=(
                m.FileAction(path="src/failover.ts", action="modify", source=span(14)),
            ),
        )
        for key, title, kind, needs, owner in PHASES
    )
    return m.Plan(
        id="oauth-failover",
        title="OAuth failover across buckets",
        dialect="phase-directory",
        path="project-plans/failover/plan",
        phases=phases,
        requirements=(
            m.Requirement(
                id="REQ-001",
                text="A 429 rotates to the next bucket",
                phases=("04", "05"),
                source=span(12, "overview.md"),
            ),
            m.Requirement(
                id="REQ-002",
                text="An unknown fault stops the rotation",
                phases=(),
                source=span(13, "overview.md"),
            ),
        ),
    )


NOTHING = reason(
    "no-change",
    "effect",
    "src/failover.ts was to be changed and is as it was",
    "src/failover.ts",
)


def first_half(s: Story) -> None:
    facts = {"verdict": "pass", "summary": "41 passed, 2 skipped"}
    s.tell(ev.PreflightChecked, 0.1, name="tests", **facts)
    s.tell(
        ev.PreflightChecked,
        0.1,
        name="lint",
        verdict="error",
        summary="eslint: 3 warnings at base",
        hint="they are recorded and do not count against a phase",
    )
    s.passed("0.5", 2)
    s.start("03")
    claim = "COMPLETE ✅ 10 new tests passing, all files created."
    s.work("03", 1, 6, claim=claim)
    said = Claim(text=claim, files=("src/failover.ts",), tests=10)
    s.judge("03", 1, "fail", "nothing was changed", (NOTHING,), claim=said)
    s.start("03", 2, remediation=True)
    s.work("03", 2, 9, claim="I really wrote the stub now.")
    s.judge("03", 2, "pass", "4 of 4 checks passed")
    s.land("03", 2)
    s.passed("03a", 1, agent="weighlock")
    s.passed("04", 18)
    s.start("05")
    s.work("05", 1, 21)
    failing = reason(
        "tests-fail",
        "tests",
        "failover.test.ts::rotates on 429 fails: expected 2, got 1",
        "src/failover.ts",
        88,
    )
    s.judge("05", 1, "fail", "1 of 49 tests fails", (failing,))
    s.start("05", 2, remediation=True)
    s.work("05", 2, 7)
    scope = reason(
        "out-of-scope",
        "effect",
        "auth/store.ts was changed, the plan does not name it",
        "auth/store.ts",
        12,
    )
    s.judge("05", 2, "review", "auth/store.ts lies outside the scope", (scope,))
    s.tell(
        ev.PhaseBlocked,
        phase="05",
        state="review",
        why="auth/store.ts lies outside the scope",
    )
    s.tell(ev.PhaseApproved, 14, phase="05", by="maria", reason="typo mended, fine")
    s.land("05", 2, approved_by="maria")
    s.passed("05a", 1, agent="weighlock")


def second_half(s: Story) -> None:
    s.start("06", agent="codex")
    s.work("06", 1, 12, claim="<script>alert(1)</script>\x1b[31m done & dusted")
    weak = reason("test-weakened", "tests", "an assertion vanished", "a.test.ts", 7)
    s.judge("06", 1, "fail", "an assertion vanished", (weak,))
    s.tell(
        ev.PhaseBlocked,
        phase="06",
        state="failed",
        why="attempts used up: an assertion vanished",
        hint="read: weighlock why 06",
    )
    s.tell(ev.PhaseWaived, 5, phase="06", by="maria", reason="ships in 2.1, see #1601")
    s.start("08")
    s.start("07")
    s.work("07", 1, 16)
    touch = reason(
        "protected-changed",
        "effect",
        "vitest.config.ts was changed",
        "vitest.config.ts",
        3,
    )
    s.judge("07", 1, "review", "vitest.config.ts was changed", (touch,))
    s.tell(
        ev.PhaseBlocked,
        phase="07",
        state="review",
        why="vitest.config.ts was changed",
        hint="look: weighlock diff 07",
    )
    s.work("08", 1, 104, ending="timed-out", detail="120 minutes", claim="")
    s.judge("08", 1, "fail", "nothing was changed", (NOTHING,))
    s.tell(
        ev.PhaseBlocked,
        phase="08",
        state="timed-out",
        why="the agent ran out of time: 120 minutes",
        hint="split the phase into smaller ones, raise limits.phase_minutes, "
        "or look why it takes so long: weighlock logs 08",
    )
    s.start("09", agent="opencode", model="kimi")


@pytest.fixture
def story() -> Story:
    """A run two hours old: everything that can happen has happened once."""
    told = Story(plan=make_plan()).begin()
    first_half(told)
    second_half(told)
    return told


@pytest.fixture
def blank() -> Story:
    """The same plan, begun a moment ago."""
    return Story(plan=make_plan()).begin()


@pytest.fixture
def chain():
    """Make a plan of phases that each need the one before."""

    def make(number: int, **more: object) -> Story:
        keys = [f"{i:02}" for i in range(1, number + 1)]
        phases = tuple(
            make_phase(key, f"Step {key}", needs=keys[max(0, i - 1) : i], **more)
            for i, key in enumerate(keys)
        )
        plan = replace(make_plan(), id="chain", phases=phases, requirements=())
        return Story(plan=plan).begin()

    return make
