"""What a delivery wrote into the plan: a status, a diary, or another plan."""

import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found
from weighlock.checks.subject import Subject
from weighlock.plan.encoding import decode
from weighlock.tree import Change

_STATUS_LINE = re.compile(
    r"^\s*\||^\s*[-*+]\s*\[[ xX~-]\]|status|completed|progress|\[x\]", re.IGNORECASE
)
_HEAD = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*\Z")
_DIARY = re.compile(
    r"progress|surprises (?:&|and) discoveries|decision log|outcomes (?:&|and)"
    r" retrospective|(?:execution|session|work|change) log|(?:revision|change) notes?"
    r"|lessons learned",
    re.IGNORECASE,
)
"""Sections that a living plan, as ExecPlans are, asks its reader to keep."""


def plan_changed(subject: Subject, change: Change) -> Iterator[Found]:
    """Judge a change to a file of the plan: what only says how it goes is a claim."""
    if change.status == "M" and _only_status(
        subject.old.text(change.path), subject.new.text(change.path)
    ):
        yield found(
            "note",
            "plan-changed",
            "a status was written into the plan: a claim, it is overwritten",
            path=change.path,
        )
        return
    if change.status == "M" and _only_lived(subject, change.path):
        told = "the plan's diary was kept: a claim"
        yield found("note", "plan-changed", told, path=change.path)
        return
    if _is_as_read(subject, change.path):
        return  # the run took a newer version in, and a landing brought it here
    yield found(
        "fail",
        "plan-changed",
        "the plan itself was changed; it is read as it was at base",
        path=change.path,
    )


def _only_lived(subject: Subject, path: str) -> bool:
    """Say whether only a plan's diary differs: sections in which no phase stands."""
    name = next((s.path for s in subject.plan.sources if path.endswith(s.path)), None)
    held = [p.source for p in subject.plan.phases if p.source.file == name]
    before, after = subject.old.text(path), subject.new.text(path)
    kept = frozenset(
        title
        for first, last, title in _diary(before)
        if any(s.line < last and first < (s.end_line or s.line) for s in held)
    )
    return _only_status(_without(before, kept), _without(after, kept))


def _diary(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield first line, last line and title of the sections that work goes into."""
    lines = text.splitlines()
    heads = [(n, found) for n, x in enumerate(lines, 1) if (found := _HEAD.match(x))]
    for at, (number, found) in enumerate(heads):
        if _DIARY.fullmatch(found[2].strip("*: ")):
            rest = (n - 1 for n, f in heads[at + 1 :] if len(f[1]) <= len(found[1]))
            yield number, next(rest, len(lines)), found[2]


def _without(text: str, kept: frozenset[str]) -> str:
    """Return a plan without its diary, but for the sections of these titles."""
    lines = text.splitlines()
    for first, last, title in [*_diary(text)][::-1]:
        if title not in kept:
            del lines[first - 1 : last]
    return "\n".join(lines)


def _is_as_read(subject: Subject, path: str) -> bool:
    """Say whether a file of the plan says what the plan says that judges here."""
    mine = subject.plan_file(path)
    delivered = subject.new.read(path)
    if mine is None or delivered is None:
        return False
    from weighlock.plan.changes.canonical import canonical  # all that writes plans

    return canonical(decode(mine).lines) == canonical(decode(delivered).lines)


def _only_status(old: str, new: str) -> bool:
    """Say whether only table rows, ticked boxes and status lines differ."""
    before, after = old.splitlines(), new.splitlines()
    gone = set(before) - set(after)
    came = set(after) - set(before)
    return all(_STATUS_LINE.search(line) or not line.strip() for line in gone | came)
