"""A unit's own lines together with what its dialect read elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from weighlock.plan.body import Body, read_body
from weighlock.plan.model import Phase, Span
from weighlock.plan.outline import Unit


def whole_body(unit: Unit) -> Body:
    """Read a unit, set its positions right, put in what its dialect read elsewhere."""
    body = read_body(unit)
    # The box that starts a phase is its state, not something it has to meet.
    criteria = tuple(c for c in body.phase.criteria if c.source.line != unit.first)
    phase, read = replace(body.phase, criteria=criteria), body.read
    if unit.places:
        phase = _moved(phase, unit.places)
        read = frozenset(unit.places)
    more = unit.added
    spans = [c.source for c in more.criteria] + [c.source for c in more.commands]
    read |= {span.line for span in spans} | {f.source.line for f in more.files}
    if more.whole:
        phase = replace(phase, files=(), criteria=())
    known = {f.path for f in more.files}
    said = {c.source for c in phase.criteria}
    phase = replace(
        phase,
        owner=phase.owner or more.owner,
        estimate=phase.estimate or more.estimate,
        kind=more.kind or phase.kind,
        requirements=more.requirements or phase.requirements,
        files=(*more.files, *(f for f in phase.files if f.path not in known)),
        commands=(*phase.commands, *more.commands),
        criteria=(*phase.criteria, *(c for c in more.criteria if c.source not in said)),
    )
    return replace(body, phase=phase, read=read)


def _moved(phase: Phase, places: Sequence[int]) -> Phase:
    """Let the positions of a phase point into the file its page was written from."""

    def moved(span: Span) -> Span:
        end = places[(span.end_line or span.line) - 1]
        return replace(span, line=places[span.line - 1], end_line=end)

    return replace(
        phase,
        files=tuple(replace(f, source=moved(f.source)) for f in phase.files),
        commands=tuple(replace(c, source=moved(c.source)) for c in phase.commands),
        criteria=tuple(replace(c, source=moved(c.source)) for c in phase.criteria),
        deliverables=tuple(
            replace(d, source=moved(d.source)) for d in phase.deliverables
        ),
        source=moved(phase.source),
    )
