"""Layer 3, scope: what changed that the phase did not say it would change."""

import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import support
from weighlock.checks.reading import language, paths
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence
from weighlock.tree import Change


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether the work stayed where the plan put it."""
    work = subject.work()
    seen = [f for c in work for f in _judge(subject, rules, c)]
    fine = f"{len(work)} changed files, none outside the phase"
    return weigh("scope", "scope", seen, fine=fine, decides=False)


def _judge(subject: Subject, rules: Rules, change: Change) -> Iterator[Found]:
    path, role = change.path, support.role(subject, change)
    if subject.action(path) is not None:
        return
    if role not in {"product", "manifest", "document"}:
        yield from _beside(change, role)
    elif role == "document":
        yield from _document(change)
    elif not rules.product and _is_new_behaviour(subject, rules, change):
        yield _product(subject, path)
    else:
        yield from _unplanned(subject, change)


def _product(subject: Subject, path: str) -> Found:
    return found(
        "fail",
        "out-of-scope",
        f"a {subject.phase.kind} phase does not change the product",
        path=path,
    )


def _is_new_behaviour(subject: Subject, rules: Rules, change: Change) -> bool:
    """Say whether the product itself changed, and not only words about it."""
    path = change.path
    if not language.is_program(path) and (
        change.status == "A" or rules.tests == "none"
    ):
        return False
    if path.endswith(".rs") and rules.tests == "red":
        return _rust(subject.old.text(path)) != _rust(subject.new.text(path))
    old, new = subject.old.read(path), subject.new.read(path)
    if old is None or new is None:
        return not (paths.may_be_empty(path) and not (new or b"").strip())
    return not language.same_meaning(path, old, new)


def _rust(text: str) -> str:
    """Return a Rust file without the test-only items it holds."""
    bare = re.sub(r"#\[cfg\(test\)\]\s*mod\s+\w+\s*;", "", text)
    start = bare.find("#[cfg(test)]")
    kept = bare if start < 0 else bare[:start]
    return re.sub(r"\s+", "", kept)


def _beside(change: Change, role: paths.Role) -> Iterator[Found]:
    """Tests and support that nobody planned; protected.py judges what existed."""
    if change.status == "A" and role in {"test", "fixture"}:
        yield found(
            "note", "out-of-scope", "a test that nobody planned", path=change.path
        )


def _document(change: Change) -> Iterator[Found]:
    if change.status == "D":
        yield found(
            "fail",
            "unplanned-deletion",
            "a document was deleted, and the plan does not say so",
            path=change.path,
        )
    else:
        yield found(
            "note", "out-of-scope", "a document that nobody planned", path=change.path
        )


def _unplanned(subject: Subject, change: Change) -> Iterator[Found]:
    path = change.path
    if change.status == "D":
        yield found(
            "fail",
            "unplanned-deletion",
            "an existing file was deleted, and the plan does not say so",
            path=path,
        )
    elif change.status == "A":
        yield found("note", "out-of-scope", "a file that nobody planned", path=path)
    elif not subject.planned:
        return
    elif _harmless(subject, change) or _elsewhere(subject, path):
        yield found("note", "out-of-scope", "touched beside the plan", path=path)
    else:
        yield found(
            "review",
            "out-of-scope",
            "an existing file was changed that the phase does not name",
            path=path,
        )


def _harmless(subject: Subject, change: Change) -> bool:
    old = subject.old.read(change.path) or b""
    new = subject.new.read(change.path) or b""
    return (
        change.old_mode == change.new_mode
        and language.is_program(change.path)
        and language.same_meaning(change.path, old, new)
    )


def _elsewhere(subject: Subject, path: str) -> bool:
    """Say whether a phase that may run beside this one claims the file."""
    group = subject.phase.group
    return group is not None and any(
        paths.covers(a.path, path)
        for phase in subject.plan.phases
        if phase.group == group
        for a in phase.files
    )
