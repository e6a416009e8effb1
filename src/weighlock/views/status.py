"""Show where a run stands: what needs a person first, in one screen."""

import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from weighlock.plan.model import Plan
from weighlock.run.phase import PhaseState
from weighlock.run.state import RunState
from weighlock.views.spending import calls_of, document_of, logins_of, said_of
from weighlock.views.state import GROUPS, Row, Seen, Word, mark, ranked, rows
from weighlock.views.text import (
    Style,
    clean,
    clip,
    columns,
    count,
    duration,
    label,
    pad,
    plain,
    ranges,
    stamp,
)

SCHEMA = "weighlock/status/1"

_DETAILED: frozenset[Word] = frozenset(
    {
        "running",
        "verifying",
        "parked",
        "stale",
    }
)
_SHOWN = 8
"""Phases of one group that get a line of their own."""
_TITLE = 26
"""Columns that a title keeps whatever stands beside it."""
_HEAD = 18
"""Columns of the sign, the group and its number."""


def text(plan: Plan, state: RunState, seen: Seen, style: Style) -> str:
    """Return the compact block, at most ``style.width`` columns wide."""
    found = ranked(rows(plan, state, seen))
    lines = [_headline(plan, state, seen, style)]
    order = tuple(p.key for p in plan.phases)
    for _, group in groupby(found, key=lambda row: (row.word, row.asks)):
        lines += _group(tuple(group), order, style)
    lines += _closing(state, seen, style)
    return "\n".join(lines)


def _headline(plan: Plan, state: RunState, seen: Seen, style: Style) -> str:
    parts = [
        clip(plan.id or plan.title, 40, style),
        count(len(plan.phases), "phase"),
        f"run {clip(state.run, 16, style)}",
        f"{standing(state, seen)} {duration(_length(state, seen))}",
    ]
    if seen.ends and standing(state, seen) == "running":
        parts.append(seen.ends)
    return clip(" · ".join(parts), style.width, style)


def standing(state: RunState, seen: Seen) -> str:
    """Return the run's own state in one word; a dead process is interrupted."""
    if state.stage == "running" and seen.alive is False:
        return "interrupted"
    return state.stage


def _length(state: RunState, seen: Seen) -> float:
    over = standing(state, seen) != "running"
    return (state.updated if over else seen.now) - state.started


def _group(group: Sequence[Row], order: Sequence[str], style: Style) -> list[str]:
    word = group[0].word
    title, tone = GROUPS[word]
    sign = pad(f"{mark(word, style)} {title}", 12, style) + f"{len(group):>4}  "
    if word not in _DETAILED and not group[0].asks:
        named = _named(word, group, order)
        return [style.paint(sign, tone) + clip(named, style.width - _HEAD, style)]
    lines: list[str] = []
    for row in group[:_SHOWN]:
        lead = style.paint(sign, tone) if not lines else " " * _HEAD
        lines += _lines(row, lead, style)
    if len(group) > _SHOWN:
        rest = f"... and {len(group) - _SHOWN} more"
        lines.append(" " * _HEAD + style.paint(rest, "dim"))
    return lines


def _named(word: Word, group: Sequence[Row], order: Sequence[str]) -> str:
    if word == "pending" and group[0].note:
        return f"next: {label(group[0].key)} {group[0].note}"
    named = ranges((r.key for r in group), order)
    one = group[0]
    if word in {"blocked", "skipped", "ready"} and one.note and len(group) == 1:
        return f"{named}  {one.note}"
    return named


def _lines(row: Row, lead: str, style: Style) -> list[str]:
    """Write a phase that deserves attention: one line, then why and what to type."""
    key = pad(label(row.key), 6, style)
    took = duration(row.elapsed_s) if row.elapsed_s is not None else ""
    tail = _alive(row) or (f"attempt {row.attempt}" if row.attempt else "")
    free = style.width - _HEAD - 7
    least = min(columns(row.title) + 1, _TITLE)
    what = clip(f"{took:>7}  {tail}", max(12, free - least), style)
    title = pad(row.title, max(8, free - columns(what)), style)
    shown = style.paint(key, "strong")
    lines = [f"{lead}{shown} {title}{style.paint(what, 'dim')}".rstrip()]
    if row.word in {"running", "verifying"}:
        return lines
    indent = " " * (_HEAD + 7)
    room = style.width - len(indent)
    lines += [indent + line for line in _folded(row.note, room, style)]
    lines += [indent + style.paint(c, "live") for c in row.commands[:1]]
    return lines


def _folded(note: str, room: int, style: Style) -> list[str]:
    """Break a reason into at most two lines."""
    lines = textwrap.wrap(plain(clean(note), style), room)
    if len(lines) <= 2:  # noqa: PLR2004 - the block must stay one screen
        return lines
    return [lines[0], clip(" ".join(lines[1:]), room, style)]


