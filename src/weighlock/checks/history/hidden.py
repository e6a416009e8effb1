"""What stands in a tree for something that is not in it, or was kept out of it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from weighlock.checks.finding import Found, found
from weighlock.checks.subject import Subject
from weighlock.git import Git
from weighlock.sandbox.scratch import temporary
from weighlock.tree import GITLINK

_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?"
    rb"oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n?\Z"
)
"""https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""
_POINTS_AT_MOST = 1024
_CHUNK = 1 << 20


def hidden(subject: Subject) -> Iterator[Found]:
    """Yield what git cannot show: left out, ignored, a pointer, another repository."""
    for path in subject.delivery.left_out:
        yield found(
            "note", "git-hidden", "no tree can hold this; it is left out", path=path
        )
    for change in subject.changes:
        if change.new_mode == change.old_mode == GITLINK:
            told = "another repository's commit; its files were not looked at"
            yield found("note", "git-hidden", told, path=change.path)
        elif change.status != "D":
            yield from _pointer(subject, change.path)
    yield from _ignored(subject)


def _pointer(subject: Subject, path: str) -> Iterator[Found]:
    data = subject.new.read(path) or b""
    named = _POINTER.match(data) if len(data) <= _POINTS_AT_MOST else None
    if named is None:
        return
    oid, size = named[1].decode(), int(named[2])
    stored = subject.git.common_dir() / "lfs/objects" / oid[:2] / oid[2:4] / oid
    if _is(stored, oid, size):
        told = "a pointer of git-lfs; its content is stored, and was not looked at"
        yield found("note", "git-hidden", told, path=path)
    else:
        told = "a pointer of git-lfs to content that is not stored here"
        yield found("fail", "git-hidden", told, path=path)


def _is(stored: Path, oid: str, size: int) -> bool:
    """Say whether a file is there and is what a pointer says."""
    if not stored.is_file() or stored.stat().st_size != size:
        return False
    digest = hashlib.sha256()
    with stored.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest() == oid


def _ignored(subject: Subject) -> Iterator[Found]:
    """Name the planned files that are missing because a rule of the tree hides them."""
    wanted = [a.path for a in subject.planned if a.action in {"create", "modify"}]
    missing = [p for p in wanted if not _there(subject, p)]
    if missing:
        for path, rule in _rules(subject, missing):
            told = f"no tree holds it, for {rule} ignores it"
            yield found("note", "git-hidden", told, path=path)


def _there(subject: Subject, path: str) -> bool:
    folder = f"{path.rstrip('/')}/"
    known = subject.new.paths
    return path in known or any(p.startswith(folder) for p in known)


def _rules(subject: Subject, wanted: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Ask git, over the delivered ``.gitignore`` files and no other rule."""
    rules = [p for p in subject.new.paths if p.rpartition("/")[2] == ".gitignore"]
    if not rules:
        return
    with temporary(subject.scratch) as folder:
        git = Git(folder)
        git.run("init", "-q", "--template=")
        for path in rules:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(subject.new.read(path) or b"")
        asked = "".join(f"./{path}\0" for path in wanted).encode(errors="replace")
        words = ("check-ignore", "--no-index", "-v", "-z", "--stdin")
        said = git.run(*words, stdin=asked, codes=(0, 1)).decode(errors="replace")
    parts = said.split("\0")[:-1]
    for at in range(0, len(parts) - 3, 4):
        source, line, pattern, path = parts[at : at + 4]
        if not pattern.startswith("!"):
            yield path.removeprefix("./"), f"{source}:{line} ({pattern})"
