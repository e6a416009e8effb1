"""Layer 3, protected inputs: what decides how checks run, or what they assert."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from weighlock.checks.changes.grown import grew, is_about_tests
from weighlock.checks.claims.written import plan_changed
from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import support
from weighlock.checks.old_tests.beneath import serves_new_tests
from weighlock.checks.old_tests.settings import planned_settings
from weighlock.checks.place.checkout import stamps
from weighlock.checks.reading import paths, tables
from weighlock.checks.subject import Subject
from weighlock.plan.model import Plan
from weighlock.run.evidence import Evidence
from weighlock.tree import Change

_CODES: Mapping[paths.Role, str] = {
    "test": "protected-changed",
    "fixture": "protected-changed",
    "harness": "harness-tampered",
    "runner": "config-weakened",
    "quality": "config-weakened",
    "ci": "protected-changed",
    "lock": "protected-changed",
    "own": "config-weakened",
    "manifest": "config-weakened",
    "support": "harness-tampered",
}
_WHAT: Mapping[paths.Role, str] = {
    "test": "an existing test",
    "fixture": "an existing fixture or snapshot",
    "harness": "code that runs beside the tests",
    "runner": "configuration of tests or build",
    "quality": "configuration of lint, types or format",
    "ci": "continuous integration",
    "lock": "a lock file",
    "own": "weighlock's own configuration",
    "manifest": "a tool table",
    "support": "a helper of the tests",
}
_ADDED: Mapping[paths.Role, Weight] = {
    "harness": "fail",
    "runner": "fail",
    "own": "fail",
    "quality": "review",
}
"""What a new file of a protected kind weighs; others are only new files."""

_INTERPRETERS = frozenset({"sh", "bash", "zsh", "dash", "source", "."})
_SCRIPTS = re.compile(r"(^|/)(scripts?|tools?|hack|ci|bin)/")


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether anything was touched that no phase may touch unasked."""
    scripts = called_scripts(subject.plan)
    seen = [f for c in subject.changes for f in _judge(subject, rules, c, scripts)]
    return weigh(
        "protected",
        "protected",
        seen,
        fine="tests, configuration, CI and the plan are as they were",
        decides=False,
    )


def to_restore(subject: Subject, rules: Rules) -> tuple[tuple[str, bytes | None], ...]:
    """Return what a clean run takes from base in place of what was delivered.

    That is every protected file that changed and that the plan does not name, and
    nothing for harness and runner files that base did not have.
    """
    scripts = called_scripts(subject.plan)
    return tuple(
        (c.path, subject.old.read(c.path))
        for c in subject.changes
        if _is_restored(subject, rules, c, scripts)
    )


def held(subject: Subject, tree: Path) -> dict[str, tuple[int, int]]:
    """Note how the tests and what runs beside them stand in a checkout before a run."""
    kept = {"test", "harness", "runner"}
    return stamps(tree, (p for p in subject.new.paths if paths.role(p) in kept))


def rewritten(tree: Path, before: Mapping[str, tuple[int, int]]) -> list[Found]:
    """Say which of them were written while the product ran: compared again after."""
    after = stamps(tree, before)
    return [
        found(
            "fail",
            "protected-changed",
            "it was rewritten while the tests ran",
            path=path,
        )
        for path, stamp in before.items()
        if after.get(path) != stamp
    ]


def called_scripts(plan: Plan) -> frozenset[str]:
    """Return the paths of scripts that the plan's commands call."""
    texts = (c.text for phase in plan.phases for c in phase.commands)
    return frozenset(path for text in texts for path in _called(text))


def _called(text: str) -> Iterator[str]:
    for part in re.split(r"[;&|\n]+", text):
        try:
            words = shlex.split(part)
        except ValueError:
            continue
        while words and re.fullmatch(r"\w+=.*", words[0]):
            words = words[1:]
        if not words:
            continue
        first, second = words[0], words[1] if len(words) > 1 else ""
        if "/" in first and not first.startswith(("/", "node_modules/")):
            yield first.removeprefix("./")
        elif first in _INTERPRETERS or _SCRIPTS.search(second):
            yield second.removeprefix("./")


