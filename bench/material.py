"""Plans and journals of any size, made from nothing."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from weighlock.cli.snapshot import digest, keep
from weighlock.disk import load
from weighlock.journal.file import FIRST
from weighlock.plan.model import Phase, Plan, Span
from weighlock.run import events as ev

PER_PHASE = 20
"""Events of one phase: three attempts, two conversations each, a pass."""


def plan_text(phases: int) -> str:
    """Write a single-file plan as people write them."""
    lines = ["# Plan: Large", "", "Plan ID: PLAN-LARGE", ""]
    for n in range(1, phases + 1):
        lines += [
            f"## Phase {n:04}: Make part {n}",
            "",
            "**Estimate:** 1-2 hours",
            f"**Dependencies:** {f'Phase {n - 1:04}' if n % 7 else 'None'}",
            "",
            "### Files",
            "",
            f"- Create `src/part{n}.py`",
            f"- Modify `tests/test_part{n}.py`",
            "",
            "### Verification",
            "",
            "```bash",
            f"pytest -q tests/test_part{n}.py",
            f'grep -c "part{n}" src/part{n}.py  # Expected: 2+ occurrences',
            "```",
            "",
            "### Acceptance criteria",
            "",
            f"- [ ] part {n} exists",
            "- [ ] its tests pass",
            "",
        ]
    return "\n".join(lines)


def plan_of(needs: dict[str, tuple[str, ...]]) -> Plan:
    """Make a plan of these phases without a text."""
    phases = tuple(
        Phase(
            key=key,
            title=f"part {key}",
            needs=before,
            needs_from="stated",
            source=Span(file="plan.md", line=1),
        )
        for key, before in needs.items()
    )
    return Plan(id="B", title="Bench", dialect="free", path="plan.md", phases=phases)


def started(keys: tuple[str, ...], plan_digest: str = "") -> ev.RunStarted:
    """Return the event that begins a run."""
    return ev.RunStarted(
        at=0.0,
        run="20261121-120000-aaa",
        plan="large",
        plan_digest=plan_digest,
        plan_path="plan.md",
        base="c0",
        branch="weighlock/large",
        phases=keys,
        selected=keys,
        version="0",
    )


def lived(keys: tuple[str, ...]) -> Iterator[ev.AnyEvent]:
    """Return twenty events for each phase; the third attempt passes."""
    at = 0.0
    for key in keys:
        for number in (1, 2, 3):
            for event in _attempt(key, number):
                at += 1.0
                yield event(at)
        at += 1.0
        yield ev.PhasePassed(
            at=at, phase=key, attempt=3, commit=f"c{key}", tree="t", evidence="e"
        )


def _attempt(key: str, number: int) -> Iterator[Callable[[float], ev.AnyEvent]]:
    one = {"phase": key, "attempt": number}
    said = {"detail": "end_turn", "duration_s": 60.0}
    verdict = "pass" if number == 3 else "fail"
    yield lambda at: ev.AttemptStarted(at=at, agent="claude", base="c0", **one)
    yield lambda at: ev.AgentSpawned(at=at, pid=4711, started=1.0, **one)
    if number == 1:
        yield lambda at: ev.QuestionAsked(at=at, question="Which port?", **one)
    for session in (1, 2):
        yield lambda at, session=session: ev.SessionEnded(
            at=at,
            session=session,
            owner="Developer",
            agent="claude",
            ending="ended",
            summary="I wrote the part and its tests. " * 20,
            **one,
            **said,
        )
    yield lambda at: ev.AgentEnded(
        at=at, ending="ended", claim="All tests pass. " * 20, **one, **said
    )
    yield lambda at: ev.PhaseJudged(
        at=at,
        verdict=verdict,
        codes=() if verdict == "pass" else ("tests-fail",),
        summary="2 tests fail [tests-fail]",
        evidence=f"sha256:{'e' * 64}",
        base="c0",
        head="h",
        tree="t",
        duration_s=3.0,
        checks=12,
        passed=11,
        **one,
    )


def journal_lines(events: Iterator[ev.AnyEvent]) -> Iterator[bytes]:
    """Return the lines of a journal, each with the digest of the one before."""
    before = FIRST
    for seq, event in enumerate(events):
        entry = {"seq": seq, "prev": before, **ev.to_dict(event)}
        line = json.dumps(entry, separators=(",", ":")).encode()
        before = hashlib.sha256(line).hexdigest()
        yield line


def repository(folder: Path, phases: int) -> Path:
    """Make a git repository with a plan and a long run of it; return the plan."""
    mine = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
        subprocess.run(["git", *mine, *words], cwd=folder, check=True)
    path = folder / "plan.md"
    path.write_text(plan_text(phases))
    plan = load(path)
    run = folder / ".git" / "weighlock" / "runs" / "20261121-120000-aaa"
    run.mkdir(parents=True)
    keep(plan, run)
    keys = tuple(phase.key for phase in plan.phases)
    events = iter((started(keys, digest(plan)), *lived(keys)))
    lines = journal_lines(events)
    (run / "journal.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    return path
