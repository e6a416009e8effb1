"""Layer 8: the marker of a phase stands on code that the phase changed.

What was marked for a requirement stands for its words of then: when those changed and
the code did not, the marker is stale.
"""

import re
from collections.abc import Iterator

from weighlock import syntax
from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import paths
from weighlock.checks.subject import Snapshot, Subject
from weighlock.markers import rows, scan
from weighlock.plan.model import Phase, Plan
from weighlock.plan.parts import asks
from weighlock.run.evidence import Evidence
from weighlock.run.trace.marker import Marker, Node
from weighlock.run.trace.names import Names, names


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether changed code carries ``@plan:PLAN.P05``, where the plan asks."""
    del rules
    code = [
        c.path
        for c in subject.work()
        if c.status != "D" and not paths.is_document(c.path)
    ]
    seen = [*_orphans(subject, code), *_stale(subject)]
    if not subject.phase.markers:
        return weigh("markers", "marker", seen, fine="not asked for", decides=False)
    pattern = marker(subject.plan, subject.phase)
    marked = [path for path in code if _is_marked(subject, path, pattern)]
    if code and not marked:
        seen.append(_missing(subject, code, pattern))
    fine = f"{len(marked)} of {len(code)} changed files carry the marker"
    return weigh("markers", "marker", seen, fine=fine, decides=False)


def _is_marked(subject: Subject, path: str, pattern: re.Pattern[str]) -> bool:
    places = list(_places(subject, path, pattern))
    fresh = {line for line, _ in numbered(subject, path)} if places else set()
    return any(_counts(subject, path, node, new=at in fresh) for at, node in places)


def _places(
    subject: Subject, path: str, pattern: re.Pattern[str]
) -> Iterator[tuple[int, Node | None]]:
    """Return the lines of a file that carry the marker, and the node of each."""
    lines = _lines(subject.new.text(path))
    marked = [n for n, line in enumerate(lines, 1) if pattern.search(line)]
    outline = syntax.outline(path, subject.new.read(path) or b"") if marked else None
    for line in marked:
        yield line, outline.at(line) if outline else None


def _counts(subject: Subject, path: str, node: Node | None, *, new: bool) -> bool:
    """Say whether a marker stands on something that the phase changed.

    A marker on a function may have stood there before, if the function changed.  What
    is said of a whole file, and what is in a language without a grammar here, counts
    by its line: it must be new.
    """
    perhaps = asks.perhaps_for_words(subject.phase.title)
    if node is None or subject.about_words or perhaps:
        return new
    old = syntax.outline(path, subject.old.read(path) or b"")
    if old is None:
        return new
    if node.kind == "module" and not node.name:
        return new and node.digest != old.module.digest
    return all((n.name, n.digest) != (node.name, node.digest) for n in old.nodes)


def _missing(subject: Subject, code: list[str], pattern: re.Pattern[str]) -> Found:
    """Say that no changed code is marked; best, where the marker stands instead."""
    name = subject.phase.id or f"{subject.plan.id}.P{subject.phase.key}"
    for path in code:
        for line, node in _places(subject, path, pattern):
            on = f"{node.name}, which" if node and node.name else "code that"
            message = f"@plan:{name} stands on {on} did not change in this phase"
            return found("fail", "marker-missing", message, path=path, line=line)
    message = f"nothing that the phase changed carries @plan:{name}"
    return found("fail", "marker-missing", message, path=code[0])


def _orphans(subject: Subject, code: list[str]) -> Iterator[Found]:
    """Note the markers that the phase added and that name nothing of the plan."""
    known: Names | None = None
    for path in code:
        there = rows(subject.new.read(path) or b"")
        fresh = {line for line, _ in numbered(subject, path)} if there else set()
        for kind, name, line, _, phase, *_ in there:
            if line not in fresh:
                continue
            known = known or names(subject.plan)
            if kind == "plan" and phase and known.is_ours(name):
                lost = known.phase(phase) is None
                message = f"a marker names phase {phase}, which the plan has not"
            else:
                lost = kind == "requirement" and _is_lost(known, name)
                message = f"a marker names {name}, which the plan defines nowhere"
            if lost:
                yield found("note", "marker-orphan", message, path=path, line=line)


def _stale(subject: Subject) -> Iterator[Found]:
    """Accuse a phase that is done again for other words, and left the code as it was.

    Only what bears the requirement's marker is asked about.  Where a part of it changed
    the rest is told; where nothing did, and the plan asks for markers, a person looks:
    the new words may mean the same.
    """
    ids = subject.earlier.reworded(subject.plan, subject.phase)
    commit = subject.git.resolve(subject.earlier.commit) if ids else None
    if commit is None:
        return
    known, then = names(subject.plan), Snapshot(subject.git, commit)
    places = [m for m in _scanned(subject) if m.kind == "requirement"]
    for id_ in ids:
        mine = [m for m in places if id_ in known.requirement(m.id)]
        old = [m for m in mine if _stood(subject, m, then)]
        if not old:
            continue
        some = len(old) < len(mine)
        told = f"{len(old)} of the {len(mine)}" if some else f"none of the {len(mine)}"
        left = "are as they were" if some else "changed with it"
        message = f"{id_} has other words now; {told} places marked for it {left}"
        weight: Weight = "note" if some or not subject.phase.markers else "review"
        yield found(weight, "marker-stale", message, path=old[0].path, line=old[0].line)


def _scanned(subject: Subject) -> Iterator[Marker]:
    """Return the markers of what was delivered that this kind of phase answers for."""
    tests = subject.phase.kind == "tdd"
    for one in scan(subject.git.cwd, commit=subject.delivery.head, nodes=True):
        ours = one.is_test or not tests
        if ours and not paths.is_document(one.path) and not subject.is_plan(one.path):
            yield one


def _stood(subject: Subject, marker: Marker, then: Snapshot) -> bool:
    """Say whether the code under a marker is what it was at another commit."""
    data = then.read(marker.path)
    outline = syntax.outline(marker.path, data or b"")
    if marker.node is None or outline is None:
        return data == subject.new.read(marker.path)
    if marker.node.kind == "module" and not marker.node.name:
        return marker.node.digest == outline.module.digest
    it = marker.node.name, marker.node.digest
    return any((n.name, n.digest) == it for n in outline.nodes)


def _is_lost(known: Names, requirement: str) -> bool:
    """Say whether an id looks like the plan's own, and is none of them."""
    return known.in_series(requirement) and not known.requirement(requirement)


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
    new = _lines(subject.new.text(path))
    old = _lines(subject.old.text(path))
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


def _lines(text: str) -> list[str]:
    """Split where an editor and a grammar do: a form feed begins no line."""
    lines = text.replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]
