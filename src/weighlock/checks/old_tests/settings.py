"""Layer 3, settings of test runners in a manifest that the phase may change."""

from collections.abc import Iterator

from weighlock.checks.finding import Found, found
from weighlock.checks.reading import tables
from weighlock.checks.subject import Subject
from weighlock.tree import Change


def planned_settings(subject: Subject, change: Change) -> Iterator[Found]:
    """Accuse a planned manifest of settings that the phase does not speak of.

    What was added to them is the phase's own; what was there had its reason.
    """
    path = change.path
    if change.status != "M" or subject.phase.kind not in {"impl", "integration"}:
        return
    old, new = subject.old.read(path) or b"", subject.new.read(path) or b""
    for key in tables.weakened(path, old, new):
        words = key.split(".")[-2:]
        if not any(word in subject.phase.text for word in words):
            message = f"{key} was changed, and the phase does not speak of it"
            yield found("review", "config-weakened", message, path=path)
