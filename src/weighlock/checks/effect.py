"""Layer 3, effect: what the phase said it would change really changed."""

import re
from collections.abc import Iterator

from weighlock.checks import language, paths
from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Subject
from weighlock.plan.model import FileAction
from weighlock.run.evidence import Evidence
from weighlock.run.policy import agentless
from weighlock.tree import Change

_ABOUT_COMMENTS = re.compile(
    r"\b(docstrings?|comments?|documentation|docs|formatting|reformat|typos?|markers?)\b",
    re.IGNORECASE,
)


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether every planned file changed beyond comments and white space."""
    if agentless(subject.phase) and subject.phase.kind == "design":
        return _overview(subject)
    planned = [a for a in subject.planned if not subject.is_claim(a.path)]
    seen: list[Found] = []
    for action in planned:
        seen += _CHECKS[action.action](subject, action)
    seen += _parses(subject)
    if rules.changes and not any(a.action != "keep" for a in planned):
        seen += _something(subject)
    done = sum(1 for a in planned if a.action != "keep")
    fine = (
        f"{done} of {done} planned files changed"
        if done
        else f"{len(subject.work())} files changed; the plan names none"
    )
    return weigh(
        "effect", "effect", seen, fine=fine, decides=_decides(subject, rules, done)
    )


def _overview(subject: Subject) -> Evidence:
    """Say that an overview stands in the plan: nothing else is asked of it."""
    lines = len(subject.phase.text.strip().splitlines())
    fine = f"the overview is part of the plan: {lines} lines"
    seen = [] if lines else [found("fail", "file-empty", "the overview is empty")]
    return weigh("effect", "effect", seen, fine=fine, decides=True)


def _parses(subject: Subject) -> Iterator[Found]:
    """Say which Python files no longer parse; a runner tells it of the others."""
    for change in subject.work():
        if not change.path.endswith(".py") or change.status == "D":
            continue
        now = language.python_tree(subject.new.text(change.path))
        before = language.python_tree(subject.old.text(change.path))
        if isinstance(now, str) and not isinstance(before, str):
            message = f"the file does not parse: {now}"
            yield found("fail", "unreadable", message, path=change.path)


def _decides(subject: Subject, rules: Rules, done: int) -> bool:
    """Say whether looking at the files alone can settle the phase.

    For documents there is nothing to run.
    """
    written = [c.path for c in subject.work() if c.status != "D"]
    if rules.effect_decides:
        return bool(done or written)
    return bool(done) and all(paths.is_document(p) for p in written)


def _something(subject: Subject) -> Iterator[Found]:
    """Ask for any real change when the phase names no file."""
    work = subject.work()
    if not work:
        yield found("fail", "no-change", "nothing was changed; there is only a report")
    elif all(_only_comments(subject, c) for c in work) and not is_about_comments(
        subject
    ):
        yield found(
            "fail",
            "comment-only",
            "only comments or white space were changed",
            path=work[0].path,
        )


def _created(subject: Subject, action: FileAction) -> Iterator[Found]:
    there = _matches(subject, action)
    if not there:
        yield found(
            "fail",
            "file-missing",
            f"the plan says {action.action}, and the file is not there",
            path=action.path,
        )
        return
    changed = [c for c in there if c in _changed(subject)]
    if not changed:
        yield found(
            "fail",
            "no-change",
            f"the plan says {action.action}, and the file is as it was at base",
            path=action.path,
        )
        return
    yield from _real(subject, changed)


def _real(subject: Subject, changed: list[str]) -> Iterator[Found]:
    """Of several files behind one glob or folder, one real change is enough."""
    seen = [list(_hollow(subject, path)) for path in changed]
    if all(seen):
        yield seen[0][0]


def _hollow(subject: Subject, path: str) -> Iterator[Found]:
    new = subject.new.read(path) or b""
    old = subject.old.read(path)
    if paths.may_be_empty(path) or subject.new.read(path) is None:
        return
    if not new.strip():
        yield found("fail", "file-empty", "the file is empty", path=path)
    elif not language.is_program(path) or is_about_comments(subject):
        return
    elif old is None and language.says_nothing(path, new):
        yield found(
            "fail", "comment-only", "the file holds nothing but comments", path=path
        )
    elif old is not None and language.same_meaning(path, old, new):
        yield found(
            "fail",
            "comment-only",
            "only comments, docstrings or white space were changed",
            path=path,
        )


def _deleted(subject: Subject, action: FileAction) -> Iterator[Found]:
    left = _matches(subject, action)
    if left:
        yield found(
            "fail",
            "no-change",
            "the plan says delete, and the file is still there",
            path=left[0],
        )


def _kept(subject: Subject, action: FileAction) -> Iterator[Found]:
    for path in _changed(subject):
        if paths.covers(action.path, path):
            yield found(
                "fail",
                "protected-changed",
                "the plan says that this file stays as it is",
                path=path,
            )


_CHECKS = {
    "create": _created,
    "modify": _created,
    "delete": _deleted,
    "keep": _kept,
}


def _matches(subject: Subject, action: FileAction) -> list[str]:
    return sorted(p for p in subject.new.paths if paths.covers(action.path, p))


def _changed(subject: Subject) -> frozenset[str]:
    return frozenset(c.path for c in subject.changes)


def is_about_comments(subject: Subject) -> bool:
    """Say whether the phase is about comments, or documents are its product."""
    return subject.phase.kind in {"design", "pseudocode"} or bool(
        _ABOUT_COMMENTS.search(subject.phase.title)
    )


def _only_comments(subject: Subject, change: Change) -> bool:
    old, new = subject.old.read(change.path), subject.new.read(change.path)
    if not language.is_program(change.path) or old is None or new is None:
        return (
            change.status == "A"
            and language.is_program(change.path)
            and (language.says_nothing(change.path, new or b""))
        )
    return change.old_mode == change.new_mode and language.same_meaning(
        change.path, old, new
    )
