"""Plans and states for tests of the core: values made by folding real events."""

from collections.abc import Callable, Sequence

import pytest

from weighlock.plan.model import FileAction, Phase, Plan, Span
from weighlock.run import events as ev
from weighlock.run.state import RunState, fold

AT = Span(file="plan.md", line=1)


def phase_of(key: str, *paths: str, **given) -> Phase:
    """Make a phase that says it will change these paths."""
    files = tuple(FileAction(path=p, action="modify", source=AT) for p in paths)
    shown = {"title": f"title of {key}", "source": AT, "files": files}
    return Phase(key=key, **{**shown, **given})


def plan_with(*phases: Phase, **given) -> Plan:
    """Make a plan of these phases."""
    shown = {"id": "DEMO", "title": "Demo", "dialect": "free", "path": "plan.md"}
    return Plan(phases=phases, **{**shown, **given})


def started(keys: Sequence[str], selected: Sequence[str] | None = None):
    """Return the event that begins a run of these phases."""
    return ev.RunStarted(
        at=0.0,
        run="r1",
        plan="DEMO",
        plan_digest="d",
        plan_path="plan.md",
        base="c0",
        branch="weighlock/demo",
        phases=tuple(keys),
        selected=tuple(keys if selected is None else selected),
        version="0",
    )


def attempted(key: str, number: int = 1, *, at: float = 0.0, agent: str = "a"):
    """Return the event that begins an attempt."""
    return ev.AttemptStarted(
        at=at, phase=key, attempt=number, agent=agent, base="c0", model=None
    )


def agent_ended(key: str, number: int = 1, ending: ev.Ending = "ended", at: float = 0):
    """Return the event that ends an agent's work."""
    return ev.AgentEnded(
        at=at,
        phase=key,
        attempt=number,
        ending=ending,
        detail="why",
        claim="I did it",
        duration_s=1.0,
    )


def judged(key: str, verdict: str = "fail", number: int = 1, at: float = 0.0):
    """Return the event of a verdict."""
    return ev.PhaseJudged(
        at=at,
        phase=key,
        attempt=number,
        verdict=verdict,
        codes=(),
        summary=f"it is {verdict}",
        evidence="sha256:e",
        base="c0",
        head="h",
        tree="t",
        duration_s=1.0,
    )


def passed(key: str, number: int = 1, at: float = 0.0):
    """Return the event that lands a phase."""
    return ev.PhasePassed(
        at=at, phase=key, attempt=number, commit=f"c-{key}", tree="t", evidence="e"
    )


def done(key: str, *, at: float = 0.0, until: float = 0.0) -> list[ev.AnyEvent]:
    """Return the events of a phase that passes at once."""
    return [
        attempted(key, at=at),
        agent_ended(key, at=at),
        judged(key, "pass", at=until),
        passed(key, at=until),
    ]


class Happening:
    """Everything that can be said to have happened, by name."""

    phase = staticmethod(phase_of)
    plan = staticmethod(plan_with)
    started = staticmethod(started)
    attempted = staticmethod(attempted)
    agent_ended = staticmethod(agent_ended)
    judged = staticmethod(judged)
    passed = staticmethod(passed)
    done = staticmethod(done)


@pytest.fixture(scope="session")
def say() -> type[Happening]:
    return Happening


@pytest.fixture(scope="session")
def after() -> Callable[..., RunState]:
    """Fold what happened after a run of these phases began."""
    return lambda keys, *what, selected=None: fold([started(keys, selected), *what])
