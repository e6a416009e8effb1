"""Read where an agent's clone stands, without running git in it.

Git in a directory that an agent wrote would obey its configuration.  So HEAD is read
as a file, and the commits behind it are looked at from a git directory of ours, each
checked against its own id: an agent can write any file, also false objects.
"""

import hashlib
import os
import re
import stat
from pathlib import Path

from weighlock.git import Git, GitError

_LIMIT = 16 * 1024 * 1024
_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NO_GRAPH = ("-c", "core.commitGraph=false", "-c", "core.multiPackIndex=false")


def head(work_tree: Path) -> str | None:
    """Return the commit id that the clone's HEAD names, or None when it is broken."""
    folder = work_tree / ".git"
    if folder.is_symlink() or not folder.is_dir():
        return None
    text = _small(folder / "HEAD").strip()
    if text.startswith("ref: "):
        text = _ref(folder, text.removeprefix("ref: ").strip())
    return text if _ID.fullmatch(text) else None


def descends(git: Git, base: str, tip: str, algorithm: str) -> bool:
    """Say whether ``base`` is ``tip`` or an ancestor of it, by honest commit ids.

    Args:
        git: A Git of ``gitdir.looking``.
        base: A commit of the user's own store.
        tip: The clone's HEAD.
        algorithm: Name of the repository's hash function.
    """
    if base == tip:
        return True
    try:
        if git.call(*_NO_GRAPH, "merge-base", "--is-ancestor", base, tip).returncode:
            return False
        new = git.run(*_NO_GRAPH, "rev-list", tip, f"^{base}", "--")
        return _honest(git.run("cat-file", "--batch", stdin=new), algorithm)
    except GitError:
        return False


def _honest(batch: bytes, algorithm: str) -> bool:
    """Say whether every object of a ``cat-file --batch`` answer has its own id."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        name, kind, size = batch[at:end].split(b" ")
        body = batch[end + 1 : end + 1 + int(size)]
        digest = hashlib.new(algorithm, usedforsecurity=False)
        digest.update(kind + b" " + size + b"\0" + body)
        if digest.hexdigest().encode() != name:
            return False
        at = end + 2 + int(size)
    return True


def _ref(folder: Path, name: str) -> str:
    if not name.startswith("refs/") or ".." in name.split("/"):
        return ""
    loose = _small(folder / name).strip()
    if loose:
        return loose
    for line in _small(folder / "packed-refs").splitlines():
        commit, _, ref = line.partition(" ")
        if ref == name:
            return commit
    return ""


def _small(path: Path) -> str:
    """Return a regular file's text; empty for anything else, a pipe included."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return ""
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        return file.read(_LIMIT).decode(errors="replace")
