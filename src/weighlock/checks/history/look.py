"""Layer 2, git truth: base still stands, and every name is safe to check out."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from weighlock.checks.finding import Found, found, weigh
from weighlock.checks.history.hidden import hidden
from weighlock.checks.history.links import leads
from weighlock.checks.kinds import Rules
from weighlock.checks.subject import Snapshot, Subject
from weighlock.run.evidence import Evidence
from weighlock.tree import GITLINK, Change

_DEVICES = frozenset({"con", "prn", "aux", "nul"}) | {
    f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10)
}
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")


def look(subject: Subject, rules: Rules) -> Evidence:
    """Say whether the delivery stands on base and holds only safe paths."""
    del rules
    seen = [*_base(subject), *hidden(subject), *_paths(subject)]
    seen += [*_links(subject), *_collisions(subject)]
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


def _paths(subject: Subject) -> Iterator[Found]:
    for change in subject.changes:
        if change.status == "D":
            continue
        why = _unsafe(change)
        if why:
            yield found("fail", "unsafe-path", why, path=change.path)


def _unsafe(change: Change) -> str | None:
    parts = change.path.split("/")
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


def _links(subject: Subject) -> Iterator[Found]:
    """Follow every link of the delivery where one was changed, base's own included."""
    changed = {c.path for c in subject.changes}
    new = _targets(subject.new)
    if not changed & (new.keys() | subject.old.links):
        return
    old = _targets(subject.old)
    for path in sorted(new):
        why = leads(path, new)
        known = path not in changed and path in old and leads(path, old) is not None
        if why and not known:
            yield found("fail", "unsafe-path", why, path=path)


def _targets(side: Snapshot) -> dict[str, str]:
    side.fetch(side.links)
    return {path: side.text(path) for path in side.links}


def _collisions(subject: Subject) -> Iterator[Found]:
    added = [c.path for c in subject.changes if c.status == "A"]
    if not added:
        return
    names: defaultdict[str, list[str]] = defaultdict(list)
    for path in subject.new.paths:
        names[_alike(path)].append(path)
    for path in added:
        others = [other for other in names[_alike(path)] if other != path]
        if others:
            yield found(
                "fail",
                "unsafe-path",
                f"differs from {others[0]} only in case or in the form of its letters",
                path=path,
            )


def _alike(path: str) -> str:
    """Return what a file system that folds case and accents takes a path for."""
    return unicodedata.normalize("NFC", path).casefold()
