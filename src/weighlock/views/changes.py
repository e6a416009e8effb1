"""Show what a newer version of a plan, or of the gate, means for a run."""

from collections.abc import Iterable, Mapping

from weighlock.plan.changes import Change
from weighlock.run.phase import FRESH
from weighlock.run.proposal import Proposal
from weighlock.views.text import Style, clip, count, label

_LINES = 6
"""Lines of a phase's text that are shown of each change."""
_SIGNS = {"added": ("+", "good"), "removed": ("-", "bad"), "changed": ("~", "you")}


def text(proposal: Proposal, where: str, style: Style) -> str:
    """Return what changed by phase, and what follows for the run."""
    run = proposal.state.run
    lines = [f"The plan changed since run {run} read it: {where}"]
    for change in proposal.changes:
        lines += _phase(change, proposal, style)
    same = sum(c.word == "same" and c.before == c.after for c in proposal.changes)
    if same:
        lines.append(style.paint(f"  = {count(same, 'phase')} unchanged", "dim"))
    for key, below in proposal.behind():
        named = ", ".join(label(k) for k in below)
        lines.append(f"    {label(key)} stays passed; it was built before {named}")
    return "\n".join(lines)


def _phase(change: Change, proposal: Proposal, style: Style) -> Iterable[str]:
    moved = bool(change.before and change.after and change.before != change.after)
    why = proposal.reopened().get(change.after, "")
    if change.word == "same" and not moved and not why:
        return
    sign, tone = _SIGNS.get(change.word, (">" if moved else "~", "live"))
    said = [_fate(change, proposal, why)]
    if moved:
        said.insert(0, f"was {label(change.before)}")
    room = style.width - 12 - len("; ".join(said))
    title = clip(change.title, max(room, 20), style)
    yield style.paint(f"  {sign} {label(change.key)}", tone) + (
        f" {title}: {'; '.join(said)}"
    )
    for line in change.lines[:_LINES]:
        shown = clip(line, style.width - 8, style)
        yield style.paint(f"      {shown}", "good" if line[0] == "+" else "bad")
    if len(change.lines) > _LINES:
        rest = count(len(change.lines) - _LINES, "more line")
        yield style.paint(f"      ... {rest}", "dim")


def _fate(change: Change, proposal: Proposal, why: str) -> str:
    """Say what becomes of a phase in the run."""
    stage = proposal.state.phase(change.before).stage if change.before else "new"
    if change.word == "added":
        part = change.after in proposal.selected()
        return "new, to be done" if part else "new, not part of this run"
    if change.word == "removed":
        done = "; what it delivered stays" if stage == "passed" else ""
        return f"removed, it was {stage}{done}"
    if why and proposal.state.phase(change.before) == FRESH:
        return f"not begun; {', '.join(change.what)} changed"
    if why:
        return f"{stage}, to be done again: {why}"
    if change.what:
        return f"{', '.join(change.what)} changed; kept {stage}, as you said"
    return f"kept {stage}"


def gate_text(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """Say which settings of the gate differ; empty when none does."""
    lines = [
        f"  [gate] {name}: {_value(old.get(name))} → {_value(new.get(name))}"
        for name in new
        if old.get(name) != new.get(name)
    ]
    if not old or not lines:
        return ""
    head = "The gate's settings changed; what passed stays, what comes is weighed so:"
    return "\n".join([head, *lines])


def _value(value: object) -> str:
    if value is None or value == []:
        return "not set"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
