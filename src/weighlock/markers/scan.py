"""A tree of files → its markers, read as little as can be."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from weighlock.git import Git
from weighlock.markers import kept as keeping
from weighlock.markers import stands
from weighlock.markers.grammar import FIRST_LOOK
from weighlock.markers.kept import Kept
from weighlock.markers.places import Commit, Listed, Place, WorkTree
from weighlock.markers.text import rows
from weighlock.run.trace.marker import Marker
from weighlock.syntax.language import is_test

_FEW = 400
"""Files that are read here; when there are more, git's own search reads them first."""
_SHA256 = 64
"""Characters of an id in a repository of the newer kind."""


def scan(
    repo: Path,
    *,
    commit: str | None = None,
    without: Collection[str] = (),
    nodes: bool = False,
    cache: Path | None = None,
) -> tuple[Marker, ...]:
    """Return every marker of a repository, by path, line and column.

    Args:
        repo: The root of the work tree, or any git directory when a commit is given.
        commit: A commit or tree to read; None reads the work tree: tracked files as
            they are on disk, and untracked ones that are not ignored.
        without: Files, and folders with all that is below, that are not looked at:
            the plan itself.  Relative to the root, POSIX slashes.
        nodes: Whether to say which function, class or test each marker stands on.
        cache: A file that keeps what was found by blob id; None keeps nothing.

    Raises:
        GitError: There is no repository, or no such commit.
    """
    git = Git(repo)
    place: Place = Commit(git, commit) if commit else WorkTree(git)
    reader = _Reader(place=place, kept=keeping.load(cache), nodes=nodes)
    found = reader.markers(tuple(f"{name.strip('/')}/" for name in without))
    keeping.save(cache, reader.kept, reader.used)
    return found


@dataclass(slots=True, kw_only=True)
class _Reader:
    """One scan: what is known, and what has to be read."""

    place: Place
    kept: Kept
    nodes: bool
    used: set[str] = field(default_factory=set)
    """Blobs of this tree."""
    data: dict[str, bytes] = field(default_factory=dict)
    """Bytes of files that were read and may hold a marker."""

    def markers(self, without: tuple[str, ...]) -> tuple[Marker, ...]:
        """Return the markers of all files but some, in the order of their paths."""
        files = self._known(self._listed(), without)
        marked = {path: blob for path, blob in files if blob in self.kept.rows}
        places = sorted(marked)
        if self.nodes:
            self._stand(marked)
        return tuple(
            marker for path in places for marker in self._made(path, marked[path])
        )

    def _listed(self) -> list[Listed]:
        """List the tree; where most of it is unknown, let git's search go before.

        What changes between the two is on the list as changed, and is read again.
        """
        kept = self.kept
        listed = self.place.listed() if kept.size else []
        unknown = {blob for _, blob in listed} - kept.plain - kept.rows.keys()
        if not listed or len(unknown) > _FEW:
            hinted = self.place.hinted()
            listed = self.place.listed()
            kept.plain.update(b for path, b in listed if b and path not in hinted)
        self.used = {blob for _, blob in listed}
        return listed

    def _known(self, listed: list[Listed], without: tuple[str, ...]) -> list[Listed]:
        """Read what is not known; every file has a blob id afterwards."""
        plain, known = self.kept.plain, self.kept.rows
        rest = [each for each in listed if each[1] not in plain]
        rest = [e for e in rest if not without or not f"{e[0]}/".startswith(without)]
        wanted = [each for each in rest if each[1] not in known]
        files = [each for each in rest if each[1] in known]
        blobs = dict(wanted)
        for path, data in self.place.read(wanted):
            files += self._look(path, blobs[path], data)
        return files

    def _look(self, path: str, blob: str, data: bytes) -> Iterator[Listed]:
        """Read a text, and keep what it says by what its bytes are."""
        actual = _blob(data, blob)
        found = rows(data) if FIRST_LOOK.search(data) else []
        if found:
            self.kept.rows.setdefault(actual, found)
            self.used.add(actual)
            self.data[path] = data
            yield path, actual
        elif actual == blob:
            self.kept.plain.add(blob)

    def _stand(self, marked: dict[str, str]) -> None:
        """Find the nodes of markers where they are not known."""
        new = {
            path: blob
            for path, blob in marked.items()
            if stands.key(path, blob) not in self.kept.stands
        }
        unread = [(path, blob) for path, blob in new.items() if path not in self.data]
        for path, data in (*self.data.items(), *self.place.read(unread)):
            if path in new:
                blob = new[path]
                name = stands.key(path, blob)
                found = stands.find(path, data, self.kept.rows[blob])
                self.kept.stands[name] = found

    def _made(self, path: str, blob: str) -> list[Marker]:
        found = self.kept.rows[blob]
        known = self.kept.stands.get(stands.key(path, blob)) if self.nodes else None
        return stands.markers(path, found, known, tests=is_test(path))


def _blob(data: bytes, like: str) -> str:
    """Return git's id of a file's bytes, of the same kind as another."""
    whole = b"blob %d\0%b" % (len(data), data)
    if len(like) == _SHA256:
        return hashlib.sha256(whole).hexdigest()
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest()
