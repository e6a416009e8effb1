"""Look at what really lies in a work tree: names, kinds and bytes, no index.

Everything here was written by an agent and is data.  Links are never followed, and
nothing is opened that could make the reader wait.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from weighlock.git import Git
from weighlock.tree import EXECUTABLE, REGULAR, SYMLINK

LARGE = 1 << 30
"""Bytes; a changed file above this is left out of a delivery, and said so."""

_CHUNK = 1 << 20
# Code points that HFS+ ignores in names, so that they could hide a ".git".
_IGNORABLE = dict.fromkeys(
    (*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF)
)

Ignored = Callable[[Collection[bytes]], set[bytes]]
"""Return those of the given paths that nobody delivers."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a walk met; paths are bytes relative to the work tree."""

    files: dict[bytes, int] = field(default_factory=dict)
    """Path → mode as git writes it: regular, executable, symbolic link."""
    links: list[bytes] = field(default_factory=list)
    """Submodules of the base whose place is still a folder of their own."""
    left_out: list[bytes] = field(default_factory=list)
    """What no tree can hold: pipes, sockets, devices, nested git directories."""


def walk(
    root: bytes, tracked: Collection[bytes], links: Collection[bytes], ignored: Ignored
) -> Found:
    """Find every file of a work tree that is delivered.

    A file counts when it is tracked, or when it is not ignored.  A git repository
    nested in the tree does not hide its files.

    Args:
        root: The work tree.
        tracked: Paths of the base and of the agent's own HEAD.
        links: Paths of the base's submodules.
        ignored: Asked once for each depth of the tree.
    """
    found = Found()
    above = _above(tracked)
    level = [b""]
    while level:
        files: dict[bytes, int] = {}
        folders: list[bytes] = []
        for folder in level:
            here, below = _look(root, folder, links, found)
            files |= here
            folders += below
        unknown = [p for p in files if p not in tracked]
        unknown += [p for p in folders if p not in above]
        dropped = ignored(unknown) if unknown else set()
        found.files.update((p, m) for p, m in files.items() if p not in dropped)
        level = [p for p in folders if p not in dropped]
    return found


def _above(paths: Iterable[bytes]) -> set[bytes]:
    """Return every folder that holds one of the paths."""
    above: set[bytes] = set()
    for path in paths:
        folder = path.rpartition(b"/")[0]
        while folder and folder not in above:
            above.add(folder)
            folder = folder.rpartition(b"/")[0]
    return above


def _look(
    root: bytes, folder: bytes, links: Collection[bytes], found: Found
) -> tuple[dict[bytes, int], list[bytes]]:
    """Return the files and folders in one folder; note what is neither."""
    entries = _entries(root + b"/" + folder if folder else root)
    files: dict[bytes, int] = {}
    folders: list[bytes] = []
    if folder in links and (not entries or any(e.name == b".git" for e in entries)):
        found.links.append(folder)
        found.left_out.extend([folder] if entries else [])
        return files, folders
    for entry in entries:
        path = folder + b"/" + entry.name if folder else entry.name
        if is_git_name(entry.name):
            found.left_out.extend([] if path == b".git" else [path])
        elif entry.is_dir(follow_symlinks=False):
            folders.append(path)
        elif mode := _mode(entry):
            files[path] = mode
        else:
            _leave_out(entry, path, found)
    return files, folders


def _entries(folder: bytes) -> list[os.DirEntry[bytes]]:
    try:
        if not os.access(folder, os.R_OK | os.X_OK):
            os.chmod(folder, 0o700)  # noqa: PTH101 - bytes
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _mode(entry: os.DirEntry[bytes]) -> int:
    """Return git's mode of a file or link, 0 for anything else."""
    if entry.is_symlink():
        return SYMLINK
    if not entry.is_file(follow_symlinks=False):
        return 0
    executable = entry.stat(follow_symlinks=False).st_mode & stat.S_IXUSR
    return EXECUTABLE if executable else REGULAR


def _leave_out(entry: os.DirEntry[bytes], path: bytes, found: Found) -> None:
    found.left_out.append(path)
    if entry.name == b".gitignore":
        # Git would open this pipe to read patterns, and wait for ever.
        with suppress(OSError):
            os.unlink(entry.path)  # noqa: PTH108 - bytes


def is_git_name(name: bytes) -> bool:
    """Say whether some file system would take a name for ``.git``.

    Git refuses such names in a tree: on another machine they would be its own
    directory (CVE-2014-9390).
    """
    if name[:1] != b"." and name[:3].lower() != b"git" and name[:1] < b"\x80":
        return False
    text = os.fsdecode(name).translate(_IGNORABLE).casefold()
    return text.partition(":")[0].rstrip(" .") in {".git", "git~1"}


def ignore_rules(git: Git, root: bytes) -> Ignored:
    """Return the rule of the tree's own ``.gitignore`` files and our excludes.

    Args:
        git: A Git of ``gitdir.writing``: its excludes are ours, not the clone's.
        root: The work tree.
    """
    folder = os.fsdecode(root)
    env = {**git.env, "GIT_WORK_TREE": folder}
    here = Git(Path(folder), env, timeout_s=git.timeout_s)

    def ignored(paths: Collection[bytes]) -> set[bytes]:
        # "./" keeps names like ":(glob)x" from being read as path patterns.
        asked = b"\0".join(b"./" + path for path in paths)
        out = here.run(
            *("check-ignore", "-z", "--stdin", "--no-index"), stdin=asked, codes=(0, 1)
        )
        return {path.removeprefix(b"./") for path in out.split(b"\0") if path}

    return ignored


def object_id(path: bytes, mode: int, algorithm: str) -> str | None:
    """Return the blob id of what lies at an absolute path; None when it is gone."""
    if mode == SYMLINK:
        target = content(path, mode)
        return None if target is None else blob_id(target, algorithm)
    descriptor = _open(path)
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.new(algorithm, b"blob %d\0" % size, usedforsecurity=False)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content(path: bytes, mode: int) -> bytes | None:
    """Return the bytes of a file or the target of a link; None when it is gone."""
    if mode == SYMLINK:
        with suppress(OSError):
            return os.readlink(path)  # noqa: PTH115 - bytes
        return None
    descriptor = _open(path)
    if descriptor is None:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def size(path: bytes) -> int:
    """Return how many bytes lie at an absolute path; 0 when it is gone."""
    with suppress(OSError):
        return os.lstat(path).st_size
    return 0


def blob_id(data: bytes, algorithm: str) -> str:
    """Return the id that git gives to a blob of these bytes."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return digest.hexdigest()


def _open(path: bytes) -> int | None:
    """Open a regular file and nothing else, without waiting."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags)
    except PermissionError:
        os.chmod(path, 0o600)  # noqa: PTH101 - bytes
        descriptor = os.open(path, flags)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return descriptor
