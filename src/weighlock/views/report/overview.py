"""The plan at a glance: order, phases, time, final gate, requirements, preflight."""

from collections.abc import Iterable

from weighlock.plan.model import Requirement
from weighlock.views import timeline
from weighlock.views.report.blocks import (
    Block,
    Figure,
    Heading,
    Para,
    Span,
    Table,
    Words,
)
from weighlock.views.report.material import (
    Material,
    anchor,
    digest_words,
    lied,
    phase_link,
    state_words,
    verdict_words,
)
from weighlock.views.report.weighing import checks, reasons
from weighlock.views.state import Row
from weighlock.views.text import duration, label


def overview(m: Material) -> Iterable[Block]:
    """Return the table of phases, the order and the time."""
    yield Heading(level=2, text="Phases", anchor="phases")
    yield Table(
        columns=("Phase", "State", "Kind", "Attempts", "Time", "Verdict", "Evidence"),
        rows=tuple(_row(m, row) for row in m.rows),
        label="Every phase with its state and verdict",
    )
    if m.graph:
        yield Heading(level=2, text="Order", anchor="order")
        yield Figure(svg=m.graph, caption="What each phase waits for.")
    drawn = timeline.svg(m.plan, m.state, m.now)
    if drawn:
        yield Heading(level=2, text="Time", anchor="time")
        yield Figure(svg=drawn, caption=timeline.CAPTION)


def _row(m: Material, row: Row) -> tuple[Words, ...]:
    at = m.state.phase(row.key)
    tried = str(len(at.attempts)) if at.attempts else ""
    caught: Words = (
        (" ", Span("phantom", "phantom")) if any(map(lied, at.attempts)) else ()
    )
    verdict = verdict_words(row.verdict or "")
    approved: Words = (f" approved by {at.by}",) if at.commit and at.by else ()
    took = "" if row.elapsed_s is None else duration(row.elapsed_s)
    return (
        (phase_link(row.key), f" {row.title}"),
        state_words(row.word),
        (row.kind,),
        (tried, *caught),
        (took,),
        (*verdict, *approved),
        digest_words(at.evidence or _newest(m, row.key)),
    )


def _newest(m: Material, key: str) -> str:
    judged = (a.judged for a in reversed(m.state.phase(key).attempts))
    return next((j.evidence for j in judged if j is not None), "")


def final_gate(m: Material) -> Iterable[Block]:
    """Return what the final gate found about the whole plan."""
    yield Heading(level=2, text="Final gate", anchor="final")
    final = m.state.final
    if final is None:
        said = "The final gate has not run: it waits for every phase."
        yield Para((said,), "soft")
        return
    said = f": {final.summary}. At commit "
    yield Para(
        (
            *verdict_words(final.verdict),
            said,
            Span(final.commit[:12], "code"),
            ", evidence ",
            *digest_words(final.evidence),
            ".",
        )
    )
    verdict = m.verdict(final.evidence)
    if verdict is not None:
        yield from reasons(verdict)
        yield from checks(verdict)


def requirements(m: Material) -> Iterable[Block]:
    """Return requirement × phase × verdict."""
    if not m.plan.requirements:
        return
    yield Heading(level=2, text="Requirements", anchor="requirements")
    yield Table(
        columns=("Requirement", "Text", "Phases", "Covered"),
        rows=tuple(_requirement(m, r) for r in m.plan.requirements),
        label="Requirements, the phases that serve them, and their verdicts",
    )


def _requirement(m: Material, r: Requirement) -> tuple[Words, ...]:
    named = dict.fromkeys(r.phases)
    cited = (p.key for p in m.plan.phases if r.id in p.requirements)
    keys = tuple(named | dict.fromkeys(cited))
    words = {row.key: row.word for row in m.rows}
    cells: list[str | Span] = []
    for key in keys:
        sign = state_words(words[key]) if key in words else ("not in the plan",)
        gap = ["; "] if cells else []
        cells += [*gap, Span(label(key), "strong", anchor(key)), " ", *sign]
    done = [words.get(k) == "passed" for k in keys]
    if not keys:
        covered: Words = (Span("no phase serves it", "bad"),)
    elif all(done):
        covered = (Span("covered", "good"),)
    else:
        covered = (Span(f"{sum(done)} of {len(keys)} phases passed", "you"),)
    return (Span(r.id, "strong"),), (r.text,), tuple(cells), covered


def preflight(m: Material) -> Iterable[Block]:
    """Return what was found before the first phase."""
    if not m.state.preflight:
        return
    yield Heading(level=2, text="Preflight and baseline", anchor="preflight")
    yield Table(
        columns=("Look at", "Verdict", "Found", "Advice", "Evidence"),
        rows=tuple(
            (
                (p.name,),
                verdict_words(p.verdict),
                (p.summary,),
                (p.hint,),
                digest_words(p.evidence),
            )
            for p in m.state.preflight
        ),
        label="What preflight found",
    )
