"""Say first what passed, what needs a person, and on what evidence."""

from collections.abc import Iterable

from weighlock.run.state import RunStage
from weighlock.views.report.blocks import (
    Block,
    Heading,
    Look,
    Para,
    Span,
    Table,
    Tiles,
    Words,
)
from weighlock.views.report.material import (
    TONES,
    Material,
    phantoms,
    phase_link,
    state_words,
)
from weighlock.views.state import GROUPS, Row, Seen
from weighlock.views.status import counts, standing
from weighlock.views.text import brief, count, duration, stamp

_ENDINGS: dict[str, str] = {
    "passed": "The run passed.",
    "failed": "The run did not pass.",
    "needs-input": "The run needs a person.",
    "stopped": "The run was stopped; it can be resumed.",
    "interrupted": "The run was interrupted; it can be resumed.",
    "running": "The run is under way.",
}


def head(m: Material) -> Iterable[Block]:
    """Return title, result in one paragraph, and the numbers."""
    yield Heading(level=1, text=m.plan.title or m.plan.id)
    yield Para(_result(m), "lead")
    yield Tiles(tiles=_tiles(m))
    yield Para(_facts(m), "soft")
    needed = tuple(r for r in m.rows if r.asks)
    if needed:
        yield Heading(level=2, text="What needs a person", anchor="needs")
        yield _needs(needed)


def _result(m: Material) -> Words:
    done = sum(r.word in {"passed", "stale"} for r in m.rows)
    ending = standing(m.state, Seen(now=m.now, alive=m.alive))
    parts = [f"{done} of {count(len(m.rows), 'phase')} passed"]
    waived = sum(r.word == "skipped" for r in m.rows)
    needed = sum(r.asks for r in m.rows)
    if waived:
        parts.append(f"{waived} {'was' if waived == 1 else 'were'} waived by a person")
    if needed:
        parts.append(f"{needed} {'needs' if needed == 1 else 'need'} a person")
    tone = _tone(m.state.stage)
    return (Span(_ENDINGS[ending], tone), f" {', '.join(parts)}. ", *_evidence(m))


def _tone(stage: RunStage) -> Look:
    return {"passed": "good", "failed": "bad", "needs-input": "you"}.get(  # type: ignore[return-value]
        stage, "strong"
    )


def _evidence(m: Material) -> Words:
    """Say what the passes rest on."""
    verdicts = [m.settled(r.key) for r in m.rows if r.word in {"passed", "stale"}]
    found = [v for v in verdicts if v is not None]
    lost = len(verdicts) - len(found)
    checks = sum(len(v.checks) for v in found)
    ran = sum(c.command is not None for v in found for c in v.checks)
    said = (
        f"What passed rests on {count(checks, 'check')} that weighlock ran itself, "
        f"{count(ran, 'command')} among them; no agent's word counts. "
    )
    caught = sum(phantoms(m.state.phase(r.key)) for r in m.rows)
    told = f"{count(caught, 'time')} an agent claimed what was not there. "
    missing = f"The evidence of {count(lost, 'phase')} is missing. "
    return (
        said if found else "",
        Span(told, "phantom") if caught else "",
        Span(missing, "bad") if lost else "",
    )


def _tiles(m: Material) -> tuple[tuple[str, str, Look], ...]:
    tally = counts(m.rows)
    tiles: list[tuple[str, str, Look]] = [
        (str(number), GROUPS[word][0], TONES[GROUPS[word][1]])
        for word in GROUPS
        if (number := tally.get(word, 0))
    ]
    attempts = sum(len(m.state.phase(r.key).attempts) for r in m.rows)
    caught = sum(phantoms(m.state.phase(r.key)) for r in m.rows)
    tiles.append((str(attempts), "attempts" if attempts != 1 else "attempt", ""))
    if caught:
        tiles.append(
            (
                str(caught),
                "phantoms caught" if caught > 1 else "phantom caught",
                "phantom",
            )
        )
    return tuple(tiles)


def _facts(m: Material) -> Words:
    s = m.state
    end = s.updated or m.now
    return (
        "Run ",
        Span(s.run, "code"),
        (
            f", began {stamp(s.started)}, last event {stamp(end)} "
            f"({duration(end - s.started)}), branch "
        ),
        Span(s.branch, "code"),
        ", base ",
        Span(s.base[:12], "code"),
        ", plan ",
        Span(s.plan_path or m.plan.path, "code"),
        f". Written {stamp(m.now)} by weighlock {m.version}.",
    )


def _needs(needed: Iterable[Row]) -> Table:
    return Table(
        columns=("Phase", "State", "Why", "What you can do"),
        rows=tuple(
            (
                (phase_link(r.key), f" {r.title}"),
                state_words(r.word),
                (brief(r.note),),
                _typed(r.commands),
            )
            for r in needed
        ),
        label="Phases that need a person",
    )


def _typed(commands: tuple[str, ...]) -> Words:
    out: list[str | Span] = []
    for command in commands:
        out += [" · ", Span(command, "code")] if out else [Span(command, "code")]
    return tuple(out)
