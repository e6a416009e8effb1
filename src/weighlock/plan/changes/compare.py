"""Two versions of a plan → one change for each phase of either."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from weighlock.plan.changes.canonical import canonical
from weighlock.plan.changes.match import match
from weighlock.plan.encoding import decode
from weighlock.plan.model import Phase, Plan
from weighlock.plan.splice.marker import SIGNED

Word = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one phase."""

    before: str
    """Its key in the older version; empty when it was added."""
    after: str
    """Its key in the newer version; empty when it was removed."""
    title: str
    what: tuple[str, ...] = ()
    """What differs: title, text, commands, files, needs, requirements."""
    lines: tuple[str, ...] = ()
    """Lines that went, after ``- ``, and that came, after ``+ ``."""

    @property
    def word(self) -> Word:
        """Return what became of the phase, in a word."""
        if not self.before:
            return "added"
        if not self.after:
            return "removed"
        return "changed" if self.what else "same"

    @property
    def key(self) -> str:
        """Return the key that a person knows it by now."""
        return self.after or self.before


def compare(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Return a change for each phase of the new plan, in order; then what went."""
    pairs = match(old.phases, new.phases, _body)
    back = {after: before for before, after in pairs.items()}
    there = [_changed(old, new, pairs, back.get(p.key, ""), p) for p in new.phases]
    gone = [
        Change(before=p.key, after="", title=p.title)
        for p in old.phases
        if p.key not in pairs
    ]
    return (*there, *gone)


def around(old: Plan, new: Plan) -> bool:
    """Say whether anything that counts differs in the files of the two versions."""
    return _texts(old) != _texts(new)


def _texts(plan: Plan) -> dict[str, tuple[str, ...]]:
    return {
        s.path: canonical(decode(s.data).lines)
        for s in plan.sources
        if not s.path.startswith(".completed/") and SIGNED.encode() not in s.data
    }


def _changed(
    old: Plan, new: Plan, pairs: Mapping[str, str], before: str, after: Phase
) -> Change:
    was = old.phase(before) if before else None
    if was is None:
        return Change(before="", after=after.key, title=after.title)
    what = tuple(
        name for name, of in _PARTS.items() if of(was, old, pairs) != of(after, new, {})
    )
    lines = _diff(_text(was), _text(after)) if what else ()
    return Change(
        before=before, after=after.key, title=after.title, what=what, lines=lines
    )


def _text(phase: Phase) -> tuple[str, ...]:
    return canonical(phase.text.split("\n"))


def _body(phase: Phase) -> tuple[str, ...]:
    """Return a phase's text without its first line, which holds number and title."""
    lines = _text(phase)
    at = next((n for n, line in enumerate(lines) if line.startswith("#")), 0)
    return (*lines[:at], *lines[at + 1 :])


def _diff(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    found = difflib.unified_diff(old, new, n=0, lineterm="")
    return tuple(
        f"{line[0]} {line[1:].strip()}"
        for line in found
        if line[:1] in "+-" and line[:3] not in {"+++", "---"} and line[1:].strip()
    )


def _needs(phase: Phase, _plan: Plan, names: Mapping[str, str]) -> object:
    """Return stated needs by their newer names; the order of a plan is no input."""
    if phase.needs_from == "order":
        return ()
    return tuple(sorted(names.get(key, key) for key in phase.needs))


def _requirements(phase: Phase, plan: Plan, _names: Mapping[str, str]) -> object:
    texts = {r.id: " ".join(r.text.split()) for r in plan.requirements}
    return tuple((name, texts.get(name, "")) for name in phase.requirements)


_PARTS: dict[str, Callable[[Phase, Plan, Mapping[str, str]], object]] = {
    "title": lambda p, _plan, _names: p.title,
    "text": lambda p, _plan, _names: _body(p),
    "commands": lambda p, _plan, _names: [(c.text, c.expect) for c in p.commands],
    "files": lambda p, _plan, _names: [(f.path, f.action) for f in p.files],
    "needs": _needs,
    "requirements": _requirements,
}
"""What a phase is judged by: name → the part of it that is compared."""
