"""Where files come from: a work tree, or a commit; each knows its blobs by git."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from weighlock.git import Git
from weighlock.markers.grammar import HINT

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read; a longer one is no text of a person."""
_REGULAR = "100"
"""What the mode of a file begins with: no symbolic link, no submodule."""
_SEARCH = ("grep", "-l", "-z", "-a", "-E", "--no-recurse-submodules")

Listed = tuple[str, str]
"""Path and blob id; the id is empty when the bytes on disk are not the index's."""


class Place(Protocol):
    """A tree of files."""

    def listed(self) -> list[Listed]:
        """Return every file that may be text, in any order."""

    def read(self, files: Iterable[Listed]) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of those that can be read."""

    def hinted(self) -> set[str]:
        """Return the files of a known blob that may hold a marker, by git's search."""


class WorkTree:
    """Files as they are on disk: tracked ones, and untracked ones not ignored."""

    def __init__(self, git: Git) -> None:
        self._git = git

    def listed(self) -> list[Listed]:
        """Ask git once: what is tracked, what of it has changed, what is new.

        git compares what it cannot be sure of, so a file that was written in the same
        moment as the index is no trap.  What it was told not to look at is read.
        """
        found: dict[str, str] = {}
        others: list[str] = []
        lines = self._git.lines(
            *("ls-files", "-z", "-v", "-s", "-c", "-m", "-o", "--exclude-standard")
        )
        for line in lines:
            if line[0] != "H":
                others.append(line)
            elif line.startswith(_REGULAR, 2):
                meta, _, path = line.partition("\t")
                found[path] = meta[9:-2]
        for line in others:
            meta, tab, path = line.partition("\t")
            if not tab:
                path = line[2:]
            if not tab or meta.startswith(_REGULAR, 2):
                found[path] = ""
        return list(found.items())

    def read(self, files: Iterable[Listed]) -> Iterator[tuple[str, bytes]]:
        """Read from disk; what is gone, a link or a pipe is passed over."""
        root = os.fspath(self._git.cwd)
        for path, _ in files:
            try:
                handle = os.open(
                    os.path.join(root, path),  # noqa: PTH118 - half of the time
                    os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK,
                )
            except OSError:
                continue
            with open(handle, "rb", buffering=0) as file:  # noqa: PTH123 - a handle
                status = os.fstat(handle)
                if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST:
                    yield path, file.read()

    def hinted(self) -> set[str]:
        """Search the tracked files as they are on disk."""
        return set(_search(self._git))


class Commit:
    """Files of a commit or tree."""

    def __init__(self, git: Git, commit: str) -> None:
        self._git = git
        self._commit = commit

    def listed(self) -> list[Listed]:
        """Return the files of the tree with their blobs."""
        lines = self._git.lines("ls-tree", "-r", "-z", "--full-tree", self._commit)
        parted = (line.partition("\t") for line in lines if line.startswith(_REGULAR))
        return [(path, meta.rpartition(" ")[2]) for meta, _, path in parted]

    def read(self, files: Iterable[Listed]) -> Iterator[tuple[str, bytes]]:
        """Read blobs in one call."""
        wanted = list(files)
        asked = "".join(f"{blob}\n" for _, blob in wanted)
        out = self._git.run("cat-file", "--batch", stdin=asked.encode())
        at = 0
        for path, _ in wanted:
            end = out.index(b"\n", at)
            size = int(out[at:end].rpartition(b" ")[2])
            yield path, out[end + 1 : end + 1 + size]
            at = end + size + 2

    def hinted(self) -> set[str]:
        """Search the tree's blobs."""
        before = len(self._commit) + 1
        return {name[before:] for name in _search(self._git, self._commit)}


def _search(git: Git, *where: str) -> list[str]:
    """Let git look for markers; in the locale of bytes it takes a third of the time."""
    plain = replace(git, env={**git.env, "LC_ALL": "C"})
    out = plain.run(*_SEARCH, "-e", HINT.decode(), *where, codes=(0, 1))
    return out.decode(errors="surrogateescape").split("\0")
