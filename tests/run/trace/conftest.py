"""Plans, markers and passes for tests of the trace, as small values."""

from dataclasses import replace

import pytest

from weighlock.plan.model import Phase, Plan, Requirement, Source, Span
from weighlock.run.phase import PhaseState
from weighlock.run.state import RunState
from weighlock.run.trace.marker import Marker, Node
from weighlock.run.trace.matrix import trace
from weighlock.run.trace.model import Landing
from weighlock.run.trace.weighed import Weighed

AT = Span(file="plan.md", line=1)


def requirement(id_: str, *phases: str, text: str = "It works.", **more) -> Requirement:
    return Requirement(id=id_, text=text, phases=phases, source=AT, **more)


def plan(*requirements: Requirement, phases=("03", "05"), pages=(), **more) -> Plan:
    """Make a plan of implementation phases that ask for markers."""
    shown = {"id": "PLAN-X", "title": "X", "dialect": "free", "path": "plan.md"}
    return Plan(
        **shown | more,
        requirements=requirements,
        phases=tuple(
            Phase(key=key, title=f"title of {key}", markers=True, source=AT)
            for key in phases
        ),
        sources=tuple(Source(path=p, data=d.encode()) for p, d in pages),
    )


def node(name="take", line=10, end=20, digest="d1", kind="function") -> Node:
    return Node(kind=kind, name=name, line=line, end_line=end, digest=digest)


def req(id_: str, line=9, path="src/a.py", node=None, **more) -> Marker:
    return Marker(
        kind="requirement", id=id_, path=path, line=line, column=1, node=node, **more
    )


def phase(key: str, line=8, path="src/a.py", node=None, id="PLAN-X", **more) -> Marker:  # noqa: A002
    return Marker(
        kind="plan", id=id, phase=key, path=path, line=line, column=1, node=node, **more
    )


def passed(*keys: str, landings=(), **more) -> Weighed:
    """Say that phases passed, each with a commit of its own."""
    phases = {
        k: PhaseState(stage="passed", commit=f"c{k}", evidence=f"e{k}") for k in keys
    }
    landed = tuple(
        Landing(phase=key, commit=f"c{key}", changed=changed)
        for key, changed in (landings or [(k, {}) for k in keys])
    )
    state = replace(RunState(run="r1", phases=phases), **more.pop("state", {}))
    return Weighed(state=state, landings=landed, **more)


class Make:
    """Everything by name."""

    requirement = staticmethod(requirement)
    plan = staticmethod(plan)
    node = staticmethod(node)
    req = staticmethod(req)
    phase = staticmethod(phase)
    passed = staticmethod(passed)
    trace = staticmethod(trace)

    @staticmethod
    def state(found, id_: str) -> str:
        [row] = [r for r in found.rows if r.id == id_]
        return row.state

    @staticmethod
    def row(found, id_: str):
        [row] = [r for r in found.rows if r.id == id_]
        return row


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
