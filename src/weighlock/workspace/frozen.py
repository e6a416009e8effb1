"""Turn a work tree into a commit of ours, whatever its own git directory says."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from weighlock.git import Git
from weighlock.tree import EXECUTABLE, GITLINK, REGULAR
from weighlock.workspace import history
from weighlock.workspace.gitdir import Origin, c_quoted, looking, writing
from weighlock.workspace.walk import (
    LARGE,
    Found,
    content,
    ignore_rules,
    object_id,
    size,
    walk,
)

DURABLE = ("-c", "core.fsync=committed", "-c", "core.fsyncMethod=batch")
"""Objects and refs are on disk before an event says that they exist."""

_REF = "refs/heads/frozen"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A work tree as a commit."""

    commit: str
    tree: str
    ancestor: bool
    """Whether the base is still an ancestor of the clone's own HEAD."""
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tree: mode and object id."""

    mode: int
    id: str


def freeze(
    work_tree: Path,
    base: str,
    message: str,
    *,
    source: Origin,
    scratch: Path,
    start: str | None = None,
) -> Frozen:
    """Write what a work tree holds into the user's object store, as a commit.

    The same content on the same base gives the same commit: author and date are
    fixed by the base.

    Args:
        work_tree: What the agent left.
        base: Commit id that it started from: the new commit's parent.
        message: The commit's message.
        source: The user's repository.
        scratch: Folder for our own short-lived git directory.
        start: Tree that was laid over the base when the room was opened.
    """
    ancestor, tracked = _clone(work_tree, base, source, scratch)
    root = os.fsencode(work_tree)
    with writing(source, scratch) as git:
        before = listing(git, base)
        laid = listing(git, start).keys() if start else set()
        found = _walked(git, root, before, tracked | laid)
        kept, new = _compare(root, before, found, source.format)
        with tempfile.TemporaryFile(dir=scratch) as stream:
            stream.write(preamble(_REF, base, date_of(git, base), message))
            _stream(stream, root, before, kept, new)
            stream.seek(0)
            git.run(*DURABLE, "fast-import", "--quiet", "--done", stdin=stream)
        commit, tree = git.text("rev-parse", _REF, f"{_REF}^{{tree}}").split("\n")
    left_out = tuple(sorted(os.fsdecode(path) for path in found.left_out))
    return Frozen(commit=commit, tree=tree, ancestor=ancestor, left_out=left_out)


def holds(
    work_tree: Path, tree: str, base: str, *, source: Origin, scratch: Path
) -> bool:
    """Say whether a work tree holds what it held when it was frozen as ``tree``."""
    _, tracked = _clone(work_tree, base, source, scratch)
    root = os.fsencode(work_tree)
    with writing(source, scratch) as git:
        before, then = listing(git, base), listing(git, tree)
        found = _walked(git, root, before, tracked)
        kept, new = _compare(root, before | then, found, source.format)
    return not new and kept == then


def listing(git: Git, tree: str) -> dict[bytes, Entry]:
    """Return every path of a commit or tree."""
    entries = {}
    for line in git.run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
        if line:
            meta, _, path = line.partition(b"\t")
            mode, _, name = meta.decode("ascii").split(" ")
            entries[path] = Entry(int(mode, 8), name)
    return entries


def date_of(git: Git, commit: str) -> str:
    """Return a commit's own date in git's raw form, UTC."""
    return git.text("show", "-s", "--format=%ct +0000", commit, "--")


def _clone(
    work_tree: Path, base: str, source: Origin, scratch: Path
) -> tuple[bool, set[bytes]]:
    """Return whether the clone still stands on base, and what its HEAD tracks."""
    tip = history.head(work_tree)
    if tip is None or tip == base:
        return tip == base, set()
    with looking(source, scratch, work_tree) as git:
        ancestor = history.descends(git, base, tip, source.format)
        seen = git.call("ls-tree", "-r", "-z", "--full-tree", "--name-only", tip)
        return ancestor, {path for path in seen.stdout.split(b"\0") if path}


def _walked(
    git: Git, root: bytes, before: Mapping[bytes, Entry], tracked: set[bytes]
) -> Found:
    links = [path for path, entry in before.items() if entry.mode == GITLINK]
    return walk(root, before.keys() | tracked, links, ignore_rules(git, root))


def _compare(
    root: bytes, before: Mapping[bytes, Entry], found: Found, algorithm: str
) -> tuple[dict[bytes, Entry], dict[bytes, int]]:
    """Sort what was found into what git has already and what is new, with its mode."""
    kept: dict[bytes, Entry] = {}
    new: dict[bytes, int] = {}
    for path, mode in found.files.items():
        full, old = root + b"/" + path, before.get(path)
        if old is not None and object_id(full, mode, algorithm) == old.id:
            same = mode == REGULAR and _plain(old.mode)
            kept[path] = old if same else Entry(mode, old.id)
        elif size(full) > LARGE:
            found.left_out.append(path)
        else:
            new[path] = mode
    for path in found.links:
        submodule = history.head(Path(os.fsdecode(root + b"/" + path)))
        kept[path] = Entry(GITLINK, submodule or before[path].id)
    return kept, new


def _plain(mode: int) -> bool:
    """Say whether a mode is an old spelling of a regular file, such as 100664."""
    return mode >> 12 == REGULAR >> 12 and mode != EXECUTABLE


def _stream(
    into: BinaryIO,
    root: bytes,
    before: Mapping[bytes, Entry],
    kept: Mapping[bytes, Entry],
    new: Mapping[bytes, int],
) -> None:
    """Write the difference to the base as commands of ``git fast-import``."""
    gone = before.keys() - kept.keys() - new.keys()
    into.writelines(b"D %s\n" % c_quoted(path) for path in gone)
    for path, entry in kept.items():
        if entry != before.get(path):
            line = b"M %o %s %s\n" % (entry.mode, entry.id.encode(), c_quoted(path))
            into.write(line)
    for path, mode in new.items():
        data = content(root + b"/" + path, mode)
        if data is not None:
            into.write(b"M %o inline %s\n%s" % (mode, c_quoted(path), sized(data)))
        elif path in before:
            into.write(b"D %s\n" % c_quoted(path))
    into.write(b"\ndone\n")


def preamble(ref: str, base: str, date: str, message: str) -> bytes:
    """Return the beginning of a commit in git's import language."""
    return (
        f"commit {ref}\ncommitter weighlock <weighlock@localhost> {date}\n".encode()
        + sized(message.encode("utf-8", "surrogateescape"))
        + f"from {base}\n".encode()
    )


def sized(data: bytes) -> bytes:
    """Return bytes as git's import language counts them."""
    return b"data %d\n%s\n" % (len(data), data)
