"""Layer 2, git truth: base still stands, and every name is safe to check out."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Subject
from weighlock.run.evidence import Evidence
from weighlock.tree import GITLINK, SYMLINK, Change

_DEVICES = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10)
}
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether the delivery stands on base and holds only safe paths."""
    del rules
    seen = [*_base(subject), *_left_out(subject), *_paths(subject)]
    seen += _collisions(subject)
    fine = f"stands on {subject.delivery.base[:10]}, every path is safe"
    return weigh("git", "git", seen, fine=fine, decides=False)


def _base(subject: Subject) -> Iterator[Found]:
    if not subject.delivery.ancestor:
        yield found(
            "fail",
            "base-rewritten",
            f"the history was rewritten: base {subject.delivery.base[:10]} is no "
            "longer an ancestor of what was delivered",
        )


def _left_out(subject: Subject) -> Iterator[Found]:
    for path in subject.delivery.left_out:
        yield found(
            "note", "git-hidden", "no tree can hold this; it is left out", path=path
        )


def _paths(subject: Subject) -> Iterator[Found]:
    for change in subject.changes:
        if change.status == "D":
            continue
        why = _unsafe(change, subject)
        if why:
            yield found("fail", "unsafe-path", why, path=change.path)


def _unsafe(change: Change, subject: Subject) -> str | None:
    parts = change.path.split("/")
    if change.new_mode == SYMLINK:
        return _escapes(change.path, subject.new.text(change.path))
    if change.new_mode == GITLINK and change.old_mode != GITLINK:
        return "a nested repository was added; its files are not in this tree"
    if any(part.lower() in {".git", "git~1"} for part in parts):
        return "a path may not lead into a git directory"
    if _ODD.search(change.path):
        return "the name holds a control character or a backslash"
    stems = {part.partition(".")[0].lower() for part in parts}
    if stems & _DEVICES or any(part.endswith((" ", ".")) for part in parts):
        return "the name cannot be checked out everywhere (device name, final dot)"
    return None


def _escapes(path: str, target: str) -> str | None:
    if posixpath.isabs(target):
        return f"a symlink to the absolute path {target}"
    end = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if end == ".." or end.startswith("../"):
        return f"a symlink out of the tree, to {target}"
    if ".git" in end.split("/"):
        return f"a symlink into the git directory, to {target}"
    return None


def _collisions(subject: Subject) -> Iterator[Found]:
    added = [c.path for c in subject.changes if c.status == "A"]
    if not added:
        return
    names: defaultdict[str, list[str]] = defaultdict(list)
    for path in subject.new.paths:
        names[path.casefold()].append(path)
    for path in added:
        others = [other for other in names[path.casefold()] if other != path]
        if others:
            yield found(
                "fail",
                "unsafe-path",
                f"differs from {others[0]} only in upper and lower case",
                path=path,
            )
