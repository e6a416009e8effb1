"""What holds of every trace, whatever plan, markers and run it is made of."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan.model import Phase, Plan, Requirement, Span
from weighlock.run.trace.marker import Marker, Node
from weighlock.run.trace.matrix import trace
from weighlock.run.trace.model import STATES, Drift
from weighlock.run.trace.query import at
from weighlock.run.trace.weighed import Weighed

AT = Span(file="plan.md", line=1)
KEYS = ("01", "02", "03")
IDS = ("REQ-1", "REQ-2", "REQ-3")
PATHS = ("a.py", "b.py", "t/test_a.py")
FEW = settings(max_examples=60, deadline=None)


@st.composite
def nodes(draw):
    line = draw(st.integers(1, 40))
    return Node(
        kind="function",
        name=draw(st.sampled_from(("f", "g"))),
        line=line,
        end_line=line + draw(st.integers(0, 20)),
        digest=draw(st.sampled_from(("d1", "d2"))),
    )


@st.composite
def markers(draw, plans=("PLAN-X", "PLAN-Y")):
    kind = draw(st.sampled_from(("plan", "requirement", "pseudocode", "tag")))
    ids = {
        "plan": plans,
        "requirement": (*IDS, "REQ-9", "OTHER-1", "REQ-1.2"),
        "pseudocode": ("a.md",),
        "tag": ("req~REQ-1", "req~x"),
    }
    path = draw(st.sampled_from(PATHS))
    return Marker(
        kind=kind,
        id=draw(st.sampled_from(ids[kind])),
        path=path,
        line=draw(st.integers(1, 60)),
        column=draw(st.integers(1, 3)),
        phase=draw(st.sampled_from(("", *KEYS, "77"))) if kind == "plan" else "",
        lines=(1, 2) if kind == "pseudocode" else None,
        covering="impl" if kind == "tag" else "",
        is_test=path.startswith("t/"),
        node=draw(st.none() | nodes()),
    )


@st.composite
def plans(draw):
    cited = st.lists(st.sampled_from(KEYS), unique=True, max_size=3)
    return Plan(
        id="PLAN-X",
        title="X",
        dialect="free",
        path="plan.md",
        phases=tuple(
            Phase(key=k, title=k, markers=draw(st.booleans()), source=AT) for k in KEYS
        ),
        requirements=tuple(
            Requirement(id=i, text="t", phases=tuple(draw(cited)), source=AT)
            for i in IDS
        ),
    )


@st.composite
def runs(draw):
    from weighlock.run.phase import PhaseState
    from weighlock.run.state import RunState

    stages = st.sampled_from(("pending", "passed", "waived", "failed"))
    then = {"f": frozenset({draw(st.sampled_from(("d1", "d2")))})}
    return Weighed(
        state=RunState(phases={k: PhaseState(stage=draw(stages)) for k in KEYS}),
        drifted={"a.py": Drift(now="n", then=then)} if draw(st.booleans()) else {},
    )


MANY = st.lists(markers(), max_size=14, unique_by=lambda m: (m.path, m.line, m.column))
"""Two markers cannot stand in one place."""


@given(plan=plans(), found=MANY, weighed=runs())
@FEW
def test_every_requirement_and_phase_has_one_row_and_one_state(plan, found, weighed):
    rows = trace(plan, found, weighed=weighed).rows
    told = [r.id for r in rows if r.kind == "requirement"]
    assert told == list(IDS)
    assert [r.id for r in rows if r.kind == "phase"] == list(KEYS)
    assert all(r.state in STATES and r.why for r in rows)
    assert len({(r.kind, r.id) for r in rows}) == len(rows)


@given(plan=plans(), found=MANY, weighed=runs(), seed=st.integers())
@FEW
def test_the_order_of_the_markers_is_of_no_meaning(plan, found, weighed, seed):
    shuffled = list(found)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret
    assert trace(plan, found, weighed=weighed) == trace(plan, shuffled, weighed=weighed)


@pytest.mark.slow
@given(plan=plans(), found=MANY, weighed=runs(), more=markers(plans=("PLAN-X",)))
@FEW
def test_one_more_marker_of_the_plan_uncovers_nothing(plan, found, weighed, more):
    bad = {"uncovered", "unmarked"}
    before = trace(plan, found, weighed=weighed).rows
    after = {
        (r.kind, r.id): r for r in trace(plan, [*found, more], weighed=weighed).rows
    }
    for row in before:
        if row.state in {"covered", "suspect"} and row.kind in {"requirement", "phase"}:
            assert after[row.kind, row.id].state not in bad


@given(plan=plans(), found=MANY, weighed=runs())
@FEW
def test_backward_is_the_inverse_of_forward(plan, found, weighed):
    made = trace(plan, found, weighed=weighed)
    forward = {
        (row.kind, row.id, place.marker.path, line)
        for row in made.rows
        for place in row.places
        for line in range(place.unit.first, (place.unit.last or 80) + 1)
    }
    backward = {
        (row.kind, row.id, path, line)
        for path in PATHS
        for line in range(1, 81)
        for row, _ in at(made, path, line)
    }
    assert forward == backward


@given(plan=plans(), found=MANY, weighed=runs())
@FEW
def test_no_marker_is_lost(plan, found, weighed):
    """Each is at a place of some row, or stands beside one that says the same."""
    made = trace(plan, found, weighed=weighed)
    assert made.markers == len(found)
    ours = [
        m for m in found
        if m.kind == "requirement" and m.id in IDS and m.node is None
    ]  # fmt: skip
    rows = {r.id: r for r in made.rows if r.kind == "requirement"}
    foreign = {(m.path) for m in found if m.id == "PLAN-Y"}
    for marker in ours:
        if marker.path not in foreign:
            held = [p for p in rows[marker.id].places if p.marker.path == marker.path]
            assert any(p.unit.first <= marker.line for p in held)
