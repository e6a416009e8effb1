"""Layer 8: the marker of a phase stands on lines that the phase changed."""

import re

from weighlock.checks import paths
from weighlock.checks.finding import found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Subject
from weighlock.plan.model import Phase, Plan
from weighlock.run.evidence import Evidence


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether changed code carries ``@plan:PLAN.P05``, where the plan asks."""
    del rules
    if not subject.phase.markers:
        return weigh("markers", "marker", [], fine="not asked for", decides=False)
    pattern = marker(subject.plan, subject.phase)
    code = [
        c.path
        for c in subject.work()
        if c.status != "D" and not paths.is_document(c.path)
    ]
    marked = [path for path in code if pattern.search("\n".join(added(subject, path)))]
    seen = []
    if code and not marked:
        name = subject.phase.id or f"{subject.plan.id}.P{subject.phase.key}"
        seen.append(
            found(
                "fail",
                "marker-missing",
                f"no line that the phase added carries @plan:{name}",
                path=code[0],
            )
        )
    fine = f"{len(marked)} of {len(code)} changed files carry the marker"
    return weigh("markers", "marker", seen, fine=fine, decides=False)


def marker(plan: Plan, phase: Phase) -> re.Pattern[str]:
    """Return what the marker of a phase looks like; both spellings are in use."""
    number = phase.key.upper()
    padded = rf"P?0*{re.escape(number.lstrip('0') or '0')}"
    own = [re.escape(phase.id)] if phase.id else []
    names = "|".join([*own, rf"{re.escape(plan.id)}[.\-/:]{padded}"])
    return re.compile(rf"@plan[:\s]\s*(?:{names})(?![\w.]*\d)", re.IGNORECASE)


def added(subject: Subject, path: str) -> list[str]:
    """Return the lines of a file that base did not have, in order."""
    return [line for _, line in numbered(subject, path)]


def numbered(subject: Subject, path: str) -> list[tuple[int, str]]:
    """Return the added lines of a file with their numbers, counted from 1."""
    new = subject.new.text(path).splitlines()
    old = subject.old.text(path).splitlines()
    if not old:
        return list(enumerate(new, 1))
    left: dict[str, int] = {}
    for line in old:
        left[line] = left.get(line, 0) + 1
    found_lines: list[tuple[int, str]] = []
    for number, line in enumerate(new, 1):
        if left.get(line, 0):
            left[line] -= 1
        else:
            found_lines.append((number, line))
    return found_lines
