"""What the phases before an integration phase made, and looser ways to come to it."""

import re
from collections.abc import Iterable, Iterator

from weighlock import syntax
from weighlock.checks.reach.facts import Facts
from weighlock.checks.reach.resolve import stem
from weighlock.checks.reading import paths
from weighlock.checks.subject import Subject

_HANDS_ON = re.compile(
    r"^\s*(?:pub(?:\([^)]*\))?\s+use|export\s*[*{])(.*)$", re.MULTILINE
)


def made(subject: Subject, code: Iterable[str]) -> list[str]:
    """Return the files that the phases which this one needs were to write."""
    planned = list(_planned(subject))
    return [
        p
        for p in code
        if p in subject.old.paths and any(paths.covers(each, p) for each in planned)
    ]


def _planned(subject: Subject) -> Iterator[str]:
    todo, seen = list(subject.phase.needs), set[str]()
    while todo:
        phase = subject.plan.phase(todo.pop())
        if phase is not None and phase.key not in seen:
            seen.add(phase.key)
            todo += phase.needs
            yield from (a.path for a in phase.files if a.action in {"create", "modify"})


def hinted(
    subject: Subject, changed: Iterable[tuple[str, Facts]], files: Iterable[str]
) -> bool:
    """Say whether a changed file may use one of these files without naming it.

    It calls a method of that name on what it was given, or hands the module on.
    """
    stems = {stem(path).rpartition("/")[2] for path in files}
    methods = {
        node.name.rpartition(".")[2]
        for path in files
        for node in syntax.nodes(path, subject.new.read(path) or b"")
    }
    for path, facts in changed:
        used = {name for names in facts.uses.values() for name in names}
        handed = " ".join(_HANDS_ON.findall(subject.new.text(path)))
        if used & methods or stems.intersection(re.findall(r"\w+", handed)):
            return True
    return False
