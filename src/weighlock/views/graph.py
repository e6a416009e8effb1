"""Draw the order of a plan's phases: text, mermaid, dot, SVG, data."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from weighlock.plan import order
from weighlock.plan.model import Phase, Plan
from weighlock.views import layout
from weighlock.views import svg as ink
from weighlock.views.signs import SIGNS, Sign, sign

States = Mapping[str, str]
"""Key → state, a word of ``views.signs``; phases that are not in it have none."""

_STYLE = (
    ".wl-bg{fill:#fff}.wl-box{fill:#f5f7fa;stroke:#97a1b0}.wl-key{fill:#131a26;"
    "font-weight:700}.wl-title{fill:#222b3a}.wl-soft{fill:#566174}"
    ".wl-edge{fill:none;stroke:#76829a;stroke-width:1.4}.wl-tip{fill:#76829a}"
    ".wl-bad{stroke:#d64545;stroke-dasharray:5 4}.wl-badtip{fill:#d64545}"
    "@media(prefers-color-scheme:dark){.wl-bg{fill:#14181f}.wl-box{fill:#1e242e;"
    "stroke:#56627a}.wl-key{fill:#f2f5fa}.wl-title{fill:#dde3ed}.wl-soft{fill:#a5b0c2}"
    ".wl-edge{stroke:#8592aa}.wl-tip{fill:#8592aa}.wl-bad{stroke:#f07272}"
    ".wl-badtip{fill:#f07272}}"
)
_WIDTH, _TITLE, _LINE = 212.0, 12.0, 15.0
_STRAIGHT = 0.5
"""An edge that moves sideways by less is drawn as a line."""


def svg(plan: Plan, states: States | None = None) -> str:
    """Draw the phases as one self-contained SVG, readable on light and dark ground.

    Needs that others imply are left out; a need that closes a cycle is dashed.
    """
    states = states or {}
    needs = order.needs_of(plan.phases)
    _, closing = order.acyclic(needs)
    titles = {p.key: ink.wrap(p.title, _WIDTH - 22, _TITLE, 2) for p in plan.phases}
    lines = max((len(t) for t in titles.values()), default=1)
    box = layout.Box(width=_WIDTH, height=26 + lines * _LINE)
    placed = layout.arrange(order.reduced(needs), box)
    parts = [
        f'<rect class="wl-bg" width="{placed.width:g}" height="{placed.height:g}"/>',
        _tip("wl-tip"),
        _tip("wl-badtip"),
        *(_edge(edge) for edge in placed.edges),
        *(_closing(placed.places[a], placed.places[b], box) for a, b in closing),
        *(
            _box(p, titles[p.key], placed.places[p.key], box, states.get(p.key))
            for p in plan.phases
            if p.key in placed.places
        ),
    ]
    label = f"{plan.title or plan.id}: the order of {len(plan.phases)} phases"
    return ink.document(placed.width, placed.height, label, _STYLE, "".join(parts))


def _tip(name: str) -> str:
    return (
        f'<marker id="{name}" markerWidth="8" markerHeight="8" refX="7" refY="4" '
        f'orient="auto"><path class="{name}" d="M0 0L8 4L0 8z"/></marker>'
    )


def _edge(edge: layout.Edge) -> str:
    path = ["M{:g} {:g}".format(*edge.points[0])]
    for (x0, y0), (x1, y1) in pairwise(edge.points):
        bend = (y0 + y1) / 2
        straight = edge.turns or abs(x0 - x1) < _STRAIGHT
        path.append(
            f"L{x1:g} {y1:g}"
            if straight
            else f"C{x0:g} {bend:g} {x1:g} {bend:g} {x1:g} {y1:g}"
        )
    return f'<path class="wl-edge" marker-end="url(#wl-tip)" d="{"".join(path)}"/>'


def _closing(to: layout.Point, start: layout.Point, box: layout.Box) -> str:
    """Draw a need that closes a cycle, round the right side of both boxes."""
    x0, y0 = start[0] + box.width, start[1] + box.height / 2
    x1, y1 = to[0] + box.width, to[1] + box.height / 2
    out = max(x0, x1) + box.gap_x
    return (
        f'<path class="wl-edge wl-bad" marker-end="url(#wl-badtip)" '
        f'd="M{x0:g} {y0:g}C{out:g} {y0:g} {out:g} {y1:g} {x1:g} {y1:g}">'
        "<title>closes a cycle</title></path>"
    )


def _box(
    phase: Phase,
    title: Sequence[str],
    corner: layout.Point,
    box: layout.Box,
    state: str | None,
) -> str:
    x, y = corner
    shown = sign(state) if state else None
    word = f"{shown.glyph} {shown.word}" if shown else ""
    parts = [
        f"<g><title>{ink.escape(_told(phase, shown))}</title>",
        _frame(corner, box, 14 if phase.kind == "verification" else 4),
        _bar(x, y, box, shown),
        ink.text(x + 12, y + 17, _head(phase, word), size=12, look="wl-key"),
    ]
    if shown:
        edge = x + box.width - 10
        parts.append(
            ink.text(edge, y + 17, word, size=11, look="wl-soft", anchor="end")
        )
    for at, line in enumerate(title):
        below = y + 34 + at * _LINE
        parts.append(ink.text(x + 12, below, line, size=_TITLE, look="wl-title"))
    return "".join([*parts, "</g>"])


def _frame(corner: layout.Point, box: layout.Box, corners: int) -> str:
    return (
        f'<rect class="wl-box" x="{corner[0]:g}" y="{corner[1]:g}" '
        f'width="{box.width:g}" height="{box.height:g}" rx="{corners}"/>'
    )


def _bar(x: float, y: float, box: layout.Box, shown: Sign | None) -> str:
    if shown is None:
        return ""
    return (
        f'<rect x="{x + 4:g}" y="{y + 7:g}" width="3" height="{box.height - 14:g}" '
        f'rx="1.5" fill="{shown.color}"/>'
    )


def _head(phase: Phase, word: str) -> str:
    """Return key and group, cut where the state's word needs the room."""
    group = f" · group {phase.group}" if phase.group else ""
    room = _WIDTH - 30 - ink.text_width(word, 11)
    return ink.fit(f"{phase.key}{group}", room, 12)