def _judge(
    subject: Subject, rules: Rules, change: Change, scripts: frozenset[str]
) -> Iterator[Found]:
    path = change.path
    if any(paths.glob_matches(glob, path) for glob in subject.settings.protect):
        yield found(
            "fail", "protected-changed", "the configuration protects it", path=path
        )
    elif paths.is_claim(path):
        return
    elif subject.action(path) is not None:
        yield from planned_settings(subject, change)
    elif subject.is_plan(path):
        yield from plan_changed(subject, change)
    elif path in scripts and change.status != "A":
        yield found(
            "fail",
            "command-changed",
            "a command of the plan calls this script, and it was changed",
            path=path,
        )
    else:
        yield from _by_role(subject, rules, change)


def _by_role(subject: Subject, rules: Rules, change: Change) -> Iterator[Found]:
    path, role = change.path, support.role(subject, change)
    if role not in _WHAT:
        return
    if change.status == "A":
        yield from _new(subject, rules, path, role)
    elif role == "manifest":
        yield from _manifest(subject, change)
    elif role == "lock":
        yield found(
            "note",
            "protected-changed",
            "a lock file was changed; the tests ran with base's",
            path=path,
        )
    elif role == "test" and change.status == "D":
        yield found("fail", "test-removed", "an existing test was deleted", path=path)
    elif role in {"test", "support"} and grew(subject, rules, path):
        what = "tests were" if role == "test" else "something was"
        message = f"{what} added to an existing file"
        yield found("note", "out-of-scope", message, path=path)
    else:
        verb = "deleted" if change.status == "D" else "changed"
        judged = role == "test" and is_about_tests(subject.phase)
        yield found(
            "review" if judged else "fail",
            _CODES[role],
            f"{_WHAT[role]} was {verb}, and the plan does not say so",
            path=path,
        )


def _new(
    subject: Subject, rules: Rules, path: str, role: paths.Role
) -> Iterator[Found]:
    weight = _ADDED.get(role)
    if role == "manifest" and tables.configures(path, subject.new.read(path) or b""):
        weight = "fail"
    if weight is None:
        return
    young = not any(paths.is_test(p) for p in subject.old.paths)
    free = rules.harness or young or serves_new_tests(subject, path)
    if free and not paths.runs_at_start(path):
        weight = "note"
    yield found(
        weight,
        _CODES[role],
        f"{_WHAT[role]} was added, and the plan does not say so",
        path=path,
    )


def _manifest(subject: Subject, change: Change) -> Iterator[Found]:
    path = change.path
    old, new = subject.old.read(path) or b"", subject.new.read(path) or b""
    key = tables.differs(path, old, new)
    if key is None or tables.added_scripts_only(old, new):
        return
    yield found(
        "fail",
        "config-weakened",
        f"{key} was changed: it decides how checks run",
        path=path,
    )


def _is_restored(
    subject: Subject, rules: Rules, change: Change, scripts: frozenset[str]
) -> bool:
    path = change.path
    if any(paths.glob_matches(glob, path) for glob in subject.settings.protect):
        return True
    if subject.action(path) is not None:
        return False
    if path in scripts and change.status != "A":
        return True
    return _restores_role(subject, rules, change)


def _restores_role(subject: Subject, rules: Rules, change: Change) -> bool:
    path, role = change.path, support.role(subject, change)
    if change.status == "A":
        free = rules.harness or serves_new_tests(subject, path)
        free = free and not paths.runs_at_start(path)
        if role == "manifest":
            told = tables.configures(path, subject.new.read(path) or b"")
            return told is not None and not free
        return role in {"harness", "runner", "own"} and not free
    if role == "manifest":
        old, new = subject.old.read(path) or b"", subject.new.read(path) or b""
        return tables.differs(path, old, new) is not None
    tested = rules.harness or is_about_tests(subject.phase)
    may_grow = role == "support" or (role == "test" and tested)
    if may_grow and grew(subject, rules, path):
        return False
    return role in _WHAT
