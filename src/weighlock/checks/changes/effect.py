"""Layer 3, effect: what the phase said it would change really changed."""

import re
from collections.abc import Iterator

from weighlock.checks.finding import Found, Weight, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.reading import language, paths
from weighlock.checks.subject import Subject
from weighlock.plan.model import FileAction
from weighlock.plan.parts import asks
from weighlock.run.evidence import Evidence
from weighlock.run.policy import agentless
from weighlock.tree import Change


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
    title = subject.phase.title
    if (
        written
        and asks.for_folders(title)
        and all(_stands_for(subject, p) for p in written)
    ):
        return True
    asked = bool(done) or (bool(written) and asks.for_documents(title))
    return asked and all(paths.is_document(p) for p in written)


def _is_skeleton(subject: Subject) -> bool:
    """Say whether folders are asked for, and empty files that hold them are there."""
    written = [c.path for c in subject.work() if c.status != "D"]
    asked = bool(written) and asks.for_folders(subject.phase.title)
    return asked and all(_stands_for(subject, path) for path in written)


def _stands_for(subject: Subject, path: str) -> bool:
    """Say whether an empty file only holds a folder that the plan names."""
    folder = path.rpartition("/")[0]
    empty = paths.may_be_empty(path) and not (subject.new.read(path) or b"").strip()
    return empty and bool(folder) and folder in subject.phase.text


def _something(subject: Subject) -> Iterator[Found]:
    """Ask for any real change when the phase names no file."""
    work = subject.work()
    if not work:
        yield found("fail", "no-change", "nothing was changed; there is only a report")
    elif _is_skeleton(subject) or subject.about_words:
        return
    elif all(_only_comments(subject, c) for c in work):
        yield found(
            _comment_weight(subject),
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
    elif old is None and _is_outline(subject, path):
        message = "the document holds nothing but headings"
        yield found("review", "partial", message, path=path)
    elif subject.about_words or _mode_changed(subject, path):
        return
    elif old is None and language.is_program(path) and language.says_nothing(path, new):
        yield _only("the file holds nothing but comments", subject, path)
    elif old is not None and _same(path, old, new) and not _is_asked(subject, path):
        told = "only comments, docstrings or white space were changed"
        yield _only(told, subject, path)


def _is_asked(subject: Subject, path: str) -> bool:
    """Say whether the plan asks for words alone in a file, beside work in another."""
    name = path.rpartition("/")[2]
    return asks.for_words_in(subject.phase.text, name) and any(
        c.path != path
        and c.status != "D"
        and subject.action(c.path)
        and not _only_comments(subject, c)
        for c in subject.work()
    )


def _is_outline(subject: Subject, path: str) -> bool:
    """Say whether a document has headings, and nothing below any of them."""
    if not path.endswith(".md") or subject.phase.kind == "stub":
        return False
    lines = [line for line in subject.new.text(path).splitlines() if line.strip()]
    return all(re.match(r"#{1,6}\s", line) for line in lines)


def _only(message: str, subject: Subject, path: str) -> Found:
    return found(_comment_weight(subject), "comment-only", message, path=path)


def _comment_weight(subject: Subject) -> Weight:
    return "review" if asks.perhaps_for_words(subject.phase.title) else "fail"


def _same(path: str, old: bytes, new: bytes) -> bool:
    """Say whether two texts say the same; words and their order, in a document."""
    if language.is_program(path):
        return language.same_meaning(path, old, new)
    return path.lower().endswith(_PROSE) and old.split() == new.split()


_PROSE = (".md", ".mdx", ".rst", ".adoc", ".json")


def _mode_changed(subject: Subject, path: str) -> bool:
    """Say whether a file became a program, or a link: that is a change as well."""
    return any(
        c.path == path and c.old_mode not in {0, c.new_mode} for c in subject.changes
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
    elif not any(paths.covers(action.path, p) for p in subject.old.paths):
        weight: Weight = "note" if subject.work() else "review"
        message = "the plan says delete, and there was no such file at base"
        yield found(weight, "no-change", message, path=action.path)


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