def _told(phase: Phase, shown: Sign | None) -> str:
    parts = [f"{phase.key} {phase.title}"]
    if phase.verifies:
        parts.append(f"verifies {phase.verifies}")
    if phase.needs:
        parts.append(f"needs {', '.join(phase.needs)}")
    if shown:
        parts.append(shown.word)
    return "; ".join(parts)


def mermaid(plan: Plan, states: States | None = None) -> str:
    """Write a mermaid flowchart; states become a word and a class."""
    states, names = states or {}, _names(plan)
    lines = ["flowchart TD"]
    for phase in plan.phases:
        label = f"{phase.key} {phase.title}"
        state = states.get(phase.key)
        if state:
            label += f"<br>{sign(state).glyph} {sign(state).word}"
        label = label.replace("#", "#35;").replace('"', "#quot;").replace("`", "'")
        look = f":::{_class(state)}" if state else ""
        lines.append(f'  {names[phase.key]}["{label}"]{look}')
    lines += [f"  {names[a]} --> {names[b]}" for a, b in _edges(plan)]
    used = sorted({s for s in states.values() if s in SIGNS})
    lines += [f"  classDef {_class(s)} stroke:{sign(s).color}" for s in used]
    return "\n".join(lines) + "\n"


def dot(plan: Plan, states: States | None = None) -> str:
    """Write a Graphviz digraph."""
    states, names = states or {}, _names(plan)
    lines = ["digraph plan {", "  node [shape=box, fontname=sans];"]
    for phase in plan.phases:
        label, look = f"{phase.key} {phase.title}", ""
        state = states.get(phase.key)
        if state:
            label += f"\n{sign(state).glyph} {sign(state).word}"
            look = f', color="{sign(state).color}"'
        quoted = label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        lines.append(f'  {names[phase.key]} [label="{quoted}"{look}];')
    lines += [f"  {names[a]} -> {names[b]};" for a, b in _edges(plan)]
    return "\n".join([*lines, "}"]) + "\n"


def data(plan: Plan, states: States | None = None) -> dict[str, object]:
    """Return the graph for programs (schema ``weighlock/graph/1``)."""
    states = states or {}
    needs = order.needs_of(plan.phases)
    depth = {k: i for i, layer in enumerate(order.layers(needs)) for k in layer}
    stated = {p.key: p.needs_from == "stated" for p in plan.phases}
    return {
        "schema": "weighlock/graph/1",
        "plan": plan.id,
        "nodes": [
            {
                "key": p.key,
                "title": p.title,
                "kind": p.kind,
                "group": p.group,
                "layer": depth[p.key],
                "state": states.get(p.key),
            }
            for p in plan.phases
        ],
        "edges": [
            {"from": need, "to": key, "stated": stated[key]}
            for need, key in _edges(plan)
        ],
        "cycles": [list(cycle) for cycle in order.cycles(needs)],
    }


def _edges(plan: Plan) -> list[tuple[str, str]]:
    needs = order.needs_of(plan.phases)
    return [(need, key) for key, before in needs.items() for need in before]


def _names(plan: Plan) -> dict[str, str]:
    return {p.key: f"p{i}" for i, p in enumerate(plan.phases)}


def _class(state: str | None) -> str:
    return "".join(c for c in state or "" if c.isalnum()) or "plain"
