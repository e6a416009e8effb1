"""Green: what was green stays green, and what the phase is about turns green."""

from collections.abc import Iterable, Iterator

from weighlock.checks.finding import Found, Weight, found
from weighlock.checks.kinds import Rules
from weighlock.checks.old_tests import moved
from weighlock.checks.runners.compare import RED, Cases, Difference
from weighlock.checks.runners.runner import Case
from weighlock.checks.subject import Subject
from weighlock.checks.suite.awaited import in_radius
from weighlock.plan.model import FileAction

SHOWN = 20
"""Reasons of one code that are listed one by one; the rest is a number."""


def keep(
    subject: Subject, before: Cases, after: Cases, seen: Difference
) -> Iterator[Found]:
    """Judge the tests of base: none may vanish, be skipped or break."""
    yield from _removed(subject, before, after, seen)
    for name in seen.skipped:
        yield found(
            "fail",
            "test-skipped",
            f"{name} ran at base and is skipped now",
            path=before[name].file or None,
        )
    touched = {c.path for c in subject.changes}
    for name in seen.newly_failing:
        if subject.phase.kind == "tdd" and after[name].file in touched:
            continue
        inside = in_radius(subject.phase, after[name])
        yield found(
            "fail" if inside else "review",
            "base-test-fails",
            f"{name} ({before[name].result} at base) fails now: {after[name].message}",
            path=before[name].file or None,
        )


def _removed(
    subject: Subject, before: Cases, after: Cases, seen: Difference
) -> Iterator[Found]:
    broken = {c.file for c in after.values() if c.result == "error" and c.id == c.file}
    came = [after[name] for name in seen.added]
    for name in seen.removed:
        file = before[name].file
        action = subject.action(file) if file else None
        if _may_go(subject, action):
            continue
        if moved.stands(subject, before[name], came):
            continue
        if _is_loaded_now(before[name], after):
            continue
        if file in broken:
            weight, code = _broken(before[name].result in RED)
            why = "its file can no longer be loaded"
        elif action is not None and moved.is_given_up(subject, before[name]):
            weight, code, why = "note", "test-removed", "the plan says that it goes"
        elif action is not None and (
            action.action == "delete" or _as_many(file, before, after)
        ):
            weight, code = "review", "test-removed"
            why = "it is gone, or reads otherwise elsewhere"
        else:
            weight, code, why = "fail", "ids-missing", "it was in the run at base"
        yield found(weight, code, f"{name} did not run: {why}", path=file or None)


def _may_go(subject: Subject, action: FileAction | None) -> bool:
    """Say whether the plan lets a file go, and not only to another place."""
    if action is None or action.action != "delete":
        return False
    return not moved.is_planned(subject, action)


def _is_loaded_now(was: Case, after: Cases) -> bool:
    """Say whether a file that could not be loaded at base runs its own tests now."""
    unloaded = was.id == was.file and was.result in RED
    return unloaded and any(c.file == was.file for c in after.values())


def _broken(was_red: bool) -> tuple[Weight, str]:  # noqa: FBT001 - one private caller
    return "fail", "tests-fail" if was_red else "base-test-fails"


def _as_many(file: str, before: Cases, after: Cases) -> bool:
    return sum(c.file == file for c in after.values()) >= sum(
        c.file == file for c in before.values()
    )


def turn(
    subject: Subject,
    rules: Rules,
    after: Cases,
    seen: Difference,
    wanted: Iterable[str],
) -> Iterator[Found]:
    """Judge the tests that this phase had to mend, and those it brought."""
    awaited = set(wanted)
    for name in sorted(awaited):
        if name in after and after[name].result in RED:
            yield _fails("fail", after, name, "the phase has to make it pass")
        elif name in after and after[name].result == "skipped":
            continue  # keep() has said so
    for name in seen.added:
        if after[name].result in RED and name not in awaited:
            weight: Weight = "note" if rules.stubs else "fail"
            yield _fails(weight, after, name, "the phase brought it")
    old = [i for i in seen.still_failing if i not in awaited]
    for name in old[:SHOWN]:
        yield found(
            "note",
            "old-failure",
            f"{name} failed at base and still does",
            path=after[name].file or None,
        )
    del subject


def _fails(weight: Weight, after: Cases, name: str, why: str) -> Found:
    case = after[name]
    return found(
        weight,
        "tests-fail",
        f"{name} fails ({why}): {case.message or case.error}",
        path=case.file or None,
    )