def _alive(row: Row) -> str:
    pulse = row.pulse
    if pulse is None:
        return ""
    ago = duration(pulse.ago_s)
    return f"{pulse.liveness} {ago}  {clean(pulse.what)}"


def _closing(state: RunState, seen: Seen, style: Style) -> list[str]:
    lines: list[str] = []
    bad = [p for p in state.preflight if p.verdict != "pass"]
    for check in bad[:3]:
        said = f"preflight {check.name}: {check.verdict}, {check.summary}"
        lines.append(style.paint(clip(said, style.width, style), "you"))
    if state.revisions:
        said = _revised(state)
        lines.append(style.paint(clip(said, style.width, style), "dim"))
    for bucket in logins_of(state):
        said = f"bucket {bucket} needs you: weighlock bucket login {bucket}"
        lines.append(style.paint(clip(said, style.width, style), "you"))
    spent = said_of(calls_of(state))
    if spent:
        lines.append(style.paint(clip(spent, style.width, style), "dim"))
    if state.final is not None:
        tone = "good" if state.final.verdict == "pass" else "bad"
        said = f"final gate: {state.final.verdict}, {state.final.summary}"
        lines.append(style.paint(clip(said, style.width, style), tone))
    if standing(state, seen) in {"stopped", "interrupted"}:
        lines.append("go on with: " + style.paint("weighlock resume", "live"))
    return lines


def _revised(state: RunState) -> str:
    """Say what the newest version of the plan brought."""
    newest = state.revisions[-1]
    parts = [
        (newest.reopened, "done again"),
        (newest.added, "added"),
        (newest.removed, "removed"),
        (newest.moved, "with another number"),
    ]
    told = [f"{count(len(keys), 'phase')} {word}" for keys, word in parts if keys]
    return f"plan changed {stamp(newest.at)}: {', '.join(told) or 'no phase touched'}"


def document(plan: Plan, state: RunState, seen: Seen) -> dict[str, object]:
    """Return the same as JSON data (schema ``weighlock/status/1``)."""
    found = rows(plan, state, seen)
    return {
        "schema": SCHEMA,
        "run": state.run,
        "plan": state.plan or plan.id,
        "state": standing(state, seen),
        "branch": state.branch,
        "base": state.base,
        "tip": state.tip,
        "started": state.started,
        "updated": state.updated,
        "ends": seen.ends or None,
        "counts": counts(found),
        "phases": [_entry(row, state) for row in found],
        "calls": document_of(calls_of(state)),
        "logins": list(logins_of(state)),
        "removed": sorted(state.removed),
        "preflight": [
            {"name": p.name, "verdict": p.verdict, "summary": p.summary, "hint": p.hint}
            for p in state.preflight
        ],
        "final": None
        if state.final is None
        else {
            "verdict": state.final.verdict,
            "codes": list(state.final.codes),
            "summary": state.final.summary,
            "evidence": state.final.evidence,
        },
    }


def _entry(row: Row, state: RunState) -> dict[str, object]:
    at = state.phase(row.key)
    return {
        "key": row.key,
        "title": row.title,
        "kind": row.kind,
        "state": row.word,
        "attempts": len(at.attempts),
        "agent": at.last.agent if at.last else None,
        "elapsed_s": row.elapsed_s,
        "verdict": row.verdict,
        "evidence": _evidence(at) or None,
        "commit": at.commit or None,
        "liveness": row.pulse.liveness if row.pulse else None,
        "activity": row.pulse.what if row.pulse else None,
        "ago_s": row.pulse.ago_s if row.pulse else None,
        "parked_until": state.parked.get(row.key),
        "note": row.note,
        "next": list(row.commands),
    }


def _evidence(at: PhaseState) -> str:
    """Return the digest of the verdict a phase passed on, or of its newest one."""
    judged = at.last.judged if at.last else None
    return at.evidence or (judged.evidence if judged else "")


def counts(found: Iterable[Row]) -> dict[str, int]:
    """Count the rows of each state that occurs, what needs a person first."""
    out = dict.fromkeys(GROUPS, 0)
    for row in found:
        out[row.word] += 1
    return {word: number for word, number in out.items() if number}


def run_document(plan: Plan, state: RunState, seen: Seen) -> dict[str, object]:
    """Return the last line of ``run --json`` (schema ``weighlock/run/1``)."""
    return {
        "schema": "weighlock/run/1",
        "run": state.run,
        "state": standing(state, seen),
        "branch": state.branch,
        "phases": [
            {
                "key": row.key,
                "state": row.word,
                "attempts": len(state.phase(row.key).attempts),
                "verdict": row.verdict,
            }
            for row in rows(plan, state, seen)
        ],
    }
