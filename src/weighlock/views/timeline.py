"""Draw how a run spent its time: work, weighing and waiting of every phase."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Literal

from weighlock.plan.model import Plan
from weighlock.run.phase import STUCK, AttemptState, PhaseState
from weighlock.run.state import RunState
from weighlock.views import svg as ink
from weighlock.views.text import clean, duration, label

CAPTION = (
    "Filled: an agent works, in the colour of what its attempt came to. Dotted: "
    "weighlock weighs. Hatched: it waits, for a person or for a free place. Hours: UTC."
)

Span = Literal["work", "weigh", "wait"]

_LEFT, _RIGHT, _TOP, _ROW, _BAR = 210.0, 24.0, 34.0, 24.0, 14.0
_WIDTH = 1000.0
_ROWS = 200
"""Phases that are drawn at most."""
_SHORT_S = 15
"""Waits up to this long, in seconds, are not worth a bar: merging takes a moment."""
_TICKS = 9
_STEPS = (
    1,
    2,
    5,
    10,
    30,
    60,
    300,
    900,
    1800,
    3600,
    7200,
    14400,
    28800,
    86400,
    172800,
    604800,
)

_STYLE = (
    ".wt-bg{fill:#fff}.wt-key{fill:#131a26;font-weight:700}.wt-title{fill:#475368}"
    ".wt-soft{fill:#566174}.wt-grid{stroke:#dfe4ec}"
    ".wt-good{fill:#2f9e58;color:#2f9e58}.wt-bad{fill:#d64545;color:#d64545}"
    ".wt-you{fill:#d08a17;color:#d08a17}.wt-live{fill:#3b82d6;color:#3b82d6}"
    ".wt-grey{fill:#8b95a5;color:#8b95a5}.wt-ink{fill:#1b2433}"
    ".wt-line{stroke:#76829a;stroke-width:2}"
    "@media(prefers-color-scheme:dark){.wt-bg{fill:#14181f}.wt-key{fill:#f2f5fa}"
    ".wt-title{fill:#b9c3d3}.wt-soft{fill:#a5b0c2}.wt-grid{stroke:#2a3240}"
    ".wt-ink{fill:#fff}}"
)
_PATTERNS = (
    '<defs><pattern id="wt-dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<circle class="wt-bg" cx="2.5" cy="2.5" r="1.3"/></pattern>'
    '<pattern id="wt-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><line class="wt-line" x1="0" y1="0" x2="0" y2="7"/>'
    "</pattern></defs>"
)
_FORMS = ((60, "%H:%M:%S"), (86400, "%H:%M"), (float("inf"), "%m-%d"))
"""Steps below so many seconds are written like this."""
_TONES = {"pass": "good", "fail": "bad", "review": "you", "error": "you"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch of time of one phase."""

    kind: Span
    start: float
    end: float
    tone: str
    says: str
    """What a reader who points at it, or cannot see it, is told."""


def bars(at: PhaseState, now: float) -> tuple[Bar, ...]:
    """Return what a phase did with its time, in order; nothing overlaps."""
    out: list[Bar] = []
    for attempt, following in pairwise((*at.attempts, None)):
        if attempt is None:
            continue
        out += _attempt(attempt, now, open_=at.stage in {"running", "verifying"})
        ended = out[-1].end if out else attempt.started
        upto = following.started if following else _waits_until(at, now)
        if upto is not None and upto - ended > _SHORT_S:
            said = f"waited {duration(upto - ended)}"
            out.append(Bar(kind="wait", start=ended, end=upto, tone="grey", says=said))
    return tuple(out)


def _waits_until(at: PhaseState, now: float) -> float | None:
    if at.stage == "passed":
        return at.passed_at
    return now if at.stage in STUCK else None


def _attempt(a: AttemptState, now: float, *, open_: bool) -> Iterable[Bar]:
    judged = a.judged
    tone = _TONES[judged.verdict] if judged else "live" if open_ else "grey"
    began = judged.at - judged.duration_s if judged else now
    worked = a.ended or (min(began, now) if judged or open_ else a.started)
    said = f"attempt {a.number}, {a.agent}: worked {duration(worked - a.started)}"
    yield Bar(kind="work", start=a.started, end=worked, tone=tone, says=said)
    if judged is None and (a.ended is None or not open_ or a.abandoned):
        return
    until = judged.at if judged else now
    result = judged.verdict if judged else "under way"
    said = f"attempt {a.number}: weighed {duration(until - worked)}, {result}"
    yield Bar(kind="weigh", start=worked, end=until, tone=tone, says=said)


def svg(plan: Plan, state: RunState, now: float) -> str:
    """Draw the phases that began; empty when none did."""
    over = state.stage != "running"
    lanes = [
        (phase, found)
        for phase in plan.phases
        if (found := bars(state.phase(phase.key), state.updated if over else now))
    ]
    lanes, more = lanes[:_ROWS], len(lanes) - _ROWS
    if not lanes:
        return ""
    first = min(b.start for _, found in lanes for b in found)
    last = max(b.end for _, found in lanes for b in found)
    scale = _Scale(first, max(last - first, 5.0))
    height = _TOP + _ROW * len(lanes) + 8
    parts = [
        f'<rect class="wt-bg" width="{_WIDTH:g}" height="{height:g}"/>',
        _PATTERNS,
        *_grid(scale, height),
    ]
    for number, (phase, found) in enumerate(lanes):
        y = _TOP + number * _ROW
        name = label(phase.key)
        title = ink.fit(clean(phase.title), _LEFT - 66, 11)
        parts.append(ink.text(8, y + 15, name, size=12, look="wt-key"))
        parts.append(ink.text(54, y + 15, title, size=11, look="wt-title"))
        parts += [_bar(b, y + (_ROW - _BAR) / 2, scale) for b in found]
    if more > 0:
        y = _TOP + len(lanes) * _ROW
        parts.append(ink.text(8, y, f"and {more} more", size=11, look="wt-soft"))
    text = f"Time of {len(lanes)} phases, {duration(last - first)} in all"
    return ink.document(_WIDTH, height, text, _STYLE, "".join(parts))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    length: float

    def x(self, at: float) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        return _LEFT + (at - self.first) / self.length * room


def _grid(scale: _Scale, height: float) -> Iterable[str]:
    step = next((s for s in _STEPS if scale.length / s <= _TICKS), _STEPS[-1])
    at = scale.first - scale.first % step + step
    marks = [scale.first] if (at - scale.first) / step > 0.4 else []  # noqa: PLR2004
    while at <= scale.first + scale.length:
        marks.append(at)
        at += step
    form = next(f for upto, f in _FORMS if step < upto)
    for mark in marks:
        x = scale.x(mark)
        said = datetime.fromtimestamp(mark, UTC).strftime(form)
        yield (
            f'<line class="wt-grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 6:g}" '
            f'y2="{height:g}"/>'
        )
        yield ink.text(x, 20, said, size=11, look="wt-soft", anchor="middle")


def _bar(bar: Bar, y: float, scale: _Scale) -> str:
    x = scale.x(bar.start)
    width = max(scale.x(bar.end) - x, 2.0)
    place = f'x="{x:.1f}" y="{y:g}" width="{width:.1f}" height="{_BAR:g}" rx="2"'
    title = f"<title>{ink.escape(bar.says)}</title>"
    if bar.kind == "wait":
        return f'<rect {place} fill="url(#wt-hatch)" opacity=".75">{title}</rect>'
    drawn = f'<rect class="wt-{bar.tone}" {place}>{title}</rect>'
    if bar.kind == "weigh":
        drawn += f'<rect {place} fill="url(#wt-dots)" pointer-events="none"/>'
    return drawn
